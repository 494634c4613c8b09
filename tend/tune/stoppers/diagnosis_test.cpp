#include "tend/tune/stoppers/diagnosis.h"

#include "tend/tune/stopper_registry.h"
#include "tend/tune/stoppers_test.h"

namespace tend::diagnosis_test {

TEST(Diagnosis, stops_a_trial_with_the_name_of_its_first_finding) {
  Study study = curves(9, {{1, 2}, {1, 2}});
  study.trials[1].findings = {"dying_relu", "plateau"};
  EXPECT_EQ(Diagnosis{}.cause(study, study.trials[0]), "");
  EXPECT_EQ(Diagnosis{}.cause(study, study.trials[1]), "dying_relu");
}

TEST(Diagnosis, is_the_only_one_that_wants_findings) {
  for (const auto& entry : builtin_stoppers().entries())
    EXPECT_EQ(builtin_stoppers().make_named(entry.name, "s")->wants_findings(), entry.name == "diagnosis") << entry.name;
}

}  // namespace tend::diagnosis_test
