#include "tend/repair/remedies/redrawn_layers.h"

#include "tend/repair/remedies_test.h"

namespace tend::redrawn_layers_test {

const char* const saturated = R"([{ dense = 8, bias_initializer = { constant = 90 } }, "tanh", { dense = 3 }])";

TEST(RedrawnLayers, proposes_to_draw_the_layer_before_a_saturated_activation_anew) {
  EXPECT_EQ(proposed_after<RedrawnLayers>(7, saturated),
            Proposed{R"(train.interventions = [{ step = 7, redraw_layers = ["dense_1"], rate_factor = 0.1 }])"});
}

TEST(RedrawnLayers, is_silent_before_the_first_step_and_where_nothing_is_saturated) {
  EXPECT_EQ(proposed<RedrawnLayers>(saturated), Proposed{});
  EXPECT_EQ(proposed_after<RedrawnLayers>(7, small_layers), Proposed{});
}

}  // namespace tend::redrawn_layers_test
