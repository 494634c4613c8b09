#include "@path@"

#include "tend/repair/remedies_test.h"

namespace tend::@name@_test {

TEST(@Type@, proposes_what_helps_and_nothing_where_it_does_not_apply) {
  EXPECT_EQ(proposed<@Type@>(small_layers), Proposed{"write the changes here"});
}

}  // namespace tend::@name@_test
