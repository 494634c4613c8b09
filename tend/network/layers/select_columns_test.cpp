#include "tend/network/layers/select_columns.h"

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::select_columns_test {
namespace {

using Numbers = std::vector<double>;

TEST(SelectColumns, takes_those_that_are_named) {
  const auto run = run_layer(SelectColumns{{1, 2, 4}}, {{5}}, {{0, 1, 2, 3, 4, 10, 11, 12, 13, 14}}, {}, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(run.output, (Numbers{1, 2, 4, 11, 12, 14}));
  EXPECT_EQ(run.input_gradients[0], (Numbers{0, 1, 2, 0, 3, 0, 4, 5, 0, 6}));
}

TEST(SelectColumns, refuses_numbers_that_are_no_columns) {
  for (const Numbers& wrong : {Numbers{}, Numbers{3}, Numbers{1, 1}, Numbers{2, 1}, Numbers{0.5}})
    EXPECT_THROW(SelectColumns{wrong}.layout({{3}}), Error);
}

}  // namespace
}  // namespace tend::select_columns_test
