#include "tend/repair/remedies/shuffled_rows.h"

#include "tend/repair/remedies_test.h"

namespace tend::shuffled_rows_test {

TEST(ShuffledRows, is_silent_where_rows_are_shuffled) {
  EXPECT_EQ(proposed<ShuffledRows>(small_layers, "[train]\nshuffle = false\n"), Proposed{"train.shuffle = true"});
  EXPECT_EQ(proposed<ShuffledRows>(small_layers), Proposed{});
}

}  // namespace tend::shuffled_rows_test
