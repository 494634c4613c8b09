#include "tend/repair/remedies/revived_units.h"

#include "tend/repair/remedies_test.h"

namespace tend::revived_units_test {

const char* const dead = R"([{ dense = 8, bias_initializer = { constant = -90 } }, "relu", { dense = 3 }])";

TEST(RevivedUnits, proposes_to_draw_dead_units_anew_where_the_training_is) {
  EXPECT_EQ(proposed_after<RevivedUnits>(7, dead),
            (Proposed{"train.interventions = [{ step = 7, revive_units = true }]",
                      "train.interventions = [{ step = 7, revive_units = true, rate_factor = 0.1 }]"}));
}

TEST(RevivedUnits, keeps_the_interventions_there_are) {
  const Proposed all = proposed_after<RevivedUnits>(7, dead, "[train]\ninterventions = [{ step = 3, rate_factor = 0.5 }]\n");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0], "train.interventions = [{ step = 3, rate_factor = 0.5 }, { step = 7, revive_units = true }]");
}

TEST(RevivedUnits, is_silent_before_the_first_step_and_where_units_are_alive) {
  EXPECT_EQ(proposed<RevivedUnits>(dead), Proposed{});
  EXPECT_EQ(proposed_after<RevivedUnits>(7, R"([{ dense = 8 }, "relu", { dense = 3 }])"), Proposed{});
}

}  // namespace tend::revived_units_test
