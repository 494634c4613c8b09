#include "tend/study/tuning.h"

#include <thread>

#include "tend/record/run_directory.h"
#include "tend/store/server_test.h"
#include "tend/study/study_result.h"
#include "tend/study/study_test.h"

namespace tend::tuning_test {

constexpr const char* rate_and_width = R"(
parameters = { "update.optimizer.learning_rate" = { log_uniform = [1e-3, 100.0] }, "network.layers.dense_1.dense" = { int = [4, 16] } }
parallel = 2
final_seeds = 2
)";

StudyResult search(const SmallStudy& small, const std::string& folder, int threads, std::stop_token stop = {}) {
  Tuning tuning(small.experiment, small.data, folder, {.threads = threads, .places = {}, .stop = stop, .on_event = {}});
  const std::string end = tuning.search();
  return result_of(tuning.desk(), tuning.store(), folder, end);
}

void expect_equal(const StudyResult& a, const StudyResult& b) {
  ASSERT_EQ(a.trials.size(), b.trials.size());
  for (std::size_t i = 0; i < a.trials.size(); ++i) {
    EXPECT_EQ(a.trials[i].place, b.trials[i].place);
    EXPECT_EQ(a.trials[i].values.size(), b.trials[i].values.size());
    EXPECT_EQ(a.trials[i].state, b.trials[i].state);
    EXPECT_EQ(a.trials[i].cause, b.trials[i].cause);
    EXPECT_TRUE(a.trials[i].value == b.trials[i].value || std::isnan(b.trials[i].value));
  }
}

/// The place of a study as [tune] has it: in its folder, or on a server.
std::string store_of(const std::string& place) { return place.starts_with("postgresql:") ? "\nstore = '" + place + "'" : ""; }

class TuningOnEachStore : public OnEachStore {
 protected:
  /// The study as it is with SQLite, to compare with.
  StudyResult usual(const std::string& tune) const {
    std::filesystem::create_directories(folder_.path + "/usual");
    return search(SmallStudy(tune), folder_.path + "/usual", 2);
  }
  StudyResult found(const std::string& tune, int threads = 2, std::stop_token stop = {}) const {
    std::filesystem::create_directories(folder_.path + "/found");
    return search(SmallStudy(tune + store_of(place())), folder_.path + "/found", threads, stop);
  }
  StudyFolder folder_{};
};
TEND_ON_EACH_STORE(TuningOnEachStore);

TEST(Tuning, finds_a_good_rate_and_says_why_trials_stopped) {
  const SmallStudy small(std::string(rate_and_width) + "budget = 8");
  StudyFolder folder;
  const StudyResult result = search(small, folder.path, 2);
  EXPECT_EQ(result.end, "the budget of 72 epochs is spent");
  ASSERT_TRUE(result.best);
  EXPECT_LT(result.trials[*result.best].value, 0.9);
  EXPECT_GT(result.trials.size(), 15U);
  bool has_cause = false;
  for (const std::string& line : cause_texts(result))
    has_cause |= line.find("cost-explosion") != std::string::npos || line.find("not-finite") != std::string::npos;
  EXPECT_TRUE(has_cause);
  ASSERT_EQ(result.importance.size(), 2U);
  EXPECT_NEAR(result.importance[0] + result.importance[1], 1, 1e-12);
  const std::string csv = result_to_csv(result);
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), static_cast<std::ptrdiff_t>(result.trials.size() + 1));
}

TEST(Tuning, the_first_trial_has_the_given_values_unless_that_is_not_wanted) {
  const SmallStudy small(std::string(rate_and_width) + "trials = 2\nsampler = 'random'");
  const auto first_width = [&](bool begins_as_given) {
    const StudyFolder folder;
    Tuning tuning(small.experiment, small.data, folder.path,
                  {.threads = 1, .places = {}, .stop = {}, .on_event = {}, .begins_as_given = begins_as_given});
    tuning.search();
    return result_of(tuning.desk(), tuning.store(), folder.path, "").trials[0].place;
  };
  EXPECT_EQ(first_width(true), place_of(small.experiment, read_search_space(*small.experiment.tune.find("parameters"))));
  EXPECT_NE(first_width(false), first_width(true));
}

