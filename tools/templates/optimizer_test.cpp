#include "@path@"

#include <gtest/gtest.h>

namespace tend::@name@_test {

TEST(@Type@, takes_the_two_steps_worked_by_hand) {
  const @Type@ rule;
  double w = 1, slot = rule.initial(0);
  for (int step = 1; step <= 2; ++step) rule.element(w, 1.0, &slot, rule.constants(0.1, step).data());
  EXPECT_DOUBLE_EQ(w, 1 - 0.1 - 0.19);
  FAIL() << "put numbers here that were worked out by hand or published, then take this line out";
}

}  // namespace tend::@name@_test
