#include "tend/update/optimizers/rmsprop.h"

#include <gtest/gtest.h>

#include "tests/every/optimizer_steps.h"

namespace tend::rmsprop_test {
namespace {

TEST(Rmsprop, decays_weights_as_pytorch) {
  const auto w = after_three_steps(Rmsprop{}, 0.1),
             expected = std::array<double, 3>{0.9953094852742471, -2.0000962193758713, 0.4977088211710387};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(w[i], expected[i], 1e-14);
}

TEST(Rmsprop, takes_momentum_as_pytorch) {
  const auto w = after_three_steps(Rmsprop{.momentum = 0.9}),
             expected = std::array<double, 3>{0.9893834733811807, -1.9976813681419885, 0.4971728897084165};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(w[i], expected[i], 1e-14);
}

}  // namespace
}  // namespace tend::rmsprop_test
