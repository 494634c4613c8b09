#include "tend/check/checks/capacity.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::capacity_test {
namespace {

/// Class 0 or 1 by the sign of x0 x1: no line parts them.
Dataset quadrants() {
  Dataset d = small_classes(900);
  Array y({d.rows(), 1}, ElementType::float64);
  for (std::int64_t i = 0; i < d.rows(); ++i) y.as<double>()[i] = d.x.as<double>()[2 * i] * d.x.as<double>()[2 * i + 1] > 0;
  return Dataset::classification(d.x, y, 2);
}

}  // namespace

TEST(Capacity, warns_where_neighbours_predict_far_better) {
  const CheckResult r = checked(Capacity{}, "[{ dense = 2 }]", quadrants()).at(0);
  EXPECT_EQ(r.verdict, Verdict::warn) << r.message;
  EXPECT_EQ(r.cause, "capacity");
  EXPECT_GT(*r.expected, 0.85);
  EXPECT_LT(*r.value, 0.75);
}

TEST(Capacity, passes_a_linear_network_on_linear_data) {
  EXPECT_EQ(checked(Capacity{}, "[{ dense = 3 }]", small_classes()).at(0).verdict, Verdict::pass);
  EXPECT_EQ(checked(Capacity{}, "[{ dense = 1 }]", small_values()).at(0).verdict, Verdict::pass);
}

TEST(Capacity, is_skipped_for_nonlinear_networks) {
  EXPECT_EQ(checked(Capacity{}, R"([{ dense = 2 }, "relu", { dense = 2 }])", quadrants()).at(0).verdict, Verdict::skipped);
}

}  // namespace tend::capacity_test
