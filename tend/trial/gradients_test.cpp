#include "tend/trial/gradients.h"

#include "tend/check/checks_test.h"

namespace tend::gradients_test {

TEST(Gradients, of_a_pack_are_checked_on_its_first_network) {
  const Dataset data = small_classes();
  Experiment one = small_experiment("[{ dense = 12 }, \"batch_norm\", \"relu\", { dropout = 0.2 }, { dense = 3 }]"), pack = one;
  pack.network.pack = 3;
  const GradientReport of_one = check_gradients(Training(one, data).engine(), {}),
                       of_pack = check_gradients(Training(pack, data).engine(), {});
  EXPECT_TRUE(of_pack.passed());
  ASSERT_EQ(of_pack.tensors.size(), of_one.tensors.size());
  for (std::size_t t = 0; t < of_one.tensors.size(); ++t) {
    EXPECT_EQ(of_pack.tensors[t].tensor, of_one.tensors[t].tensor);
    EXPECT_EQ(of_pack.tensors[t].numeric, of_one.tensors[t].numeric);
  }
}

}  // namespace tend::gradients_test
