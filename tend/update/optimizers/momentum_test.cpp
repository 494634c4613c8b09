#include "tend/update/optimizers/momentum.h"

#include <gtest/gtest.h>

#include "tests/every/optimizer_steps.h"

namespace tend::momentum_test {
namespace {

TEST(Momentum, decays_weights_as_pytorch) {
  const auto w = after_three_steps(Momentum{}, 0.1),
             expected = std::array<double, 3>{0.9773662940000001, -2.0236975879999997, 0.5171955005};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(w[i], expected[i], 1e-14);
}

}  // namespace
}  // namespace tend::momentum_test
