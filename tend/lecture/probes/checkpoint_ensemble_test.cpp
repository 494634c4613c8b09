#include "tend/lecture/probes/checkpoint_ensemble.h"

#include "tend/lecture/probes_test.h"

namespace tend::checkpoint_ensemble_test {
namespace {

TEST(CheckpointEnsemble, averages_the_checkpoints_after_the_skipped_epochs) {
  const Measures m = probed("{ checkpoint_ensemble = 2, skips = 1 }", R"(["flatten", { dense = 12 }, "tanh", { dense = 10 }])",
                            "\"train.epochs\" = 6");
  EXPECT_EQ(m.values.at("ensemble.count"), 2);  // after epochs 3 and 5
  EXPECT_NEAR(m.values.at("ensemble.last.loss"), m.values.at("epoch_5.validation.loss"), 1e-5);
  EXPECT_NEAR(m.values.at("ensemble.mean.loss"),
              (m.values.at("epoch_3.validation.loss") + m.values.at("epoch_5.validation.loss")) / 2, 1e-5);
  EXPECT_LE(m.values.at("ensemble.loss"), m.values.at("ensemble.mean.loss"));  // the logarithm is concave
}

TEST(CheckpointEnsemble, measures_nothing_in_a_training_that_is_shorter_than_its_distance) {
  EXPECT_EQ(probed("{ checkpoint_ensemble = 9 }").values.count("ensemble.loss"), 0U);
}

}  // namespace
}  // namespace tend::checkpoint_ensemble_test
