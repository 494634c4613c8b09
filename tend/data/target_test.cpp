#include "tend/data/target.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tend::target_test {
namespace {

Dataset targets(std::vector<double> values, std::int64_t width = 1, const std::string& task = "", const Dataset* like = nullptr) {
  Array y({static_cast<std::int64_t>(values.size()) / width, width}, ElementType::float64);
  std::copy(values.begin(), values.end(), y.as<double>());
  DataSettings settings;
  settings.task = task;
  Dataset d;
  set_targets(d, y, {}, settings, like, false, "t");
  return d;
}

TEST(Target, few_whole_numbers_are_classes_coded_by_sorted_value) {
  const Dataset d = targets({7, -1, 3, 7});
  EXPECT_EQ(d.task, Task::classification);
  EXPECT_EQ(d.classes, (std::vector<std::string>{"-1", "3", "7"}));
  EXPECT_EQ(d.class_values, (std::vector<double>{-1, 3, 7}));
  EXPECT_EQ(std::vector<double>(d.y.as<double>(), d.y.as<double>() + 4), (std::vector<double>{2, 0, 1, 2}));
}
TEST(Target, more_than_twenty_whole_numbers_or_fractions_are_a_regression) {
  std::vector<double> many;
  for (int i = 0; i < 20; ++i) many.push_back(i);
  EXPECT_EQ(targets(many).task, Task::classification);
  many.push_back(20);
  EXPECT_EQ(targets(many).task, Task::regression);
  EXPECT_EQ(targets({1, 1.5}).task, Task::regression);
  EXPECT_EQ(targets({1, 1.5}, 1, "classification").classes, (std::vector<std::string>{"1", "1.5"}));
}
TEST(Target, of_one_value_is_refused) {
  EXPECT_THROW(targets({3, 3, 3}), Error);
  EXPECT_THROW(targets({5.5, 5.5, 5.5}), Error);
}
TEST(Target, several_columns_are_labels_where_all_are_0_or_1) {
  EXPECT_EQ(targets({0, 1, 1, 1}, 2).task, Task::multilabel);
  EXPECT_EQ(targets({0, 1, 2, 1}, 2).task, Task::regression);
  EXPECT_THROW(targets({0, 1, 2, 1}, 2, "classification"), Error);
}
TEST(Target, one_hot_columns_are_classes) {
  const Dataset d = targets({0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1}, 3);
  EXPECT_EQ(d.task, Task::classification);
  EXPECT_EQ(d.classes, (std::vector<std::string>{"0", "1", "2"}));
  EXPECT_EQ(std::vector<double>(d.y.as<double>(), d.y.as<double>() + 4), (std::vector<double>{2, 0, 1, 2}));
  ASSERT_EQ(d.notes.size(), 1u);
  EXPECT_NE(d.notes[0].text.find("exactly one 1 in each row"), std::string::npos);
  EXPECT_EQ(targets({0, 1, 0}, 3, "", &d).y.as<double>()[0], 1);
  EXPECT_EQ(targets({0, 1, 1, 0}, 2, "multilabel").task, Task::multilabel);
}
TEST(Target, a_target_with_one_value_is_an_error) {
  EXPECT_THROW(targets({1, 1, 1}), Error);
  EXPECT_NO_THROW(targets({1}));
}
/// n values that repeat 0 .. classes - 1.
std::vector<double> repeated(int n, int classes) {
  std::vector<double> values;
  for (int i = 0; i < n; ++i) values.push_back(i % classes);
  return values;
}
std::string refusal(const std::vector<double>& values, std::int64_t width = 1, const std::string& task = "") {
  try {
    targets(values, width, task);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}
bool has(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

TEST(Target, a_few_bad_cells_make_no_other_task_but_an_error) {
  std::vector<double> halves = repeated(200, 2);
  halves[7] = 0.5;
  EXPECT_TRUE(has(refusal(halves), "199 of 200 cells of the target \"target_0\" are whole numbers with 2 values"))
      << refusal(halves);
  EXPECT_TRUE(has(refusal(halves), "0.5, row 7") && has(refusal(halves), "data.task=regression")) << refusal(halves);
  EXPECT_EQ(refusal(halves, 1, "regression"), "");
  EXPECT_EQ(targets(halves, 1, "classification").classes.size(), 3u);
  std::vector<double> some = repeated(200, 2);
  for (int i = 0; i < 10; ++i) some[static_cast<std::size_t>(i)] = i + 0.25;
  EXPECT_EQ(targets(some).task, Task::regression);

  std::vector<double> labels = repeated(200, 2);
  labels[3] = 1;  // rows (0, 1), one (1, 1) ... of two columns
  for (std::size_t i = 0; i < 200; i += 6) labels[i] = 1;
  labels[151] = 2;
  EXPECT_TRUE(has(refusal(labels, 2), "199 of 200 cells of the 2 target columns are 0 or 1")) << refusal(labels, 2);
  EXPECT_TRUE(has(refusal(labels, 2), "2 of \"target_1\", row 75")) << refusal(labels, 2);
}
TEST(Target, a_row_without_a_1_among_one_hot_rows_is_an_error) {
  std::vector<double> rows;
  for (int i = 0; i < 100; ++i)
    for (int k = 0; k < 3; ++k) rows.push_back(i % 3 == k && i != 4);
  EXPECT_TRUE(has(refusal(rows, 3), "99 of 100 rows have exactly one 1") && has(refusal(rows, 3), "0, 0, 0, row 4"))
      << refusal(rows, 3);
  EXPECT_EQ(targets(rows, 3, "multilabel").task, Task::multilabel);
}
TEST(Target, many_numbers_that_are_rare_are_no_classes) {
  std::vector<double> prices;
  for (int i = 0; i < 20; ++i) prices.push_back(200000 + 137 * i);
  EXPECT_EQ(targets(prices).task, Task::regression);
  prices.insert(prices.end(), prices.begin(), prices.end());
  EXPECT_EQ(targets(prices).task, Task::classification);
}
TEST(Target, classes_of_a_part_are_those_of_the_source) {
  const Dataset source = targets({2, 4, 6});
  EXPECT_EQ(targets({6, 6}, 1, "", &source).y.as<double>()[0], 2);
  EXPECT_THROW(targets({5}, 1, "", &source), Error);
  const Dataset numbers = targets({0.5, 1.5});
  EXPECT_EQ(targets({1, 2}, 1, "", &numbers).task, Task::regression);
}
TEST(Target, numbers_have_the_fewest_digits_that_read_back) {
  EXPECT_EQ(number_text(3), "3");
  EXPECT_EQ(number_text(0.1), "0.1");
  EXPECT_EQ(number_text(-12), "-12");
}

}  // namespace
}  // namespace tend::target_test
