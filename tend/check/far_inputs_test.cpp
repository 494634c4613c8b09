#include "tend/check/far_inputs.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::far_inputs_test {
namespace {

std::optional<CheckResult> of(const Dataset& data, const std::string& steps = "[\"standardize\"]") {
  const Training training(small_experiment("[{ dense = 3 }]", "[prepare]\nsteps = " + steps + "\n"), data);
  return far_inputs(tend::Setup(training));
}

/// 300 rows; `count` cells of the first column are `value`.
Dataset with_cells(std::int64_t count, double value) {
  Dataset data = small_classes(300);
  const std::int64_t width = data.x.row_size();
  for (std::int64_t i = 0; i < count; ++i)
    if (data.x.type() == ElementType::float64) data.x.as<double>()[(20 * i + 7) * width] = value;
    else data.x.as<float>()[(20 * i + 7) * width] = static_cast<float>(value);
  return data;
}

}  // namespace

TEST(FarInputs, one_cell_that_decides_the_scale_is_named_with_its_row) {
  const std::optional<CheckResult> found = of(with_cells(1, 1e6));
  ASSERT_TRUE(found);
  EXPECT_NE(found->message.find("is far from all others: it is 1000000; the first is in row 7"), std::string::npos)
      << found->message;
  EXPECT_EQ(text_of(found->changes), "prepare.steps = [\"robust_scale\"]");
}

TEST(FarInputs, a_code_for_a_missing_value_is_one) {
  const std::optional<CheckResult> found = of(with_cells(14, -999), "[]");
  ASSERT_TRUE(found);
  EXPECT_NE(found->message.find("are exactly -999, which is probably a code"), std::string::npos) << found->message;
  EXPECT_NE(found->advice.find("data.missing to [\"-999\"]"), std::string::npos) << found->advice;
}

TEST(FarInputs, usual_columns_and_steps_that_bound_far_values_raise_nothing) {
  EXPECT_FALSE(of(small_classes(300)));
  EXPECT_FALSE(of(with_cells(1, 10)));
  Dataset sparse = with_cells(0, 0);
  const std::int64_t width = sparse.x.row_size();
  for (std::int64_t r = 0; r < 300; ++r) {  // 5.3 % of the cells are not 0
    const double v = r % 19 == 0 ? static_cast<double>(1 + r * 37 % 255) : 0;
    if (sparse.x.type() == ElementType::float64) sparse.x.as<double>()[r * width] = v;
    else sparse.x.as<float>()[r * width] = static_cast<float>(v);
  }
  EXPECT_FALSE(of(sparse));
  EXPECT_FALSE(of(with_cells(1, 1e6), "[\"robust_scale\"]"));
}

}  // namespace tend::far_inputs_test
