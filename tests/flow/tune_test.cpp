#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "program.h"

namespace tend::tune_test {
namespace {

constexpr const char* study = R"(seed = 5
[tune]
direction = "minimize"
steps = 9
budget_steps = 30
[tune.parameters]
rate = { log_uniform = [1e-5, 1.0] }
units = { ordinal = [16, 32, 64] }
)";

TEST(TuneFlow, another_program_asks_and_tells) {
  const Folder f;
  f.write("study.toml", study);
  f.write("lines.txt",
          "{\"ask\": true}\n{\"tell\": 0, \"values\": [0.5], \"training\": [0.6]}\n"
          "{\"ask\": true}\n{\"tell\": 0, \"values\": [0.4], \"training\": [0.5]}\n"
          "{\"ask\": true}\n{\"tell\": 1, \"values\": [null]}\n{\"tell\": 9, \"values\": [1]}\n\nnonsense\n{\"ask\": true}\n");
  const Said said = f.tend("tune study.toml --ask-tell", "", "lines.txt");
  EXPECT_EQ(said.code, 0) << said.error;
  std::vector<nlohmann::json> answers;
  std::istringstream lines(said.out);
  for (std::string line; std::getline(lines, line);) answers.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(answers.size(), 9U) << said.out;
  EXPECT_EQ(answers[0]["trial"], 0);
  EXPECT_EQ(answers[0]["from_step"], 0);
  EXPECT_EQ(answers[0]["to_step"], 1);
  EXPECT_TRUE(answers[0]["parameters"]["rate"].is_number());
  EXPECT_EQ(answers[1]["state"], "waiting");
  EXPECT_EQ(answers[2]["trial"], 0);  // the first value may be that of the network as it was initialized
  EXPECT_EQ(answers[2]["to_step"], 2);
  EXPECT_EQ(answers[3]["state"], "waiting");
  EXPECT_TRUE(answers[3]["cause"].is_null());
  EXPECT_EQ(answers[5]["state"], "stopped");
  EXPECT_EQ(answers[5]["cause"], "not-finite");
  EXPECT_TRUE(answers[6].contains("error"));  // no such trial: nothing is changed
  EXPECT_TRUE(answers[7].contains("error"));
  EXPECT_EQ(answers[8]["trial"], 2);
}

constexpr const char* experiment = R"(seed = 3
[data]
source = { generate = "blobs", rows = 300, classes = 3, noise = 1.5 }
validation = 0.3
test = 0.2
[network]
layers = [{ dense = 8 }, "relu", { dense = 3 }]
[loss]
name = "softmax_cross_entropy"
[update]
optimizer = { name = "momentum", learning_rate = 0.001 }
[train]
epochs = 9
batch_size = 16
[tune]
trials = 10
final_seeds = 2
parallel = 2
parameters = { "update.optimizer.learning_rate" = { log_uniform = [1e-3, 1.0] } }
)";

TEST(TuneFlow, an_experiment_is_searched_and_the_winner_is_a_run) {
  const Folder f;
  f.write("e.toml", experiment);
  const Said said = f.tend("tune e.toml --run s --json");
  EXPECT_EQ(said.code, 0) << said.error;
  const nlohmann::json summary = said.json();
  EXPECT_EQ(summary["trials"].size(), 10U);
  EXPECT_EQ(summary["trials"][0]["parameters"]["update.optimizer.learning_rate"], 0.001);
  EXPECT_EQ(summary["stop_reason"], "all 10 trials have been given");
  EXPECT_LT(summary["final"]["best"]["validation"]["loss"]["mean"], summary["final"]["given"]["validation"]["loss"]["mean"]);
  EXPECT_EQ(summary["final"]["best"]["test"]["loss"]["runs"], 2);
  EXPECT_EQ(f.tend("evaluate s/best").code, 0);
  EXPECT_EQ(f.tend("verify s/best").code, 0);
  EXPECT_NE(f.tend("diagnose s/best").out.find("has no record"), std::string::npos);
  EXPECT_NE(f.tend("tune e.toml --run runs/t --trials 2 --set tune.final_seeds=0").code, 2);
  EXPECT_EQ(f.tend("tune --show latest").out, f.tend("tune --show t").out);
  EXPECT_NE(f.read("s/study.html").find("<svg"), std::string::npos);
  const std::string csv = f.read("s/trials.csv");
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 11);
  const nlohmann::json shown = f.tend("tune --show s --json").json();
  EXPECT_EQ(shown["trials"], summary["trials"]);
  EXPECT_EQ(shown["best"], summary["best"]);
  // The same command goes on; here nothing is left to do.
  const nlohmann::json again = f.tend("tune e.toml --run s --json").json();
  EXPECT_EQ(again["trials"], summary["trials"]);
  const nlohmann::json further = f.tend("tune e.toml --run s --json --trials 12").json();
  EXPECT_EQ(further["trials"].size(), 12U);
}

