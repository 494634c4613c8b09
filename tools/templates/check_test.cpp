#include "@path@"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::@name@_test {

TEST(@Type@, passes_a_sound_setup_and_names_the_cause_of_a_bad_one) {
  EXPECT_EQ(checked(@Type@{}, R"([{ dense = 2 }])", small_classes()).at(0).verdict, Verdict::pass);
  FAIL() << "put a set-up here that is wrong, and what the check must say of it, then take this line out";
}

}  // namespace tend::@name@_test
