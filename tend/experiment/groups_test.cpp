#include "tend/experiment/groups.h"

#include <gtest/gtest.h>

namespace tend::groups_test {
namespace {

/// 30 groups of `rows_of_each` rows; the target is that of the group in `same` of 10 rows, otherwise another one.
Dataset table(const std::string& name, int rows_of_each, int same, bool has_classes = true) {
  const std::int64_t n = 30 * rows_of_each;
  Array x({n, 2}, ElementType::float64), y({n}, ElementType::float64);
  for (std::int64_t r = 0; r < n; ++r) {
    const std::int64_t group = (r * 7) % 30;
    x.as<double>()[2 * r] = static_cast<double>(r % 11);
    x.as<double>()[2 * r + 1] = static_cast<double>(group);
    const double own = static_cast<double>(has_classes ? (group * 13) % 3 : group * group);
    y.as<double>()[r] = r / 30 % 10 < same ? own
                        : has_classes      ? static_cast<double>((r * 5) % 3)
                                           : static_cast<double>((r * 311) % 900);
  }
  Dataset data = has_classes ? Dataset::classification(x, y, 3) : Dataset::regression(x, y);
  data.columns[1].name = name;
  return data;
}

TEST(Groups, a_column_of_patients_that_tells_the_target_is_found) {
  for (const char* name : {"patient", "patient_id", "PatientID", "Subject No", "id", "customer-nr", "session"}) {
    const auto found = find_group_column(table(name, 10, 10));
    ASSERT_TRUE(found) << name;
    EXPECT_EQ(found->name, name);
    EXPECT_EQ(found->groups, 30);
    EXPECT_EQ(found->agreement, 1);
    EXPECT_NEAR(found->chance, 0.1 + 0.9 / 3, 0.01);
  }
  EXPECT_TRUE(find_group_column(table("patient", 10, 10, false)));
}

TEST(Groups, other_names_other_targets_and_groups_of_one_row_are_none) {
  EXPECT_FALSE(find_group_column(table("colour", 10, 10)));
  EXPECT_FALSE(find_group_column(table("paid", 10, 10)));
  EXPECT_FALSE(find_group_column(table("patient", 10, 3)));
  EXPECT_FALSE(find_group_column(table("patient", 10, 5, false)));
  EXPECT_FALSE(find_group_column(table("patient", 1, 10)));
}

}  // namespace
}  // namespace tend::groups_test
