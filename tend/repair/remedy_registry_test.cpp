#include "tend/repair/remedy_registry.h"

#include "tend/check/checks_test.h"

namespace tend::remedy_registry_test {

TEST(Proposals, leave_out_settings_that_are_so_already) {
  const Experiment experiment = small_experiment(R"([{ dense = 8 }, "sigmoid", { dense = 3 }])",
                                                 "[prepare]\nsteps = []\n[loss]\nname = \"softmax_cross_entropy\"\n");
  const Dataset data = small_classes();
  const Training training(experiment, data);
  const TrialContext context(training.engine());
  int usual = 0;
  for (const Proposal& p : proposals_against("activation-hidden", context)) {
    usual += p.remedy == "usual_setup";
    for (const Change& change : p.changes) EXPECT_NE(change.path, "loss.name") << p.remedy << ": " << text_of(change);
  }
  EXPECT_GT(usual, 0);
}

}  // namespace tend::remedy_registry_test
