#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tend/prepare/test_rows.h"

namespace tend::corrupt_labels_test {
namespace {

using namespace test;
const double nan = std::nan("");
using Floats = std::vector<float>;

TEST(CorruptLabels, a_share_of_the_rows_gets_another_class) {
  std::vector<std::vector<double>> rows(200, {1.0});
  Dataset d = table(rows);
  d.classes = {"a", "b", "c"};
  const Fitted f = fit("[{corrupt_labels = 0.25}]", d);
  int changed = 0;
  for (std::size_t i = 0; i < 200; ++i) {
    const double before = d.y.as<double>()[i], after = f.targets()[i];
    EXPECT_TRUE(after == 0 || after == 1 || after == 2);
    changed += before != after;
  }
  EXPECT_EQ(changed, 50);
  EXPECT_EQ(fit("[{corrupt_labels = 0.25}]", d).targets(), f.targets());
  EXPECT_NE(fit("[{corrupt_labels = 0.25, seed = 9}]", d).targets(), f.targets());
}
TEST(CorruptLabels, in_a_regression_rows_exchange_their_targets) {
  Dataset d = table({{1}, {2}, {3}, {4}, {5}, {6}});
  d.task = Task::regression;
  d.classes.clear();
  for (int i = 0; i < 6; ++i) d.y.as<double>()[i] = i * 10;
  std::vector<double> y = fit("[{corrupt_labels = 1.0}]", d).targets();
  EXPECT_NE(y, (std::vector<double>{0, 10, 20, 30, 40, 50}));
  std::sort(y.begin(), y.end());
  EXPECT_EQ(y, (std::vector<double>{0, 10, 20, 30, 40, 50}));
}
TEST(CorruptLabels, what_was_read_stays_as_it_was_and_the_step_is_not_kept) {
  const Dataset d = table({{1}, {2}});
  const Fitted f = fit("[{corrupt_labels = 1.0}]", d);
  EXPECT_EQ(d.y.as<double>()[0], 0);
  EXPECT_EQ(f.targets(), (std::vector<double>{1, 0}));
  EXPECT_TRUE(f.pipeline.to_value().find("steps")->array_items().empty());
  EXPECT_THROW(fit("[{corrupt_labels = 1.5}]", d), Error);
}

}  // namespace
}  // namespace tend::corrupt_labels_test
