#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tend/prepare/test_rows.h"

namespace tend::impute_test {
namespace {

using namespace test;
const double nan = std::nan("");
using Floats = std::vector<float>;

TEST(Impute, numbers_get_the_median_and_categories_the_most_frequent_level) {
  const Dataset d = table({{1, 0}, {nan, 1}, {10, 1}, {4, nan}, {2, 0}}, {{"x", {}}, {"c", {"a", "b"}}});
  const Fitted f = fit("['impute']", d, table({{nan, nan}}, d.columns));
  // known: 1 2 4 10 -> 3; a and b occur twice each: the first in order is used
  EXPECT_EQ(f.train(), (Floats{1, 0, 3, 1, 10, 1, 4, 0, 2, 0}));
  EXPECT_EQ(f.validation(), (Floats{3, 0}));
  ASSERT_EQ(f.notes.size(), 1u);
  EXPECT_EQ(f.notes[0].text, "impute filled 2 missing values of the training rows, in: x, c");
}
TEST(Impute, a_median_of_an_odd_number_is_the_middle_one) {
  EXPECT_EQ(fit("['impute']", table({{9}, {1}, {2}, {nan}})).train()[3], 2);
}
TEST(Impute, a_column_without_values_gets_zeros) { EXPECT_EQ(fit("['impute']", table({{nan}, {nan}})).train(), (Floats{0, 0})); }
TEST(Impute, fills_codes_that_wait_for_one_hot) {
  const Dataset d = table({{1}, {nan}, {1}}, {{"c", {"a", "b"}}});
  EXPECT_EQ(fit("['impute', 'one_hot']", d).train(), (Floats{0, 1, 0, 1, 0, 1}));
}
TEST(Impute, images_of_floats_get_the_median_of_their_channel) {
  Dataset d = images({1, 1, 3, 1}, {0, 0, 0});
  d.x = Array({1, 1, 3, 1}, ElementType::float32);
  d.x.as<float>()[0] = 2;
  d.x.as<float>()[1] = NAN;
  d.x.as<float>()[2] = 4;
  EXPECT_EQ(fit("['impute']", d).train(), (Floats{2, 3, 4}));
}

}  // namespace
}  // namespace tend::impute_test
