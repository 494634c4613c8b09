#include "tend/repair/remedies/lower_rate.h"

#include "tend/repair/remedies_test.h"

namespace tend::lower_rate_test {

TEST(LowerRate, divides_the_rate) {
  EXPECT_EQ(proposed<LowerRate>(small_layers),
            (Proposed{"update.optimizer.learning_rate = 0.001", "update.optimizer.learning_rate = 1e-04",
                      "update.optimizer.learning_rate = 1e-06"}));
}

}  // namespace tend::lower_rate_test
