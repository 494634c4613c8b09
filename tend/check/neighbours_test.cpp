#include "tend/check/neighbours.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::neighbours_test {

namespace {

/// The nearest others of a row by plain loops.
std::vector<std::int32_t> nearest_by_hand(const std::vector<float>& x, std::int64_t size, std::int64_t row, std::size_t k) {
  std::vector<std::pair<double, std::int32_t>> all;
  for (std::int64_t r = 0; r < static_cast<std::int64_t>(x.size()) / size; ++r) {
    double square = 0;
    for (std::int64_t f = 0; f < size; ++f)
      square += std::pow(
          static_cast<double>(x[static_cast<std::size_t>(r * size + f)] - x[static_cast<std::size_t>(row * size + f)]), 2);
    if (r != row) all.emplace_back(square, static_cast<std::int32_t>(r));
  }
  std::sort(all.begin(), all.end());
  std::vector<std::int32_t> rows;
  for (std::size_t i = 0; i < k; ++i) rows.push_back(all[i].second);
  return rows;
}

}  // namespace

TEST(Neighbours, equal_those_of_plain_loops) {
  const Training training(small_experiment(R"([{ dense = 1 }])", "", true), small_values(120));
  const tend::Setup setup(training);
  const Neighbours& n = setup.neighbours();
  ASSERT_EQ(n.within_train.count, 96);
  ASSERT_EQ(n.from_validation.count, 24);
  EXPECT_EQ(n.within_validation.count, 0);  // fewer than 30
  for (std::int64_t r = 0; r < 96; r += 7) {
    const auto* rows = n.within_train.rows.data() + r * n.within_train.kept;
    EXPECT_EQ(std::vector<std::int32_t>(rows, rows + 4), nearest_by_hand(n.train, 3, r, 4));
  }
}

TEST(Neighbours, count_columns_by_their_deviation) {
  Dataset wide = small_values();
  for (std::int64_t r = 0; r < wide.rows(); ++r) wide.x.as<double>()[3 * r] = 1e6 * wide.x.as<double>()[3 * r] + 5e6;
  const Training plain(small_experiment(R"([{ dense = 1 }])", "", true), small_values()),
      scaled(small_experiment(R"([{ dense = 1 }])", "", true), wide);
  const tend::Setup a(plain), b(scaled);
  EXPECT_EQ(a.neighbours().within_train.rows, b.neighbours().within_train.rows);
}

TEST(Neighbours, predict_classes_and_values_of_validation_rows) {
  const Training classes(small_experiment(R"([{ dense = 3 }])"), small_classes()),
      values(small_experiment(R"([{ dense = 1 }])", "", true), small_values());
  EXPECT_GT(*tend::Setup(classes).neighbour_skill(), 0.9);
  EXPECT_GT(*tend::Setup(values).neighbour_skill(), 0.7);
  EXPECT_LT(*tend::Setup(values).neighbour_skill(), 1);
}

TEST(Neighbours, are_not_computed_for_few_rows) {
  const Training training(small_experiment(R"([{ dense = 3 }])"), small_classes(12));
  EXPECT_TRUE(tend::Setup(training).neighbours().empty());
  EXPECT_FALSE(tend::Setup(training).neighbour_skill());
}

TEST(Neighbours, are_the_same_for_any_number_of_threads) {
  TrainingOptions one, three;
  one.threads = 1;
  three.threads = 3;
  const Training a(small_experiment(R"([{ dense = 3 }])"), small_classes(), one),
      b(small_experiment(R"([{ dense = 3 }])"), small_classes(), three);
  EXPECT_EQ(tend::Setup(a).neighbours().within_train.rows, tend::Setup(b).neighbours().within_train.rows);
}

}  // namespace tend::neighbours_test
