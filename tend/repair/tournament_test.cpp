#include "tend/repair/tournament.h"

#include <cstring>

#include "tend/check/checks_test.h"
#include "tend/train/run.h"

namespace tend::tournament_test {

const std::string relu = R"([{ dense = 16 }, "relu", { dense = 3 }])";

Changes rate(double value) { return {{.path = "update.optimizer.learning_rate", .value = value}}; }

std::optional<Winner> winner_of(const std::vector<Proposal>& proposals, const std::string& layers, const std::string& more,
                                const TournamentOptions& options = {}) {
  const Training training(small_experiment(layers, more), small_classes());
  const TrialContext context(training.engine());
  return best_of(proposals, context, options);
}

TEST(Tournament, finds_the_change_that_makes_a_dead_run_learn) {
  const auto winner = winner_of(
      {{"worse", rate(1e-9)}, {"clip", {{.path = "update.clip_norm", .value = 1.0}}}, {"good", rate(0.01)}}, relu,
      "[update]\noptimizer = { name = \"adam\", learning_rate = 1e-8 }\n");
  ASSERT_TRUE(winner);
  EXPECT_EQ(winner->proposal.remedy, "good");
  EXPECT_GT(winner->comparison.after, 0.6);
  EXPECT_LT(winner->comparison.before, 0.45);
  EXPECT_GT(winner->comparison.gain, winner->comparison.noise);
  EXPECT_EQ(winner->comparison.seeds, 2);
  EXPECT_TRUE(winner->comparison.is_on_held_out);
}

TEST(Tournament, has_no_winner_where_nothing_helps) {
  EXPECT_FALSE(winner_of({{"lower", rate(0.005)}, {"higher", rate(0.02)}, {"tiny", rate(1e-9)}}, relu, ""));
  EXPECT_FALSE(winner_of({}, relu, ""));
}

TEST(Tournament, leaves_out_what_does_not_fit_and_what_is_dear) {
  const std::string dead = "[update]\noptimizer = { name = \"adam\", learning_rate = 1e-8 }\n";
  const Changes dear{{.path = "network.layers.dense_1.dense", .value = 20000}};
  const auto winner = winner_of({{"no such layer", {{.path = "network.layers.dense_9.dense", .value = 3}}},
                                 {"dear", joined(dear, rate(0.01))},
                                 {"good", rate(0.01)}},
                                relu, dead, {.least_flops = 1e9, .cheap_flops = 1e9});
  ASSERT_TRUE(winner);
  EXPECT_EQ(winner->proposal.remedy, "good");
}

TEST(Tournament, prefers_the_smaller_of_two_changes_that_are_as_good) {
  const std::string dead = "[update]\noptimizer = { name = \"adam\", learning_rate = 1e-8 }\n";
  const Changes idle{{.path = "update.clip_norm", .value = 1e6}};
  const auto winner = winner_of({{"both", joined(rate(0.02), idle)}, {"one", rate(0.02)}}, relu, dead);
  ASSERT_TRUE(winner);
  EXPECT_EQ(winner->proposal.remedy, "one");
}

TEST(Tournament, prefers_the_earlier_of_two_proposals_that_are_as_good) {
  const std::string dead = "[update]\noptimizer = { name = \"adam\", learning_rate = 1e-8 }\n";
  const auto winner = winner_of({{"first", rate(0.02)}, {"second", rate(0.021)}, {"third", rate(0.022)}}, relu, dead);
  ASSERT_TRUE(winner);
  EXPECT_EQ(winner->proposal.remedy, "first");
}

TEST(Tournament, ends_where_the_best_is_nearly_perfect) {
  const std::string dead = "[update]\noptimizer = { name = \"adam\", learning_rate = 1e-8 }\n[train]\nepochs = 200\n";
  const auto steps_with = [&](double good) {
    const auto winner = winner_of({{"good", rate(good)}, {"idle", rate(1e-9)}, {"still", rate(2e-9)}, {"dead", rate(3e-9)}}, relu,
                                  dead, {.share = 0.5, .least_flops = 1e6});
    EXPECT_TRUE(winner);
    return winner ? winner->comparison.steps : 0;
  };
  EXPECT_LT(steps_with(0.05), steps_with(0.0005));
}

TEST(Tournament, does_not_change_the_run) {
  const Training training(small_experiment(relu), small_classes());
  const Block before = training.engine().state();
  const TrialContext context(training.engine());
  best_of({{"lower", rate(1e-4)}, {"higher", rate(0.1)}}, context);
  EXPECT_EQ(std::memcmp(before.data(), training.engine().state().data(), static_cast<std::size_t>(before.bytes())), 0);
  EXPECT_EQ(training.engine().counters().step, 0);
}

TEST(Tournament, counts_a_run_that_breaks_as_worse_than_chance) {
  const auto winner = winner_of({{"lower", rate(1e-8)}}, relu,
                                "[update]\noptimizer = { name = \"sgd\", learning_rate = 1e30 }\n");
  EXPECT_FALSE(winner) << "finite numbers alone are no gain";
}

/// The winner of proposals for a wide network without validation rows on `data`, whose rate is far too low.
std::optional<Winner> winner_without_validation(const Dataset& data) {
  Experiment experiment = small_experiment(
      R"([{ dense = 256 }, "relu", { dense = 256 }, "relu", { dense = 3 }])",
      "[update]\noptimizer = { name = \"adam\", learning_rate = 1e-8 }\n[train]\nepochs = 200\n");
  experiment.data.validation = 0;
  const Training training(experiment, data);
  const TrialContext context(training.engine());
  return best_of({{"good", rate(0.01)}}, context, {.least_flops = 1e10});
}

TEST(Tournament, judges_by_rows_that_its_trainings_leave_out_where_there_is_no_validation_part) {
  const auto winner = winner_without_validation(small_classes(600));
  ASSERT_TRUE(winner);
  EXPECT_TRUE(winner->comparison.is_on_held_out);
  EXPECT_EQ(winner->comparison.rows, 600 / 5) << "a fifth of the training rows";
}

TEST(Tournament, finds_no_gain_in_labels_that_have_nothing_to_do_with_the_inputs) {
  Dataset data = small_classes(600);
  Array y({600, 1}, ElementType::float64);
  Random random(3, purpose("random labels"));
  for (std::int64_t i = 0; i < 600; ++i) y.as<double>()[i] = std::floor(3 * random.uniform());
  EXPECT_FALSE(winner_without_validation(Dataset::classification(data.x, y, 3))) << "the network can learn all training rows";
}

}  // namespace tend::tournament_test
