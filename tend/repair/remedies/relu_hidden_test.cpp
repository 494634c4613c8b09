#include "tend/repair/remedies/relu_hidden.h"

#include "tend/repair/remedies_test.h"

namespace tend::relu_hidden_test {

TEST(ReluHidden, replaces_hidden_activations_but_not_that_of_the_output) {
  EXPECT_EQ(proposed<ReluHidden>(R"([{ dense = 8 }, "tanh", { dense = 3 }, "softmax"])",
                                 "[loss]\nname = \"categorical_cross_entropy\"\n"),
            Proposed{R"(network.layers.tanh_1 = "relu")"});
  EXPECT_EQ(proposed<ReluHidden>("[{ dense = 3 }]"), Proposed{});
}

}  // namespace tend::relu_hidden_test
