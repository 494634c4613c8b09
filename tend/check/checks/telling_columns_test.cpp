#include "tend/check/checks/telling_columns.h"

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

TEST(TellingColumns, passes_other_columns) { EXPECT_EQ(result("own").verdict, Verdict::pass); }

}  // namespace tend::telling_columns_test
