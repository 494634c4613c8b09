#include "tend/repair/remedies/less_regularization.h"

#include "tend/repair/remedies_test.h"

namespace tend::less_regularization_test {

TEST(LessRegularization, removes_dropout_and_penalties) {
  EXPECT_EQ(proposed<LessRegularization>(R"([{ dense = 8, l2 = 0.1 }, "relu", { dropout = 0.9 }, { dense = 3 }])",
                                         "[update]\nweight_decay = 0.5\n"),
            (Proposed{"remove network.layers.dropout_1", "network.layers.dense_1.l2 = 0.0; update.weight_decay = 0.0",
                      "network.layers.dense_1.l2 = 0.0; update.weight_decay = 0.0; remove network.layers.dropout_1"}));
  EXPECT_EQ(proposed<LessRegularization>(small_layers), Proposed{});
}

}  // namespace tend::less_regularization_test
