#include "tend/update/optimizers/lion.h"

#include <gtest/gtest.h>

#include "tests/every/optimizer_steps.h"

namespace tend::lion_test {
namespace {

TEST(Lion, takes_three_steps_as_the_paper) {
  // Computed by hand: each step is the rate times the sign of 0.9 m + 0.1 g.
  const auto w = after_three_steps(Lion{}), expected = std::array<double, 3>{0.9999, -2.0001, 0.5};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(w[i], expected[i], 1e-14);
}

TEST(Lion, decays_weights_as_the_paper) {
  const auto w = after_three_steps(Lion{}, 0.1),
             expected = std::array<double, 3>{0.9998700032999891, -2.0000400015999884, 0.49998500114999955};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(w[i], expected[i], 1e-14);
}

}  // namespace
}  // namespace tend::lion_test
