#include "@path@"

#include "tend/lecture/probes_test.h"

namespace tend::@name@_test {

TEST(@Type@, measures_what_it_says) {
  const Measures m = probed("\"@name@\"");
  EXPECT_EQ(m.values.at("@name@.steps"), 0) << "write here what it must measure";
}

}  // namespace tend::@name@_test
