#include "tend/repair/remedies/more_regularization.h"

#include "tend/repair/remedies_test.h"

namespace tend::more_regularization_test {

TEST(MoreRegularization, adds_weight_decay_and_dropout_where_there_is_next_to_none) {
  EXPECT_EQ(proposed<MoreRegularization>(R"([{ dense = 8, l2 = 1e-5 }, "relu", { dense = 3 }])"),
            (Proposed{"update.weight_decay = 0.01", "insert { dropout = 0.3 } before network.layers.dense_2",
                      "update.weight_decay = 0.01; insert { dropout = 0.3 } before network.layers.dense_2"}));
  EXPECT_EQ(proposed<MoreRegularization>("[{ dense = 3 }]"), (Proposed{"update.weight_decay = 0.01"}));
  EXPECT_EQ(proposed<MoreRegularization>(R"([{ dense = 8, l2 = 0.1 }, "relu", { dense = 3 }])"), Proposed{});
  EXPECT_EQ(proposed<MoreRegularization>(R"([{ dense = 8 }, "relu", { dropout = 0.5 }, { dense = 3 }])"), Proposed{});
  EXPECT_EQ(proposed<MoreRegularization>(small_layers, "[update]\nweight_decay = 0.5\n"), Proposed{});
}

}  // namespace tend::more_regularization_test
