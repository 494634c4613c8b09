#include "tend/update/optimizers/adamw.h"

#include <gtest/gtest.h>

#include "tests/every/optimizer_steps.h"

namespace tend::adamw_test {
namespace {

TEST(Adamw, decays_weights_as_pytorch) {
  const auto w = after_three_steps(Adamw{}, 0.1),
             expected = std::array<double, 3>{0.997204482797902, -1.99937153763642, 0.4997457879010834};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(w[i], expected[i], 1e-14);
}

TEST(Adamw, decays_outside_of_the_gradient_by_default) {
  EXPECT_TRUE(Adamw::decoupled_decay);
  EXPECT_EQ(Adamw::default_weight_decay, 0.004);
}

}  // namespace
}  // namespace tend::adamw_test
