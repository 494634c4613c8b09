#include "tend/check/checks/held_out_inputs.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::held_out_inputs_test {

namespace {

/// The last fifth of the rows, which are held out, with one column (or all) times a factor, plus a shift.
CheckResult result(double factor, double shift, bool is_all) {
  Dataset data = small_values(300);
  for (std::int64_t r = 240; r < 300; ++r)
    for (std::int64_t c = 0; c < (is_all ? 3 : 1); ++c) {
      double& v = data.x.as<double>()[3 * r + c];
      v = v * factor + shift;
    }
  Experiment e = small_experiment("[{ dense = 1 }]", "", true);
  e.data.split = "last";
  return checked(HeldOutInputs{}, e, data).at(0);
}

}  // namespace

TEST(HeldOutInputs, names_held_out_rows_of_another_scale) {
  for (const double factor : {255.0, 1 / 255.0, 4.0}) {
    const CheckResult r = result(factor, 0, true);
    EXPECT_EQ(r.verdict, Verdict::warn) << factor;
    EXPECT_EQ(r.cause, "data-scale");
    EXPECT_NE(r.message.find("3 of 3 columns differ"), std::string::npos) << r.message;
  }
}

TEST(HeldOutInputs, names_one_column_in_other_units_or_of_another_range) {
  const CheckResult units = result(100, 0, false);
  EXPECT_EQ(units.verdict, Verdict::warn);
  EXPECT_NE(units.message.find("the column \"0\""), std::string::npos) << units.message;
  EXPECT_EQ(result(1, 40, false).verdict, Verdict::warn);
}

TEST(HeldOutInputs, passes_what_differs_by_chance_or_a_little) {
  EXPECT_EQ(result(1, 0, true).verdict, Verdict::pass);
  EXPECT_EQ(result(2, 0, true).verdict, Verdict::pass);
  EXPECT_EQ(result(5, 0, false).verdict, Verdict::pass);
  EXPECT_EQ(checked(HeldOutInputs{}, "[{ dense = 3 }]", small_classes(100)).at(0).verdict, Verdict::skipped);
}

}  // namespace tend::held_out_inputs_test
