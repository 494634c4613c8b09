#include "tend/update/optimizers/amsgrad.h"

#include <gtest/gtest.h>

#include "tests/every/optimizer_steps.h"

namespace tend::amsgrad_test {
namespace {

TEST(Amsgrad, decays_weights_as_pytorch) {
  const auto w = after_three_steps(Amsgrad{}, 0.1),
             expected = std::array<double, 3>{0.9973326450868363, -1.9998060981422172, 0.4986104103943785};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(w[i], expected[i], 1e-14);
}

TEST(Amsgrad, never_forgets_the_largest_second_moment) {
  const Amsgrad amsgrad{.beta2 = 0.5};
  double w = 0, slots[3] = {};
  amsgrad.element(w, 10.0, slots, amsgrad.constants(1e-3, 1).data());
  const double largest = slots[2];
  amsgrad.element(w, 0.0, slots, amsgrad.constants(1e-3, 2).data());
  EXPECT_EQ(largest, 50);
  EXPECT_EQ(slots[1], 25);
  EXPECT_EQ(slots[2], 50);
}

}  // namespace
}  // namespace tend::amsgrad_test
