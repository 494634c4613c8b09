#include "tend/diagnose/rules/unlearned_class.h"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::unlearned_class_test {

TEST(UnlearnedClass, is_named_where_other_classes_are_learned) {
  History h = healthy_history();
  h.held_out = {.classes = 2, .counts = {60, 0, 25, 0}};
  const std::vector<Finding> f = UnlearnedClass{}.find(h);
  ASSERT_EQ(f.size(), 1u);
  EXPECT_NE(f[0].message.find("25 held-out rows of class \"dog\""), std::string::npos) << f[0].message;
  h.held_out = {.classes = 2, .counts = {60, 0, 55, 0}};
  EXPECT_TRUE(UnlearnedClass{}.find(h).empty()) << "one answer for two classes of about the same size";
  h.held_out = {.classes = 2, .counts = {60, 0, 5, 0}};
  EXPECT_TRUE(UnlearnedClass{}.find(h).empty());
}

TEST(UnlearnedClass, a_healthy_run_raises_nothing) { EXPECT_TRUE(UnlearnedClass{}.find(healthy_history()).empty()); }

}  // namespace tend::unlearned_class_test
