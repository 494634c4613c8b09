#include "tend/update/optimizers/adam.h"

#include <gtest/gtest.h>

#include "tests/every/optimizer_steps.h"

namespace tend::adam_test {
namespace {

TEST(Adam, decays_weights_as_pytorch) {
  const auto w = after_three_steps(Adam{}, 0.1),
             expected = std::array<double, 3>{0.9973326450868363, -1.9998060981422172, 0.4986104103943785};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(w[i], expected[i], 1e-14);
}

TEST(Adam, takes_a_first_step_of_the_learning_rate_whatever_the_gradient) {
  const Adam adam;
  const auto made = adam.constants(1e-3, 1);
  for (double g : {1e-3, 1.0, -50.0}) {
    double w = 0, slots[2] = {};
    adam.element(w, g, slots, made.data());
    EXPECT_NEAR(w, g > 0 ? -1e-3 : 1e-3, 2e-7);
  }
}

TEST(Adam, without_bias_correction_its_first_step_is_larger) {
  Adam adam;
  adam.bias_correction = false;
  const auto made = adam.constants(1e-3, 1);
  double w = 0, slots[2] = {};
  adam.element(w, 2.0, slots, made.data());
  EXPECT_NEAR(w, -1e-3 * 0.1 / std::sqrt(0.001), 2e-7);
}

}  // namespace
}  // namespace tend::adam_test
