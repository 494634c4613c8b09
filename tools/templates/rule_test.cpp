#include "@path@"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::@name@_test {

TEST(@Type@, finds_it_where_it_is) {
  History h = healthy_history();
  FAIL() << "change the history so that it has what the rule finds, say what the finding must hold, then take this line out";
}

TEST(@Type@, a_healthy_run_raises_nothing) { EXPECT_TRUE(@Type@{}.find(healthy_history()).empty()); }

}  // namespace tend::@name@_test
