#include "tend/update/optimizers/sgd.h"

#include <gtest/gtest.h>

#include "tests/every/optimizer_steps.h"

namespace tend::sgd_test {
namespace {

TEST(Sgd, decays_weights_as_pytorch) {
  const auto w = after_three_steps(Sgd{}, 0.1), expected = std::array<double, 3>{0.990765494, -2.018995988, 0.5185005005};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(w[i], expected[i], 1e-14);
}

TEST(Sgd, with_momentum_is_momentum) {
  const auto w = after_three_steps(Sgd{.momentum = 0.5}), expected = std::array<double, 3>{0.98875, -2.0325, 0.5199985};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(w[i], expected[i], 1e-15);
}

}  // namespace
}  // namespace tend::sgd_test
