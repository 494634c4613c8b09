#include "tend/repair/remedies/tanh_hidden.h"

#include "tend/repair/remedies_test.h"

namespace tend::tanh_hidden_test {

TEST(TanhHidden, replaces_hidden_activations_but_not_that_of_the_output) {
  EXPECT_EQ(proposed<TanhHidden>(R"([{ dense = 8 }, "relu", { dense = 3 }, "softmax"])",
                                 "[loss]\nname = \"categorical_cross_entropy\"\n"),
            Proposed{R"(network.layers.relu_1 = "tanh")"});
  EXPECT_EQ(proposed<TanhHidden>("[{ dense = 3 }]"), Proposed{});
}

}  // namespace tend::tanh_hidden_test
