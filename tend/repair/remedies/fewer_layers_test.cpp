#include "tend/repair/remedies/fewer_layers.h"

#include "tend/repair/remedies_test.h"

namespace tend::fewer_layers_test {

TEST(FewerLayers, keeps_two_or_four_of_the_blocks_that_leave_the_shape) {
  std::string deep = "[{ dense = 8 }, \"relu\", ";
  for (int i = 0; i < 3; ++i) deep += "{ dense = 8 }, \"relu\", ";
  EXPECT_EQ(proposed<FewerLayers>(deep + "{ dense = 3 }]"),
            (Proposed{"remove network.layers.relu_4; remove network.layers.dense_4",
                      "remove network.layers.relu_4; remove network.layers.dense_4; network.layers.relu_3 = \"tanh\"; "
                      "network.layers.relu_2 = \"tanh\"; network.layers.relu_1 = \"tanh\"",
                      "remove network.layers.relu_4; remove network.layers.dense_4"}))
      << "with relu it is the same change";
  EXPECT_EQ(proposed<FewerLayers>(small_layers), Proposed{});
}

}  // namespace tend::fewer_layers_test
