#include "tend/check/checks/telling_columns.h"

#include <functional>

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::telling_columns_test {

namespace {

/// small_classes with its first column replaced by the class, by the number of the row, or not at all.
CheckResult result(const std::string& column, const std::string& split = "shuffle") {
  Dataset data = small_classes();
  for (std::int64_t r = 0; r < data.rows(); ++r)
    if (column != "own") data.x.as<double>()[2 * r] = column == "class" ? 10 * data.y.as<double>()[r] : static_cast<double>(r);
  Experiment e = small_experiment("[{ dense = 3 }]");
  e.data.split = split;
  const Training training(e, data);
  return TellingColumns{}.run(Setup(training)).at(0);
}

}  // namespace

TEST(TellingColumns, names_a_column_that_repeats_the_target) {
  const CheckResult r = result("class");
  EXPECT_EQ(r.verdict, Verdict::warn);
  EXPECT_EQ(r.cause, "data-leak");
  EXPECT_EQ(r.advice, "Add \"0\" to data.ignore.");
}

TEST(TellingColumns, names_a_column_that_counts_rows_which_are_split_at_random) {
  EXPECT_EQ(result("row").verdict, Verdict::warn);
  EXPECT_EQ(result("row", "last").verdict, Verdict::pass);
}

/// Rows of two classes with a column that says nothing, one that is the class plus some noise, and one of interest.
Dataset with_third_column(const std::function<double(std::int64_t row, double code)>& third,
                          std::vector<std::string> levels = {}) {
  const std::int64_t n = 300;
  Array x(Shape({n, 3}), ElementType::float64), y(Shape({n, 1}), ElementType::float64);
  for (std::int64_t r = 0; r < n; ++r) {
    const double code = static_cast<double>(r * 7 % 5 < 2);
    y.as<double>()[r] = code;
    x.as<double>()[3 * r] = static_cast<double>(r * 31 % 97);
    x.as<double>()[3 * r + 1] = code + static_cast<double>(r * 13 % 41) / 20;
    x.as<double>()[3 * r + 2] = third(r, code);
  }
  Dataset data = Dataset::classification(x, y, 2);
  data.columns[2].levels = std::move(levels);
  return data;
}

TEST(DecidingColumns, are_those_whose_value_alone_says_the_class) {
  const auto number = [](std::int64_t r, double code) { return static_cast<double>(r % 50) + 100 * code; };
  ASSERT_EQ(deciding_columns(with_third_column(number)).size(), 1U);
  EXPECT_EQ(deciding_columns(with_third_column(number))[0].name, "2");
  const auto word = [](std::int64_t r, double code) { return static_cast<double>(r % 3) + 3 * code; };
  EXPECT_EQ(deciding_columns(with_third_column(word, {"a", "b", "c", "d", "e", "f"})).size(), 1U);
}

TEST(DecidingColumns, are_not_those_that_are_nearly_the_class_or_one_of_several) {
  EXPECT_TRUE(deciding_columns(with_third_column([](std::int64_t r, double code) {
                return static_cast<double>(r % 50) + (r == 60 ? 0 : 100 * code);
              })).empty());
  EXPECT_TRUE(deciding_columns(with_third_column([](std::int64_t r,
                                                    double code) { return r == 60 ? 0 : static_cast<double>(r % 3) + 3 * code; },
                                                 {"a", "b", "c", "d", "e", "f"}))
                  .empty());
  Dataset two = with_third_column([](std::int64_t r, double code) { return static_cast<double>(r % 50) + 100 * code; });
  for (std::int64_t r = 0; r < two.rows(); ++r) two.x.as<double>()[3 * r + 1] = two.x.as<double>()[3 * r + 2];
  EXPECT_TRUE(deciding_columns(two).empty());
}

TEST(TellingColumns, passes_other_columns) { EXPECT_EQ(result("own").verdict, Verdict::pass); }

}  // namespace tend::telling_columns_test
