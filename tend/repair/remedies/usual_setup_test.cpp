#include "tend/repair/remedies/usual_setup.h"

#include "tend/repair/remedies_test.h"

namespace tend::usual_setup_test {

TEST(UsualSetup, changes_data_output_update_and_activations_at_once) {
  const Proposed all = proposed<UsualSetup>(R"([{ dense = 8 }, "sigmoid", { dense = 3 }, "softmax"])",
                                            "[prepare]\nsteps = []\n[loss]\nname = \"categorical_cross_entropy\"\n"
                                            "reduction = \"sum\"\n[update]\noptimizer = \"sgd\"\n[train]\nbatch_size = 4\n");
  const std::string around =
      R"(loss.name = "softmax_cross_entropy"; remove network.layers.softmax_1; prepare.steps = ["standardize"]; )"
      R"(update.optimizer = { name = "adam", learning_rate = 0.01 }; update.schedule = "cosine"; loss.reduction = "mean"; train.batch_size = 32)";
  EXPECT_EQ(all, (Proposed{around, around + R"(; network.layers.sigmoid_1 = "tanh")",
                           around + R"(; network.layers.sigmoid_1 = "relu")"}));
}

TEST(UsualSetup, also_goes_without_what_holds_weights_back) {
  const Proposed all = proposed<UsualSetup>(R"([{ dense = 8 }, "relu", { dropout = 0.5 }, { dense = 3 }])");
  ASSERT_EQ(all.size(), 6u);
  EXPECT_EQ(all[3], all[0] + "; remove network.layers.dropout_1");
}

TEST(UsualSetup, keeps_four_of_many_blocks_that_leave_the_shape) {
  std::string deep = "[{ dense = 8 }, \"sigmoid\", ";
  for (int i = 0; i < 5; ++i) deep += "{ dense = 8 }, \"sigmoid\", ";
  const Proposed all = proposed<UsualSetup>(deep + "{ dense = 3 }]");
  ASSERT_EQ(all.size(), 3u);
  EXPECT_NE(all[1].find("remove network.layers.sigmoid_6; remove network.layers.dense_6; network.layers.sigmoid_5 = \"tanh\""),
            std::string::npos)
      << all[1];
}

}  // namespace tend::usual_setup_test
