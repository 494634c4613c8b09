#include "tend/update/optimizers/nesterov.h"

#include <gtest/gtest.h>

#include "tests/every/optimizer_steps.h"

namespace tend::nesterov_test {
namespace {

TEST(Nesterov, decays_weights_as_pytorch) {
  const auto w = after_three_steps(Nesterov{}, 0.1),
             expected = std::array<double, 3>{0.9704303818460001, -2.0403344136920003, 0.5339797441805};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(w[i], expected[i], 1e-14);
}

}  // namespace
}  // namespace tend::nesterov_test
