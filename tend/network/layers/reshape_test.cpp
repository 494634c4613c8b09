#include "tend/network/layers/reshape.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::reshape_test {
namespace {

Shape reshaped(const Shape& x, Value::Array sizes) { return Reshape{.sizes = std::move(sizes)}.layout({x}).output; }

TEST(Reshape, takes_sizes_one_of_which_may_be_what_is_left) {
  EXPECT_EQ(reshaped({12}, {2, 3, 2}), (Shape{2, 3, 2}));
  EXPECT_EQ(reshaped({2, 6}, {-1, 4}), (Shape{3, 4}));
  EXPECT_EQ(Reshape{}.layout({{2, 3}}).output, Shape{6});
}

TEST(Reshape, refuses_sizes_that_do_not_fit) {
  EXPECT_THROW(reshaped({12}, {5, -1}), Error);
  EXPECT_THROW(reshaped({12}, {3, 3}), Error);
  EXPECT_THROW(reshaped({12}, {-1, -1}), Error);
  EXPECT_THROW(reshaped({12}, {0, 12}), Error);
  EXPECT_THROW(reshaped({12}, {"a"}), Error);
}

}  // namespace
}  // namespace tend::reshape_test
