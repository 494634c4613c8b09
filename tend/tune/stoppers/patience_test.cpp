#include "tend/tune/stoppers/patience.h"

#include "tend/tune/stoppers_test.h"

namespace tend::patience_test {

TEST(Patience, stops_after_some_steps_without_a_better_value) {
  EXPECT_EQ(cause_of(Patience{.steps = 3}, 20, {5, 4, 4.5, 4.1, 4}), "no-improvement");
  EXPECT_EQ(cause_of(Patience{.steps = 3}, 20, {5, 4, 4.5, 4.1, 3.9}), "");
  EXPECT_EQ(cause_of(Patience{.steps = 3, .gain = 0.5}, 20, {5, 4, 4.5, 4.1, 3.9}), "no-improvement");
  EXPECT_EQ(cause_of(Patience{.steps = 3}, 20, {5, 6, 7}), "");
}

}  // namespace tend::patience_test
