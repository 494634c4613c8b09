#include "tend/repair/remedies/wider_layers.h"

#include "tend/repair/remedies_test.h"

namespace tend::wider_layers_test {

TEST(WiderLayers, widens_hidden_layers_alone) {
  EXPECT_EQ(proposed<WiderLayers>(small_layers), Proposed{"network.layers.dense_1.dense = 64"});
  EXPECT_EQ(proposed<WiderLayers>("[{ dense = 3 }]"), Proposed{});
}

}  // namespace tend::wider_layers_test
