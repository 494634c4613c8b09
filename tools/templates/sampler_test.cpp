#include "@path@"

#include "tend/tune/samplers_test.h"

namespace tend::@name@_test {

TEST(@Type@, finds_the_bottom_of_a_bowl) {
  EXPECT_LT(mean_lowest(@Type@{}, 40), 0.01) << "write here what it must reach";
}

}  // namespace tend::@name@_test
