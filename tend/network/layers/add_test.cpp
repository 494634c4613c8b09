#include "tend/network/layers/add.h"

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::add_test {
namespace {

TEST(Add, sums_inputs_of_one_shape) {
  const auto run = run_layer(Add{}, {{2}, {2}, {2}}, {{1, 2}, {10, 20}, {100, 200}}, {}, {1, 1}, 1);
  EXPECT_EQ(run.output, (std::vector<double>{111, 222}));
}

TEST(Add, names_both_shapes_that_differ) {
  try {
    Add{}.layout({{2}, {3}});
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(e.got.find("[2] and [3]"), std::string::npos);
  }
}

}  // namespace
}  // namespace tend::add_test
