#include "tend/lecture/probes/gradient_errors.h"

#include "tend/lecture/probes_test.h"

namespace tend::gradient_errors_test {
namespace {

TEST(GradientErrors, of_right_gradients_fall_with_h_squared_in_double) {
  const Measures m = probed("{ gradient_errors = true, largest = 1, smallest = 5 }");
  EXPECT_LT(m.values.at("gradient.error"), 1e-6);
  EXPECT_EQ(m.values.at("gradient.is_wrong"), 0);
  const double ratio = m.values.at("difference.double.h_2") / m.values.at("difference.double.h_3");
  EXPECT_GT(ratio, 80);
  EXPECT_LT(ratio, 120);
  EXPECT_GT(m.values.at("difference.float.h_5"), 100 * m.values.at("difference.double.h_5"));
  EXPECT_EQ(m.curves.at("difference in double").size(), 5U);
}

TEST(GradientErrors, find_an_activation_whose_derivative_is_wrong) {
  const Measures m = probed("\"gradient_errors\"", R"(["flatten", { dense = 12 }, "tanh_with_mistake", { dense = 10 }])");
  EXPECT_EQ(m.values.at("gradient.is_wrong"), 1);
  EXPECT_GT(m.values.at("difference.double.h_5"), 1e-2);
}

}  // namespace
}  // namespace tend::gradient_errors_test
