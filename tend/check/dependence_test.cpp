#include "tend/check/dependence.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tend/base/random.h"

namespace tend::dependence_test {

namespace {

/// `rows` rows of `columns` normal numbers, the first of which is near the target.
std::vector<float> columns_of(const SampleRows& sample, std::int64_t rows, std::int64_t columns, double scale) {
  std::vector<float> x;
  Random random(4, purpose("test"));
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t f = 0; f < columns; ++f)
      x.push_back(
          static_cast<float>(random.normal() + (f == 0 ? scale * sample.y[static_cast<std::size_t>(r * sample.targets)] : 0)));
  return x;
}

SampleRows classes_of(std::int64_t rows, std::int64_t classes) {
  SampleRows s;
  for (std::int64_t r = 0; r < rows; ++r) s.y.push_back(static_cast<double>(r * 7 % classes));
  return s;
}

}  // namespace

TEST(PermutationTest, finds_the_same_correlation_by_classes_as_row_by_row) {
  const SampleRows sample = classes_of(300, 3);
  TargetVectors targets = TargetVectors::of(sample, 300, Task::classification, 3);
  const std::vector<float> x = columns_of(sample, 300, 4, 1);
  const PermutationTest by_class = test_columns(x, 4, targets, 1);
  targets.codes.clear();
  const PermutationTest by_row = test_columns(x, 4, targets, 1);
  EXPECT_NEAR(by_class.value, by_row.value, 1e-5);
  EXPECT_NEAR(by_class.mean, by_row.mean, 1e-5);
  EXPECT_GT(by_class.z(), 10);
}

TEST(PermutationTest, of_columns_takes_fewer_rows_where_there_are_many_labels) {
  SampleRows labels;
  labels.targets = 500;
  Random random(5, purpose("test"));
  for (int i = 0; i < 2000 * 500; ++i) labels.y.push_back(random.uniform() < 0.3);
  const PermutationTest found = test_columns(columns_of(labels, 2000, 30, 4), 30,
                                             TargetVectors::of(labels, 2000, Task::multilabel, 0), 1);
  EXPECT_GT(found.z(), 4) << "on fewer rows";
}

}  // namespace tend::dependence_test