TEST(TuneFlow, bare_data_gets_a_space_that_is_explained) {
  const Folder f;
  std::string csv = "a,b,label\n";
  for (int i = 0; i < 120; ++i)
    csv += std::to_string(i % 17) + "," + std::to_string(i % 7) + "," + (i % 17 + i % 7 > 11 ? "yes" : "no") + "\n";
  f.write("d.csv", csv);
  const Said said = f.tend("tune d.csv --run s --trials 4 --set tune.final_seeds=1 --epochs 4");
  EXPECT_EQ(said.code, 0) << said.error;
  for (const char* text : {"tune.parameters", "update.optimizer.learning_rate", "hidden_units"})
    EXPECT_NE(said.error.find(text), std::string::npos) << text;
  EXPECT_NE(said.out.find("which no trial has seen"), std::string::npos) << said.out;
  EXPECT_NE(f.read("s/best/experiment.toml").find("pack = 30"), std::string::npos) << f.read("s/best/experiment.toml");
  EXPECT_NE(f.read("s/study.toml").find("pack = 5"), std::string::npos);
}

TEST(TuneFlow, a_search_that_is_stopped_goes_on_and_another_process_may_help) {
  const Folder f;
  f.write("e.toml", experiment);
  const nlohmann::json whole = f.tend("tune e.toml --run a --json").json();
  const Said first = f.tend("tune e.toml --run b --json --time 0.05s --set tune.final_seeds=2");
  EXPECT_TRUE(first.code == 0 || first.code == 1) << first.error;
  EXPECT_EQ(f.tend("tune --worker b --quiet").code, 0);  // makes all that is left of the search
  const nlohmann::json rest = f.tend("tune e.toml --run b --json").json();
  ASSERT_EQ(rest["trials"].size(), whole["trials"].size());
  for (std::size_t i = 0; i < whole["trials"].size(); ++i) {
    EXPECT_EQ(rest["trials"][i]["values"], whole["trials"][i]["values"]);
    EXPECT_EQ(rest["trials"][i]["parameters"], whole["trials"][i]["parameters"]);
  }
}

TEST(TuneFlow, a_time_too_short_for_one_epoch_says_what_to_do) {
  const Folder f;
  f.write("e.toml", experiment);
  const Said said = f.tend("tune e.toml --run s --time 0.0001s");
  EXPECT_EQ(said.code, 1);
  EXPECT_NE(said.out.find("none has ended its first epoch"), std::string::npos) << said.out;
}

TEST(TuneFlow, a_wrong_search_is_one_clear_error) {
  const Folder f;
  f.write("e.toml", experiment);
  f.tend("train e.toml --run r --epochs 1");
  EXPECT_EQ(f.tend("tune e.toml --run r").code, 2);
  EXPECT_EQ(f.tend("tune --show r").code, 66);
  EXPECT_EQ(f.tend("tune --show none").code, 66);
  EXPECT_EQ(f.tend("tune e.toml --time soon").code, 2);
  const Said space = f.tend("tune e.toml --set 'tune.parameters={\"update.optimizer.lr\"={uniform=[0.1,0.2]}}'");
  EXPECT_EQ(space.code, 2);
  EXPECT_NE(space.error.find("tune.parameters.update.optimizer.lr"), std::string::npos) << space.error;
  EXPECT_EQ(f.tend("tune e.toml --run s --quiet").code, 0);
  EXPECT_EQ(f.tend("tune e.toml --run s --seed 9").code, 2);  // another study
  EXPECT_EQ(f.tend("tune e.toml --run s --seed 9 --overwrite --quiet").code, 0);
}

TEST(TuneFlow, a_wrong_study_is_one_clear_error) {
  const Folder f;
  EXPECT_EQ(f.tend("tune none.toml --ask-tell").code, 66);
  f.write("a.toml", "seed = 1\n");
  EXPECT_EQ(f.tend("tune a.toml --ask-tell").code, 2);
  f.write("b.toml", "seed = 1\n[train]\nepochs = 3\n");
  EXPECT_EQ(f.tend("tune b.toml --ask-tell").code, 2);
  f.write("c.toml", "[tune]\nparameters = { a = { uniform = [2.0, 1.0] } }\n");
  const Said said = f.tend("tune c.toml --ask-tell");
  EXPECT_EQ(said.code, 2);
  EXPECT_NE(said.error.find("parameters.a"), std::string::npos) << said.error;
}

}  // namespace
}  // namespace tend::tune_test
