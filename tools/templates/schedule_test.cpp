#include "@path@"

#include <gtest/gtest.h>

namespace tend::@name@_test {

TEST(@Type@, begins_at_one_and_ends_at_its_final_fraction) {
  EXPECT_DOUBLE_EQ(@Type@{}.factor({.done = 0}), 1);
  EXPECT_DOUBLE_EQ(@Type@{}.factor({.done = 1}), 0);
  FAIL() << "put numbers here that were worked out by hand or published, then take this line out";
}

}  // namespace tend::@name@_test