TEST(Tuning, the_search_does_not_depend_on_the_number_of_threads) {
  const SmallStudy small(std::string(rate_and_width) + "budget = 5");
  StudyFolder folder;
  std::filesystem::create_directories(folder.path + "/a");
  std::filesystem::create_directories(folder.path + "/b");
  expect_equal(search(small, folder.path + "/a", 1), search(small, folder.path + "/b", 3));
}

TEST_P(TuningOnEachStore, a_study_that_was_stopped_goes_on_to_the_same_end) {
  const std::string tune = std::string(rate_and_width) + "budget = 5";
  const SmallStudy small(tune + store_of(place()));
  std::filesystem::create_directories(folder_.path + "/found");
  for (int times = 0; times < 3; ++times) {
    std::stop_source stop;
    int trials = 0;
    Tuning tuning(small.experiment, small.data, folder_.path + "/found",
                  {.threads = 2, .places = {}, .stop = stop.get_token(), .on_event = [&](const TuningEvent&) {
                     if (++trials == 4) stop.request_stop();
                   }});
    tuning.search();
  }
  const StudyResult whole = usual(tune), rest = found(tune);
  expect_equal(whole, rest);
  EXPECT_EQ(rest.end, whole.end);
}

TEST_P(TuningOnEachStore, a_finished_study_goes_further_under_a_wider_limit_and_refuses_other_changes) {
  EXPECT_EQ(found(std::string(rate_and_width) + "trials = 6").trials.size(), 6U);
  EXPECT_EQ(found(std::string(rate_and_width) + "trials = 9").trials.size(), 9U);
  EXPECT_THROW(found(std::string(rate_and_width) + "trials = 6\nsampler = 'random'"), Error);
}

TEST_P(TuningOnEachStore, several_processes_make_the_study_of_one) {
  const std::string tune = std::string(rate_and_width) + "budget = 12\nwiden = true";
  const StudyResult whole = usual(tune);
  {
    std::vector<std::jthread> processes;  // as far as their stores are concerned
    for (int i = 0; i < 3; ++i) processes.emplace_back([&] { expect_equal(found(tune, 1), whole); });
  }
}

class TuningOnAServer : public OnAServer {
 protected:
  StudyResult found(const std::string& tune, const std::string& name) const {
    std::filesystem::create_directories(folder_.path + "/" + name);
    return search(SmallStudy(tune), folder_.path + "/" + name, 2);
  }
  StudyFolder folder_{};
};

TEST_F(TuningOnAServer, that_restarts_ends_as_with_sqlite) {
  const std::string tune = std::string(rate_and_width) + "budget = 40\nwiden = true";
  const StudyResult whole = found(tune, "usual");
  std::jthread restarts([] {
    for (const char* mode : {"immediate", "fast"}) {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      test_server().stop(mode);
      test_server().start();
    }
  });
  expect_equal(found(tune + store_of(test_server().address("restarted")), "found"), whole);
}

TEST_F(TuningOnAServer, leaves_no_password_in_a_file_or_a_row) {
  const SmallStudy small(std::string(rate_and_width) + "trials = 2" + store_of(test_server().address("hidden", "tend:secret")));
  Tuning tuning(small.experiment, small.data, folder_.path, {.threads = 1, .places = {}, .stop = {}, .on_event = {}});
  tuning.search();
  tuning.compare();
  EXPECT_EQ(std::system(("! grep -r secret " + folder_.path).c_str()), 0);
  for (const SqlRow& row : tuning.store().database().run("SELECT key, value FROM about"))
    EXPECT_EQ(row.text(1).find("secret"), std::string::npos) << row.text(0);
}

TEST(Tuning, a_store_that_is_none_is_named) {
  StudyFolder folder;
  try {
    search(SmallStudy(std::string(rate_and_width) + "trials = 6\nstore = 'mysql://u:secret@h/d'"), folder.path, 1);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.where, "tune.store");
    EXPECT_EQ(std::string(e.what()).find("secret"), std::string::npos) << e.what();
  }
}

