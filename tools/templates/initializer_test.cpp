#include "@path@"

#include <gtest/gtest.h>

namespace tend::@name@_test {

TEST(@Type@, has_the_variance_of_its_formula) {
  const FillTarget target{Shape{100, 100}, 100, 100};
  std::vector<double> w(10000);
  Random random(1, purpose("test"));
  @Type@{}.fill(w.data(), target, random);
  double sum = 0, squares = 0;
  for (double x : w) sum += x, squares += x * x;
  EXPECT_NEAR(sum / 1e4, 0, 0.01);
  EXPECT_NEAR(squares / 1e4, 0.01, 0.001);
  FAIL() << "put the formula's own mean and variance here, then take this line out";
}

}  // namespace tend::@name@_test
