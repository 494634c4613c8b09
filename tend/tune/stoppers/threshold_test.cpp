#include "tend/tune/stoppers/threshold.h"

#include "tend/tune/stoppers_test.h"

namespace tend::threshold_test {

TEST(Threshold, stops_at_a_value_outside_of_its_bounds) {
  EXPECT_EQ(cause_of(Threshold{.high = 3}, 9, {1, 4}), "out-of-bounds");
  EXPECT_EQ(cause_of(Threshold{.low = 0}, 9, {1, -1}), "out-of-bounds");
  EXPECT_EQ(cause_of(Threshold{.high = 3}, 9, {1, 3}), "");
  EXPECT_EQ(cause_of(Threshold{}, 9, {1, std::nan("")}), "not-finite");
  EXPECT_EQ((cause_of(Threshold{.high = 3, .warmup = 2}, 9, {9, 9, 1})), "");
}

}  // namespace tend::threshold_test
