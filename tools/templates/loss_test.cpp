#include "@path@"

#include <gtest/gtest.h>

namespace tend::@name@_test {

TEST(@Type@, has_the_value_and_slope_worked_by_hand) {
  const double o[] = {1, 2}, t[] = {0, 0};
  double slope[2];
  EXPECT_DOUBLE_EQ(@Type@{}.row(o, t, 2, slope), 2.5);
  EXPECT_DOUBLE_EQ(slope[1], 2);
  FAIL() << "put numbers here that were worked out by hand or published, then take this line out";
}

}  // namespace tend::@name@_test
