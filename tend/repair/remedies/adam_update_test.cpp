#include "tend/repair/remedies/adam_update.h"

#include "tend/repair/remedies_test.h"

namespace tend::adam_update_test {

TEST(AdamUpdate, replaces_optimizer_and_schedule) {
  EXPECT_EQ(proposed<AdamUpdate>(small_layers, "[update]\noptimizer = \"sgd\"\nschedule = \"step\"\n"),
            (Proposed{R"(update.optimizer = { name = "adam", learning_rate = 0.01 }; update.schedule = "cosine")",
                      R"(update.optimizer = { name = "adam", learning_rate = 0.001 }; update.schedule = "constant")"}));
}

TEST(AdamUpdate, takes_a_lower_rate_for_wider_layers) {
  EXPECT_EQ(proposed<AdamUpdate>(R"([{ dense = 80 }, "relu", { dense = 3 }])", "[update]\noptimizer = \"sgd\"\n")[0],
            R"(update.optimizer = { name = "adam", learning_rate = 0.002 }; update.schedule = "cosine")");
  EXPECT_EQ(proposed<AdamUpdate>(R"([{ dense = 300 }, "relu", { dense = 3 }])", "[update]\noptimizer = \"sgd\"\n")[0],
            R"(update.optimizer = { name = "adam", learning_rate = 0.001 }; update.schedule = "cosine")");
}

}  // namespace tend::adam_update_test
