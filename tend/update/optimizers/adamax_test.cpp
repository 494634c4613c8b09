#include "tend/update/optimizers/adamax.h"

#include <gtest/gtest.h>

#include "tests/every/optimizer_steps.h"

namespace tend::adamax_test {
namespace {

TEST(Adamax, decays_weights_as_pytorch) {
  const auto w = after_three_steps(Adamax{}, 0.1),
             expected = std::array<double, 3>{0.9954816450442575, -1.9991342664771856, 0.4967058026095436};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(w[i], expected[i], 1e-14);
}

}  // namespace
}  // namespace tend::adamax_test
