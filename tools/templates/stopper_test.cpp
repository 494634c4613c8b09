#include "@path@"

#include "tend/tune/stoppers_test.h"

namespace tend::@name@_test {

TEST(@Type@, stops_what_it_must_and_nothing_else) {
  EXPECT_EQ(cause_of(@Type@{}, 10, {1, 2}), "");
  EXPECT_EQ(cause_of(@Type@{}, 10, {1, 1000}), "write here what it must stop");
}

}  // namespace tend::@name@_test
