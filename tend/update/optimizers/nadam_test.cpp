#include "tend/update/optimizers/nadam.h"

#include <gtest/gtest.h>

#include "tests/every/optimizer_steps.h"

namespace tend::nadam_test {
namespace {

TEST(Nadam, decays_weights_as_pytorch) {
  const auto w = after_three_steps(Nadam{}, 0.1),
             expected = std::array<double, 3>{0.9966199689801617, -2.000062200243338, 0.49856987545545867};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(w[i], expected[i], 1e-14);
}

TEST(Nadam, has_constants_that_settle) {
  const Nadam nadam;
  const auto late = nadam.constants(1, 1000000), later = nadam.constants(1, 1000001);
  for (std::size_t i = 0; i < late.size(); ++i) EXPECT_NEAR(late[i], later[i], 1e-9);
  EXPECT_NEAR(late[1], 0.9, 1e-9);
}

}  // namespace
}  // namespace tend::nadam_test
