#include "tend/repair/remedies/normalize_activations.h"

#include "tend/repair/remedies_test.h"

namespace tend::normalize_activations_test {

TEST(NormalizeActivations, inserts_batch_norm) {
  EXPECT_EQ(proposed<NormalizeActivations>(small_layers), Proposed{R"(insert "batch_norm" before network.layers.tanh_1)"});
}

}  // namespace tend::normalize_activations_test