TEST(Tuning, trials_that_end_at_once_on_several_threads_are_compared_one_after_the_other) {
  const SmallStudy small(R"(
parameters = { "update.optimizer.learning_rate" = { log_uniform = [1e-3, 100.0] } }
parallel = 8
trials = 64
sampler = 'random'
stopper = 'none'
)");
  StudyFolder folder;
  std::vector<double> bests, all;
  const auto keep = [&](const TuningEvent& event) {
    if (event.kind != TuningEvent::Kind::trial) return;
    all.push_back(event.value);
    if (event.is_best) bests.push_back(event.value);
  };
  Tuning(small.experiment, small.data, folder.path, {.threads = 8, .places = {}, .stop = {}, .on_event = keep}).search();
  std::vector<double> expected;  // what one thread says of these values in this order
  for (const double v : all)
    if (std::isfinite(v) && (expected.empty() || v < expected.back())) expected.push_back(v);
  EXPECT_EQ(all.size(), 64U);
  EXPECT_EQ(bests, expected);
}

TEST(Tuning, the_winner_is_chosen_on_more_seeds_and_compared_on_rows_that_no_trial_has_seen) {
  const SmallStudy small(std::string(rate_and_width) + "trials = 8");
  StudyFolder folder;
  Tuning tuning(small.experiment, small.data, folder.path, {.threads = 2, .places = {}, .stop = {}, .on_event = {}});
  tuning.search();
  tuning.compare();
  const StudyResult result = result_of(tuning.desk(), tuning.store(), folder.path, "");
  EXPECT_EQ(result.final.runs.size(), 6U);  // two trials and the given experiment, two seeds each
  const MeanAndDeviation winner = result.final.spread(result.final.winner, "validation.loss");
  EXPECT_EQ(winner.count, 2U);
  for (const FinalRun& run : result.final.runs) EXPECT_LE(winner.mean, result.final.spread(run.trial, "validation.loss").mean);
  EXPECT_FALSE(result.final.runs[0].test.empty());
  const Experiment best = Experiment::read(folder.path + "/best/experiment.toml");
  EXPECT_TRUE(best.tune.is_null());
  EXPECT_NO_THROW(Model::load(folder.path + "/best/model.safetensors"));
}

TEST(Tuning, the_last_comparison_trains_packs_of_the_wanted_number_of_networks_or_as_many_as_the_time_allows) {
  const SmallStudy small(std::string(rate_and_width) + "trials = 4\nfinal_pack = 4");
  for (const double seconds : {0.0, 1e-6}) {
    StudyFolder folder;
    search(small, folder.path, 2);
    std::vector<std::string> notes;
    const auto keep = [&](const TuningEvent& event) {
      if (event.kind == TuningEvent::Kind::note) notes.push_back(event.text);
    };
    Tuning tuning(small.experiment, small.data, folder.path,
                  {.threads = 2, .seconds = seconds, .places = {}, .stop = {}, .on_event = keep});
    tuning.desk().look();
    tuning.compare();
    EXPECT_EQ(result_of(tuning.desk(), tuning.store(), folder.path, "").final.runs.size(), seconds > 0 ? 1U : 6U);
    EXPECT_EQ(Experiment::read(folder.path + "/best/experiment.toml").network.pack, seconds > 0 ? 1 : 4);
    EXPECT_EQ(notes.empty(), seconds == 0);
    if (seconds == 0) continue;
    ASSERT_EQ(notes.size(), 2U);
    EXPECT_TRUE(notes[0].starts_with("The comparison at the end trains 1 network instead of 4")) << notes[0];
    EXPECT_EQ(notes[1], "The comparison at the end has 1 training instead of 6: there is no time for more.");
  }
}

TEST(Tuning, a_bad_space_is_refused_before_anything_is_trained) {
  StudyFolder folder;
  for (const char* parameters :
       {"{ \"update.optimizer.lr\" = { uniform = [0.1, 0.2] } }", "{ \"train.batch_size\" = { int = [0, 8] } }",
        "{ \"update.optimizer\" = { choice = [\"sgd\", \"sdg\"] } }", "{ \"seed\" = { int = [1, 5] } }"}) {
    const SmallStudy small("parameters = " + std::string(parameters) + "\ntrials = 3");
    try {
      search(small, folder.path, 1);
      FAIL() << parameters;
    } catch (const Error& e) {
      EXPECT_NE(std::string(e.what()).find("tune.parameters."), std::string::npos) << e.what();
    }
  }
}

}  // namespace tend::tuning_test
