#include "tend/update/optimizers/adagrad.h"

#include <gtest/gtest.h>

#include "tests/every/optimizer_steps.h"

namespace tend::adagrad_test {
namespace {

TEST(Adagrad, decays_weights_as_pytorch) {
  const auto w = after_three_steps(Adagrad{}, 0.1),
             expected = std::array<double, 3>{0.9869219190057421, -2.0004477270464016, 0.5067616990239763};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(w[i], expected[i], 1e-14);
}

}  // namespace
}  // namespace tend::adagrad_test
