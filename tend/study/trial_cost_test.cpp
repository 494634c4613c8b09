#include "tend/study/trial_cost.h"

#include <cmath>

#include "tend/study/study_result.h"
#include "tend/study/trial_test.h"
#include "tend/study/tuning.h"

namespace tend::trial_cost_test {

std::shared_ptr<const Plan> plan_of(Trial& t, int width, std::int64_t batch) {
  return t.plans.plan(parse_toml("\"network.layers.dense_1.dense\" = " + std::to_string(width) +
                                     "\n\"train.batch_size\" = " + std::to_string(batch),
                                 "p"),
                      9);
}

TEST(TrialCost, grows_with_the_network_and_with_the_steps) {
  Trial t;
  const TrialCost small = cost_of(*plan_of(t, 8, 16), 1), wide = cost_of(*plan_of(t, 400, 16), 1),
                  short_steps = cost_of(*plan_of(t, 8, 2), 1);
  EXPECT_GT(wide.flops, 20 * small.flops);
  EXPECT_GT(wide.memory_bytes, small.memory_bytes + 400 * 5 * 4 * 3);
  EXPECT_GT(short_steps.nominal, 3 * small.nominal);  // eight times as many steps with the same arithmetic
  EXPECT_NEAR(short_steps.flops, small.flops, 0.1 * small.flops);
}

TEST(TrialClock, learns_the_speed_of_the_machine_from_trials) {
  TrialClock clock;
  const TrialCost cost{.flops = 1e9, .nominal = 1, .memory_bytes = 1};
  EXPECT_NEAR(clock.seconds(cost, 10), 10, 0.01);
  EXPECT_LT(clock.least_seconds(cost, 10), 6);  // nobody knows yet
  for (int i = 0; i < 40; ++i) clock.learn(cost, 4, i % 8 == 0 ? 100 : 12);
  EXPECT_NEAR(clock.seconds(cost, 10), 30, 0.1);
  EXPECT_NEAR(clock.least_seconds(cost, 10), 30, 0.1);
  for (int i = 0; i < 40; ++i) clock.learn(cost, 4, 4 + i % 2 * 4);  // the latest ones count
  EXPECT_NEAR(clock.least_seconds(cost, 10), 10, 0.1);
  clock.learn(cost, 0, 3);
  clock.learn(cost, 3, 0);
  EXPECT_TRUE(std::isfinite(clock.seconds(cost, 10)));
}

TEST(TrialClock, tries_steps_before_the_first_trial) {
  Trial t;
  TrialClock clock;
  clock.try_steps(t.plan, 1);
  const TrialCost cost = cost_of(*t.plan, 1);
  const double predicted = clock.seconds(cost, 6), measured = make_epochs(t.plan, {}, 0, 6, 1, {}).seconds;
  EXPECT_GT(measured, predicted / 30);  // as far as a loaded machine allows to say
  EXPECT_LT(measured, predicted * 30);
}

constexpr const char* rates = "parameters = { \"update.optimizer.learning_rate\" = { log_uniform = [1e-3, 1.0] } }\ntrials = 6\n";

TEST(Tuning, has_the_prediction_of_each_trial) {
  const SmallStudy small(rates);
  StudyFolder folder;
  std::vector<std::string> notes;
  Tuning tuning(small.experiment, small.data, folder.path,
                {.threads = 1, .places = {}, .stop = {}, .on_event = [&](const TuningEvent& e) {
                   if (e.kind == TuningEvent::Kind::note) notes.push_back(e.text);
                 }});
  const std::string end = tuning.search();
  const StudyResult result = result_of(tuning.desk(), tuning.store(), folder.path, end);
  for (const ListedTrial& trial : result.trials) {
    EXPECT_GT(trial.predicted.seconds, 0);
    EXPECT_GT(trial.predicted.flops, 1e4);
    EXPECT_GT(trial.predicted.memory_bytes, 1000);
  }
  ASSERT_FALSE(notes.empty());
  EXPECT_NE(notes[0].find("A whole trial, 9 epochs, will take about "), std::string::npos) << notes[0];
  EXPECT_NE(result_to_csv(result).find("seconds,predicted_seconds,memory_bytes,gflop"), std::string::npos);
}

TEST(Tuning, does_not_begin_a_trial_that_cannot_end_in_time) {
  const SmallStudy small(std::string(rates) + "final_seeds = 0");
  Experiment long_one = small.experiment;
  long_one.train.epochs = 4000000;
  long_one.tune["stopper"] = "none";
  StudyFolder folder;
  Tuning tuning(long_one, small.data, folder.path, {.threads = 1, .seconds = 2, .places = {}, .stop = {}, .on_event = {}});
  const std::string end = tuning.search();
  EXPECT_EQ(end.find("the next trial would take about "), 0U) << end;
  EXPECT_NE(end.find("of the 2 s are left for it"), std::string::npos) << end;
  for (const StoredWork& work : tuning.desk().works()) {
    EXPECT_TRUE(work.owner.empty());  // whoever has more time may make it
    EXPECT_FALSE(work.report);
  }
}

}  // namespace tend::trial_cost_test
