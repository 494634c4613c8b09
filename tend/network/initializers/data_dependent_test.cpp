#include "tend/network/initializers/data_dependent.h"

#include <vector>

#include <gtest/gtest.h>

#include "tend/network/initializer_registry.h"

namespace tend::data_dependent_test {
namespace {

TEST(DataDependent, starts_orthonormal) {
  Random random(1, purpose("test")), same(1, purpose("test"));
  std::vector<double> w(12), wanted(12);
  DataDependent{}.fill(w.data(), {{4, 3}, 4, 3}, random);
  Orthogonal{}.fill(wanted.data(), {{4, 3}, 4, 3}, same);
  EXPECT_EQ(w, wanted);
}

TEST(DataDependent, says_that_it_needs_data) {
  EXPECT_TRUE(builtin_initializers().make("data_dependent", "here")->needs_data());
  EXPECT_FALSE(builtin_initializers().make("orthogonal", "here")->needs_data());
}

}  // namespace
}  // namespace tend::data_dependent_test
