#include "tend/repair/remedies/adam_update.h"

#include "tend/repair/remedies_test.h"

namespace tend::adam_update_test {

TEST(AdamUpdate, replaces_optimizer_and_schedule) {
  EXPECT_EQ(proposed<AdamUpdate>(small_layers, "[update]\noptimizer = \"sgd\"\nschedule = \"cosine\"\n"),
            Proposed{R"(update.optimizer = { name = "adam", learning_rate = 0.001 }; update.schedule = "constant")"});
}

}  // namespace tend::adam_update_test
