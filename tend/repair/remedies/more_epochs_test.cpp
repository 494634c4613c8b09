#include "tend/repair/remedies/more_epochs.h"

#include "tend/repair/remedies_test.h"

namespace tend::more_epochs_test {

TEST(MoreEpochs, make_enough_updates_or_twice_as_many) {
  const std::string few = "[train]\nepochs = 2\nbatch_size = 32\n";
  EXPECT_EQ(proposed<MoreEpochs>(small_layers, few), (Proposed{"train.epochs = 38", "train.epochs = 125"}));
  const std::string many = "[train]\nepochs = 200\nbatch_size = 32\n";
  EXPECT_EQ(proposed<MoreEpochs>(small_layers, many), Proposed{"train.epochs = 400"});
}

}  // namespace tend::more_epochs_test
