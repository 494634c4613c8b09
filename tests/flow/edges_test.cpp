#include <map>
#include <regex>

#include <gtest/gtest.h>

#include "program.h"

namespace tend::edges_test {
namespace {

/// A folder with flowers.csv and the experiment e.toml.
struct Garden : Folder {
  Garden() {
    write("flowers.csv", flowers(200));
    write("e.toml", flower_experiment);
  }
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(EdgesFlow, layers_given_by_a_flag_leave_everything_else_to_inference) {
  const Garden f;
  const Said said = f.tend(
      "train flowers.csv --target kind --json --epochs 3 --run r --set 'network.layers=[{dense=7},\"relu\",{dense=2}]'");
  ASSERT_EQ(said.code, 0) << said.error;
  EXPECT_EQ(said.json()["rows"]["validation"], 20);
  EXPECT_LT(said.json()["metrics"]["test"]["loss"], 1.0);
  const std::string saved = f.read("r/experiment.toml");
  for (const char* part : {"impute", "robust_scale", "dense = 7", "adamw"}) EXPECT_TRUE(has(saved, part)) << saved;
  const Said initializer = f.tend("train flowers.csv --target kind --print-config --set network.initializer=he_uniform");
  EXPECT_TRUE(has(initializer.out, "prepare.steps = [\"impute\"")) << initializer.out << initializer.error;
  EXPECT_TRUE(has(initializer.out, "network.initializer = \"he_uniform\"")) << initializer.out;
}

TEST(EdgesFlow, another_optimizer_keeps_the_learning_rate_of_the_file) {
  const Garden f;
  const Said shown = f.tend("train e.toml --print-config --set update.optimizer=sgd");
  EXPECT_TRUE(has(shown.out, "update.optimizer = { name = \"sgd\", learning_rate = 0.02")) << shown.out;
  ASSERT_EQ(f.tend("train e.toml --quiet --epochs 1 --run r --set update.optimizer=sgd").code, 0);
  EXPECT_TRUE(has(f.read("r/experiment.toml"), "learning_rate = 0.02")) << f.read("r/experiment.toml");
  const Said bare = f.tend("train flowers.csv --target kind --print-config --set update.optimizer=sgd");
  EXPECT_TRUE(has(bare.out, "update.optimizer = { name = \"sgd\", learning_rate = 0.01")) << bare.out;
}

TEST(EdgesFlow, keys_that_are_unknown_are_errors_in_every_section) {
  const Garden f;
  for (const char* set :
       {"dat.source=x", "data.sorce=x", "prepare.step=[]", "network.layer=[]", "network.layers.0.unit=3", "loss.nam=x",
        "update.optimiser=sgd", "update.optimizer.rate=1", "update.schedule={name=cosine,warmup=3}", "train.epoch=3",
        "train.early_stopping={patient=3}", "watch.polcy=observe", "tune.trails=3", "prepare.steps=[{resise=3}]"}) {
    const Said said = f.tend(std::string("train e.toml --run r --set '") + set + "'");
    EXPECT_EQ(said.code, 2) << set << said.error;
    EXPECT_TRUE(has(said.error, "tend: error:")) << set << said.error;
  }
  EXPECT_TRUE(has(f.tend("train e.toml --epochs 1 --run r --set tune.trials=3").error, "[tune] is not used"));
}

TEST(EdgesFlow, every_flag_of_the_help_is_accepted) {
  const Garden f;
  const std::string help = f.tend("train --help").out;
  const std::map<std::string, std::string> values{
      {"--set", "train.epochs=2"}, {"--target", "kind"},     {"--task", "classification"},
      {"--ignore", "height"},      {"--policy", "stop"},     {"--device", "cpu"},
      {"--learning-rate", "0.1"},  {"--run", f / "flagged"}, {"--seeds", "1,2"}};
  const std::regex flags("(--[a-z-]+)( [A-Z0-9=,]+)?");
  int seen = 0;
  for (std::sregex_iterator at(help.begin(), help.end(), flags), end; at != end; ++at) {
    const std::string flag = (*at)[1];
    if (flag == "--help" || flag == "--run") continue;
    const auto value = values.find(flag);
    const Said said = f.tend("train e.toml --print-config " + flag +
                             (value != values.end() ? " " + value->second
                              : (*at)[2].matched    ? " 3"
                                                    : ""));
    EXPECT_EQ(said.code, 0) << flag << ": " << said.error;
    ++seen;
  }
  EXPECT_GT(seen, 15);
}

TEST(EdgesFlow, under_the_policy_stop_a_failed_check_ends_the_run_before_its_first_step) {
  const Garden f;
  const std::string zeros = "--set network.initializer=zeros --json --run r --overwrite --policy ";
  const Said stopped = f.tend("train e.toml " + zeros + "stop");
  EXPECT_EQ(stopped.code, 3) << stopped.error;
  EXPECT_EQ(stopped.json()["status"], "stopped");
  EXPECT_EQ(stopped.json()["steps"], 0);
  EXPECT_EQ(f.tend("train e.toml " + zeros + "advise").code, 0);
}

TEST(EdgesFlow, a_run_is_replaced_only_with_overwrite) {
  const Garden f;
  ASSERT_EQ(f.tend("train e.toml --quiet --epochs 1 --run r").code, 0);
  const std::string model = f.read("r/model.safetensors"), summary = f.read("r/summary.json");
  const Said refused = f.tend("train e.toml --quiet --epochs 2 --run r");
  EXPECT_EQ(refused.code, 2);
  EXPECT_TRUE(has(refused.error, "--overwrite") && has(refused.error, "completed")) << refused.error;
  EXPECT_EQ(f.read("r/model.safetensors"), model);
  EXPECT_EQ(f.read("r/summary.json"), summary);
  EXPECT_EQ(f.tend("train e.toml --quiet --epochs 2 --run r --overwrite").code, 0);
  EXPECT_NE(f.read("r/model.safetensors"), model);
  EXPECT_EQ(f.tend("train e.toml --quiet --epochs 1 --seeds 1,2 --run s").code, 0);
  EXPECT_EQ(f.tend("train e.toml --quiet --epochs 1 --seeds 1,2 --run s").code, 2);
}

TEST(EdgesFlow, latest_is_the_newest_run_that_finished) {
  const Garden f;
  ASSERT_EQ(f.tend("train e.toml --quiet --epochs 1 --run runs/good").code, 0);
  EXPECT_EQ(
      f.tend("train e.toml --quiet --run runs/wild --set update.optimizer=sgd --learning-rate 1e30 --set network.layers.1=linear")
          .code,
      86);
  std::filesystem::create_directories(f / "runs/dead");  // killed before its end
  f.write("runs/dead/experiment.toml", f.read("runs/good/experiment.toml"));
  const Said said = f.tend("predict latest flowers.csv -o p.csv --json");
  EXPECT_EQ(said.code, 0) << said.error;
  EXPECT_EQ(said.json()["run"], "runs/good");
  EXPECT_TRUE(has(said.error, "runs/wild (diverged)") && has(said.error, "runs/dead (no summary)")) << said.error;
}

TEST(EdgesFlow, the_numbers_of_a_diverged_run_are_those_of_the_model_that_it_keeps) {
  const Garden f;
  const Said said = f.tend(
      "train e.toml --json --run r --set update.optimizer=sgd --learning-rate 1e30 --set network.layers.1=linear");
  ASSERT_EQ(said.code, 86) << said.error;
  const Said again = f.tend("evaluate r --json");
  EXPECT_EQ(again.json()["metrics"], said.json()["metrics"]["test"]);
  EXPECT_TRUE(again.json()["metrics"]["loss"].is_number());
}

TEST(EdgesFlow, the_end_says_which_epoch_is_kept_and_what_a_constant_answer_reaches) {
  const Garden f;
  const Said said = f.tend("train e.toml --run r --set 'train.early_stopping={patience=8}'");
  const auto summary = nlohmann::json::parse(f.read("r/summary.json"));
  const std::string kept = "the state after epoch " + std::to_string(summary["best"]["epoch"].get<int>()) + " is kept";
  EXPECT_TRUE(has(said.out, kept)) << said.out;
  EXPECT_TRUE(has(said.out, "baseline: most frequent class")) << said.out;
  EXPECT_NEAR(summary["baseline"]["metrics"]["accuracy"].get<double>(), 0.66, 0.15);  // two thirds of the rows are tulips
  EXPECT_TRUE(has(said.error, "epoch  train loss  train accuracy  validation loss")) << said.error;
  EXPECT_TRUE(has(said.error, "best so far")) << said.error;
  EXPECT_FALSE(has(f.tend("train e.toml --run s --epochs 2").out, "is kept"));
}

TEST(EdgesFlow, all_missing_columns_are_named) {
  const Garden f;
  ASSERT_EQ(f.tend("train e.toml --quiet --epochs 1 --run r").code, 0);
  f.write("narrow.csv", "colour\nred\n");
  const Said said = f.tend("predict r narrow.csv");
  EXPECT_EQ(said.code, 65);
  EXPECT_TRUE(has(said.error, "2 columns are missing: \"width\", \"height\"")) << said.error;
}

TEST(EdgesFlow, a_model_file_predicts_without_its_run) {
  const Garden f;
  ASSERT_EQ(f.tend("train e.toml --quiet --epochs 1 --run r").code, 0);
  ASSERT_EQ(f.tend("predict r flowers.csv -o run.csv --quiet").code, 0);
  std::filesystem::create_directories(f / "elsewhere");
  std::filesystem::copy_file(f / "r/model.safetensors", f / "elsewhere/m.safetensors");
  const Said said = f.tend("predict elsewhere/m.safetensors flowers.csv -o file.csv");
  EXPECT_EQ(said.code, 0) << said.error;
  EXPECT_EQ(f.read("file.csv"), f.read("run.csv"));
  EXPECT_EQ(f.tend("evaluate elsewhere/m.safetensors flowers.csv --json").json()["rows"], 200);
  EXPECT_EQ(f.tend("evaluate elsewhere/m.safetensors").code, 2);
}

TEST(EdgesFlow, no_text_shows_the_sign_of_a_number_that_is_none) {
  const Folder f;
  std::string rows = "x,y\n";
  for (int i = 0; i < 60; ++i) rows += std::to_string(i * 7 % 13) + ",2.5\n";
  f.write("flat.csv", rows);
  for (const char* verb : {"train", "check"}) {
    const Said said = f.tend(std::string(verb) + " flat.csv --target y --task regression --epochs 3");
    for (const char* bad : {"-nan", "r2 -inf", "1 alarms"})
      EXPECT_FALSE(has(said.out + said.error, bad)) << said.out << said.error;
  }
}

}  // namespace
TEST(EdgesFlow, a_change_that_a_check_prints_wins_over_a_short_option) {
  const Folder here;
  here.write("flowers.csv", flowers(100));
  const std::string file = here.write("e.toml", flower_experiment);
  const Said said = here.tend("train e.toml --epochs 3 --set 'train.epochs = 5' --json --quiet --threads 1 --run run");
  ASSERT_EQ(said.code, 0) << said.error;
  EXPECT_EQ(said.json()["epochs"], 5);
}

TEST(EdgesFlow, the_kept_and_the_last_epoch_are_shown_and_the_next_commands_name_the_program_as_it_was_called) {
  const Folder here;
  here.write("flowers.csv", flowers(100));
  here.write("e.toml", std::string(flower_experiment) + "early_stopping = { patience = 8, restore_best = true }\n");
  const Said said = here.tend("train e.toml --threads 1 --run run --set watch.checks=none");
  ASSERT_EQ(said.code, 0) << said.error;
  EXPECT_NE(said.error.find("\n      8 "), std::string::npos) << said.error;
  EXPECT_NE(said.out.find("build"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("tend predict run NEW_DATA"), std::string::npos) << said.out;
}

}  // namespace tend::edges_test
