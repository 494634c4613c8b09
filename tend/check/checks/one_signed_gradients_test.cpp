#include "tend/check/checks/one_signed_gradients.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::one_signed_gradients_test {

TEST(OneSignedGradients, counts_units_whose_weight_gradients_have_one_sign) {
  Array x({300, 2}, ElementType::float32), y({300, 1}, ElementType::float64);
  Random random(7, purpose("positive"));
  for (std::int64_t i = 0; i < 600; ++i)
    x.as<float>()[i] = 100 + static_cast<float>(random.normal());  // rows hardly differ beside what they share
  for (std::int64_t i = 0; i < 300; ++i) y.as<double>()[i] = static_cast<double>(i % 3);
  const Dataset positive = Dataset::classification(x, y, 3);
  const std::string layers = R"([{ dense = 32 }, "relu", { dense = 3 }])";
  const CheckResult all = checked(OneSignedGradients{}, layers, positive).at(0);
  EXPECT_EQ(all.verdict, Verdict::pass);
  EXPECT_GT(*all.value, 0.8);
  EXPECT_NE(all.message.find("center"), std::string::npos);
  const CheckResult centred = checked(OneSignedGradients{}, layers, positive, "[prepare]\nsteps = [\"center\"]\n").at(0);
  EXPECT_LT(*centred.value, 0.8);
}

}  // namespace tend::one_signed_gradients_test
