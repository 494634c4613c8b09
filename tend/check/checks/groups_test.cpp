#include "tend/check/checks/groups.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::checks_groups_test {

namespace {

/// small_classes whose first column says to which of 20 patients, all of one class, a row belongs.
CheckResult result(const std::string& name, const Value& group = {}, const std::string& split = "shuffle") {
  Dataset data = small_classes();
  for (std::int64_t r = 0; r < data.rows(); ++r) {
    const double patient = static_cast<double>(r % 7) + 10 * data.y.as<double>()[r];
    data.x.as<double>()[2 * r] = patient;
    data.groups.push_back(patient);
  }
  data.columns[0].name = name;
  Experiment e = small_experiment("[{ dense = 3 }]");
  e.data.split = split;
  e.data.group = group;
  const Training training(e, data);
  return Groups{}.run(Setup(training)).at(0);
}

}  // namespace

TEST(GroupsCheck, names_a_column_of_patients_in_several_parts) {
  const CheckResult r = result("patient");
  EXPECT_EQ(r.verdict, Verdict::warn) << r.message;
  EXPECT_EQ(r.cause, "data-leak");
  ASSERT_EQ(r.changes.size(), 1u);
  EXPECT_EQ(r.changes[0].path, "data.group");
  EXPECT_EQ(r.changes[0].value, Value("patient"));
}

TEST(GroupsCheck, passes_other_columns_and_leaves_out_groups_that_stay_together) {
  EXPECT_EQ(result("width").verdict, Verdict::pass);
  EXPECT_EQ(result("patient", "patient").verdict, Verdict::skipped);
  EXPECT_EQ(result("patient", {}, "last").verdict, Verdict::skipped);
}

}  // namespace tend::checks_groups_test
