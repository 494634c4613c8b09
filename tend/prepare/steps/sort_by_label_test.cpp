#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tend/prepare/test_rows.h"

namespace tend::sort_by_label_test {
namespace {

using namespace test;
const double nan = std::nan("");
using Floats = std::vector<float>;

TEST(SortByLabel, orders_rows_by_target_and_keeps_the_order_of_equals) {
  const Fitted f = fit("[{sort_by_label = true}]", table({{1}, {2}, {3}, {4}, {5}}));
  EXPECT_EQ(f.train(), (Floats{1, 3, 5, 2, 4}));
  EXPECT_EQ(f.targets(), (std::vector<double>{0, 0, 0, 1, 1}));
}
TEST(SortByLabel, images_go_with_their_labels) {
  EXPECT_EQ(fit("['sort_by_label']", images({4, 1, 2, 1}, {1, 2, 3, 4, 5, 6, 7, 8})).train(), (Floats{1, 2, 5, 6, 3, 4, 7, 8}));
}

}  // namespace
}  // namespace tend::sort_by_label_test
