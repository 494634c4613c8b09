#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tend/prepare/test_rows.h"

namespace tend::shuffle_labels_test {
namespace {

using namespace test;
const double nan = std::nan("");
using Floats = std::vector<float>;

TEST(ShuffleLabels, deals_the_same_targets_anew) {
  std::vector<std::vector<double>> rows(50, {1.0});
  Dataset d = table(rows);
  d.task = Task::regression;
  d.classes.clear();
  std::vector<double> before;
  for (int i = 0; i < 50; ++i) before.push_back(d.y.as<double>()[i] = i);
  std::vector<double> y = fit("[{shuffle_labels = true}]", d).targets();
  EXPECT_NE(y, before);
  EXPECT_EQ(fit("['shuffle_labels']", d).targets(), y);
  std::sort(y.begin(), y.end());
  EXPECT_EQ(y, before);
}

}  // namespace
}  // namespace tend::shuffle_labels_test
