#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tend/prepare/test_rows.h"

namespace tend::one_hot_test {
namespace {

using namespace test;
const double nan = std::nan("");
using Floats = std::vector<float>;

TEST(OneHot, a_category_becomes_a_column_for_each_level_where_it_stood) {
  const Dataset d = table({{5, 1, 6}, {7, nan, 8}, {9, 2, 0}}, {{"a", {}}, {"c", {"x", "y", "z"}}, {"b", {}}});
  const Fitted f = fit("['one_hot']", d);
  EXPECT_EQ(f.train(), (Floats{5, 0, 1, 0, 6, 7, 0, 0, 0, 8, 9, 0, 0, 1, 0}));
  EXPECT_EQ(f.pipeline.row_shape(), (Shape{5}));
  EXPECT_EQ(f.pipeline.columns().size(), 3u);
  EXPECT_EQ(applied(f.pipeline, d), f.train());
}
TEST(OneHot, tables_of_numbers_and_images_stay) {
  EXPECT_EQ(fit("['one_hot']", table({{1, 2}})).train(), (Floats{1, 2}));
  EXPECT_EQ(fit("['one_hot']", images({1, 1, 2, 1}, {4, 5})).train(), (Floats{4, 5}));
}

}  // namespace
}  // namespace tend::one_hot_test
