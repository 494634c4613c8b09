#include "tend/update/optimizers/adadelta.h"

#include <gtest/gtest.h>

#include "tests/every/optimizer_steps.h"

namespace tend::adadelta_test {
namespace {

TEST(Adadelta, decays_weights_as_pytorch) {
  const auto w = after_three_steps(Adadelta{}, 0.1),
             expected = std::array<double, 3>{0.9976435504258971, -2.0007039772962334, 0.49959233113274476};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(w[i], expected[i], 1e-14);
}

}  // namespace
}  // namespace tend::adadelta_test
