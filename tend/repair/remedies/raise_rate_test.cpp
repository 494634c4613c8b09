#include "tend/repair/remedies/raise_rate.h"

#include "tend/repair/remedies_test.h"

namespace tend::raise_rate_test {

TEST(RaiseRate, multiplies_the_rate) {
  EXPECT_EQ(proposed<RaiseRate>(small_layers),
            (Proposed{"update.optimizer.learning_rate = 0.1", "update.optimizer.learning_rate = 1.0",
                      "update.optimizer.learning_rate = 100.0"}));
}

}  // namespace tend::raise_rate_test
