#include "tend/check/checks/resources.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::resources_test {

TEST(Resources, counts_state_gradients_and_arena) {
  const Dataset data = small_classes();
  const Training training(small_experiment(R"([{ dense = 1000 }, "relu", { dense = 3 }])"), data);
  const std::int64_t bytes = Resources::needed_bytes(training.engine());
  const std::int64_t parameters = 2 * 1000 + 1000 + 1000 * 3 + 3;
  EXPECT_GT(bytes, parameters * 4 * (2 * 3 + 1));  // weights and Adam's two moments, twice, and gradients
  EXPECT_LT(bytes, parameters * 4 * 7 + (4 << 20));
}

TEST(Resources, warns_where_the_memory_is_not_free) {
  const Dataset data = small_classes();
  const Training training(small_experiment("[{ dense = 3 }]"), data);
  const tend::Setup setup(training);  // testing::Test has a private one of that name
  EXPECT_EQ(Resources{}.judge(setup, 1000).at(0).verdict, Verdict::warn);
  EXPECT_EQ(Resources{}.judge(setup, std::int64_t{1} << 40).at(0).verdict, Verdict::pass);
  EXPECT_GT(free_memory_bytes(), 0);
}

TEST(Resources, advises_a_batch_that_fits_where_one_does) {
  const Dataset data = small_classes();
  const Experiment experiment = small_experiment(R"([{ dense = 64 }, "relu", { dense = 3 }])", "[train]\nbatch_size = 128\n");
  const Training training(experiment, data), one(changed(experiment, {{.path = "train.batch_size", .value = 1}}), data);
  const std::int64_t free = (Resources::needed_bytes(training.engine()) + Resources::needed_bytes(one.engine())) / 2;
  const CheckResult r = Resources{}.judge(tend::Setup(training), free).at(0);
  EXPECT_EQ(r.changes.at(0).path, "train.batch_size");
  const Training smaller(changed(experiment, r.changes), data);
  EXPECT_EQ(Resources{}.judge(tend::Setup(smaller), free).at(0).verdict, Verdict::pass);
  EXPECT_FALSE(Resources{}.judge(tend::Setup(training), 1000).at(0).advice.empty()) << "not even one row fits";
}

}  // namespace tend::resources_test
