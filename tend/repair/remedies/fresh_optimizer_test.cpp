#include "tend/repair/remedies/fresh_optimizer.h"

#include "tend/repair/remedies_test.h"

namespace tend::fresh_optimizer_test {

TEST(FreshOptimizer, proposes_to_begin_anew_where_the_training_is) {
  EXPECT_EQ(proposed_after<FreshOptimizer>(7, small_layers),
            (Proposed{"train.interventions = [{ step = 7, reset_optimizer = true }]",
                      "train.interventions = [{ step = 7, reset_optimizer = true, rate_factor = 0.1 }]"}));
}

TEST(FreshOptimizer, is_silent_before_the_first_step) { EXPECT_EQ(proposed<FreshOptimizer>(small_layers), Proposed{}); }

}  // namespace tend::fresh_optimizer_test
