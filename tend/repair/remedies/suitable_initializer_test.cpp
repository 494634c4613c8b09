#include "tend/repair/remedies/suitable_initializer.h"

#include "tend/repair/remedies_test.h"

namespace tend::suitable_initializer_test {

TEST(SuitableInitializer, replaces_weights_that_are_too_large) {
  EXPECT_EQ(proposed<SuitableInitializer>(R"([{ dense = 64, initializer = { normal = 9.0 } }, "relu", { dense = 3 }])"),
            Proposed{R"(network.layers.dense_1.initializer = "he_normal")"});
  EXPECT_EQ(proposed<SuitableInitializer>(small_layers), Proposed{});
}

}  // namespace tend::suitable_initializer_test
