#include "tend/repair/remedies/usual_batch.h"

#include "tend/repair/remedies_test.h"

namespace tend::usual_batch_test {

TEST(UsualBatch, proposes_sizes_that_the_run_does_not_have) {
  EXPECT_EQ(proposed<UsualBatch>(small_layers, "[train]\nbatch_size = 32\n"), Proposed{"train.batch_size = 128"});
  EXPECT_EQ(proposed<UsualBatch>(small_layers, "[train]\nbatch_size = 1\n", small_classes(60)),
            Proposed{"train.batch_size = 32"});
}

}  // namespace tend::usual_batch_test
