#include <cmath>

#include <gtest/gtest.h>

#include "tend/prepare/test_rows.h"

namespace tend::piecewise_linear_test {
namespace {

using namespace test;
using Floats = std::vector<float>;

TEST(PiecewiseLinear, says_how_far_a_number_has_come_through_each_bin) {
  // two rows in the first bin, then the edge 2
  const Fitted f = fit("[{ piecewise_linear = 2 }]", table({{0}, {1}, {2}, {6}, {10}}), table({{4}, {-5}, {99}}));
  EXPECT_EQ(f.train(), (Floats{0, 0, 0, 1, 0.5, 0, 2, 1, 0, 6, 1, 0.5, 10, 1, 1}));
  EXPECT_EQ(f.validation(), (Floats{4, 1, 0.25, -5, 0, 0, 99, 1, 1}));
}
TEST(PiecewiseLinear, a_value_of_many_rows_takes_one_bin_and_columns_of_two_values_do_not_change) {
  const Fitted f = fit("[{ piecewise_linear = 4 }]",
                       table({{0, 1}, {0, 1}, {0, 2}, {0, 1}, {0, 1}, {0, 1}, {4, 2}, {5, 2}, {8, 1}, {9, 2}}));
  // edges of the first column: 0, 4, 5, 8, 9
  const Floats x = f.train();
  ASSERT_EQ(x.size(), 10u * 6);
  EXPECT_EQ(Floats(x.begin() + 42, x.begin() + 48), (Floats{5, 1, 1, 0, 0, 2}));
  EXPECT_EQ(Floats(x.begin() + 54, x.begin() + 60), (Floats{9, 1, 1, 1, 1, 2}));
}
TEST(PiecewiseLinear, a_nearly_constant_column_has_no_bin_in_which_other_rows_seem_far_away) {
  const Fitted f = fit("[{ piecewise_linear = 4 }]", table({{1}, {1 + 1e-9}, {1 + 2e-9}, {1 + 3e-9}, {5}}), table({{3}}));
  for (const float t : f.validation()) EXPECT_LE(std::abs(t), 3);
}
TEST(PiecewiseLinear, missing_values_stay_missing_and_codes_wait) {
  const Dataset d = table({{0, 1}, {1, NAN}, {0, 3}, {1, 2}}, {{"colour", {"blue", "red"}}, {"x", {}}});
  const Floats x = fit("[{ piecewise_linear = 2 }, 'one_hot']", d).train();
  ASSERT_EQ(x.size(), 4u * 5);
  EXPECT_TRUE(std::isnan(x[7]) && std::isnan(x[8]) && std::isnan(x[9]));
  EXPECT_EQ(x[6], 1);
}
TEST(PiecewiseLinear, is_the_same_after_saving_and_refuses_images) {
  const Fitted f = fit("['piecewise_linear']", table({{0, 3}, {1, 1}, {2, 2}, {9, 4}}));
  EXPECT_EQ(applied(f.pipeline, table({{0, 3}, {1, 1}, {2, 2}, {9, 4}})), f.train());
  EXPECT_NE(refusal([] {
              fit("['piecewise_linear']", images({2, 1, 2, 2}, {0, 10, 2, 10, 4, 30, 6, 30}));
            }).find("leave the step out"),
            std::string::npos);
}

}  // namespace
}  // namespace tend::piecewise_linear_test
