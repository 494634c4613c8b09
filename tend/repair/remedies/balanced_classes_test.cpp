#include "tend/repair/remedies/balanced_classes.h"

#include "tend/repair/remedies_test.h"

namespace tend::balanced_classes_test {

TEST(BalancedClasses, weighs_classes_where_nothing_does) {
  EXPECT_EQ(proposed<BalancedClasses>(small_layers), Proposed{R"(loss.class_weights = "balanced")"});
  EXPECT_EQ(proposed<BalancedClasses>("[{ dense = 1 }]", "", small_values()), Proposed{});
}

}  // namespace tend::balanced_classes_test
