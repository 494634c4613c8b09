#include <chrono>
#include <csignal>
#include <map>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "program.h"
#include "tend/record/record.h"

namespace tend::runs_test {
namespace {

namespace fs = std::filesystem;

const char* experiment = R"(
seed = 3
[data]
source = { generate = "blobs", rows = 300 }
validation = 0.2
test = 0.1
[network]
layers = [{ dense = 8 }, "relu", { dense = 3 }]
[loss]
name = "softmax_cross_entropy"
[update]
optimizer = { name = "adam", learning_rate = 0.01 }
[train]
epochs = 4
[watch]
checks = "none"
)";

/// Runs a, b (other rate, more epochs) and s/seed-0, s/seed-1 under runs/.
struct Runs : Folder {
  Runs() {
    write("e.toml", experiment);
    for (const char* more : {"--run runs/a", "--run runs/b --learning-rate 0.1 --epochs 6", "--run runs/s --seeds 0,1"})
      EXPECT_EQ(tend("train e.toml --quiet " + std::string(more)).code, 0);
  }
  /// A run in the background that does not end by itself.
  pid_t start(const std::string& run) const {
    const pid_t child = fork();
    if (child != 0) {
      while (!fs::exists(*this / (run + "/metrics.csv"))) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      return child;
    }
    if (chdir(path().c_str()) != 0) _exit(99);
    const int null = open("/dev/null", O_RDWR);
    for (const int file : {0, 1, 2}) dup2(null, file);
    execl(TEND_BINARY_DIR "/tend", "tend", "train", "e.toml", "--quiet", "--run", run.c_str(), "--epochs", "10000000", nullptr);
    _exit(99);
  }
  static void end(pid_t child, int signal) {
    kill(child, signal);
    waitpid(child, nullptr, 0);
  }
  /// The states by name.
  std::map<std::string, std::string> states(const std::string& arguments = "") const {
    const Said said = tend("runs --json " + arguments);
    EXPECT_EQ(said.code, 0) << said.error;
    std::map<std::string, std::string> all;
    for (const auto& run : said.json()["runs"]) all[run["name"]] = run["state"];
    return all;
  }
};

std::vector<std::string> names(const Said& said) {
  EXPECT_EQ(said.code, 0) << said.error;
  std::vector<std::string> all;
  for (const auto& run : said.json()["runs"]) all.push_back(run["name"]);
  return all;
}

TEST(RunsFlow, all_states_are_told_apart) {
  const Runs f;
  ASSERT_EQ(f.tend("train e.toml --quiet --run runs/early --epochs 400 --set 'train.early_stopping={patience=1}'").code, 0);
  f.tend("train e.toml --quiet --run runs/wild --learning-rate 1e30 --set update.optimizer.name=sgd --epochs 50");
  const pid_t killed = f.start("runs/killed");
  f.end(killed, SIGKILL);
  const pid_t stopped = f.start("runs/interrupted");
  f.end(stopped, SIGTERM);
  fs::create_directories(f / "runs/bad");
  f.write("runs/bad/experiment.toml", "seed = 1");
  f.write("runs/bad/summary.json", "{\"status\": ");
  const pid_t running = f.start("runs/running");
  auto all = f.states();
  f.end(running, SIGKILL);
  EXPECT_EQ(all["a"], "completed");
  EXPECT_EQ(all["s/seed-1"], "completed");
  EXPECT_EQ(all["early"], "stopped");
  EXPECT_EQ(all["wild"], "diverged");
  EXPECT_EQ(all["killed"], "killed");
  EXPECT_EQ(all["interrupted"], "interrupted");
  EXPECT_EQ(all["running"], "running");
  EXPECT_EQ(all["bad"], "damaged");
  EXPECT_EQ(f.states()["running"], "killed");
  EXPECT_EQ(f.tend("runs nowhere").code, 66);
}

TEST(RunsFlow, the_list_has_the_best_value_epochs_and_data_and_sorts_and_filters) {
  const Runs f;
  const Said said = f.tend("runs --json");
  ASSERT_EQ(said.code, 0) << said.error;
  const auto& newest = said.json()["runs"][0];
  EXPECT_EQ(newest["name"], "s/seed-1");
  EXPECT_EQ(newest["data"], "blobs");
  EXPECT_EQ(newest["metric"], "validation.loss");
  const auto summary = nlohmann::json::parse(f.read("runs/s/seed-1/summary.json"));
  EXPECT_EQ(newest["best"], summary["best"]["validation"]["loss"]);
  EXPECT_EQ(newest["epochs"], 4);
  using Names = std::vector<std::string>;
  EXPECT_EQ(names(f.tend("runs --json --sort name")), (Names{"a", "b", "s/seed-0", "s/seed-1"}));
  EXPECT_EQ(names(f.tend("runs --json --sort metric"))[0], "b");
  EXPECT_EQ(names(f.tend("runs --json --filter 'train.epochs>4'")), Names{"b"});
  EXPECT_EQ(names(f.tend("runs --json --filter epochs=4 --filter seed=1")), Names{"s/seed-1"});
  EXPECT_EQ(names(f.tend("runs --json --filter network.layers.0.dense=9")), Names{});
  EXPECT_EQ(names(f.tend("runs --json --filter 'accuracy>=0' --filter data=blobs")).size(), 4u);
  EXPECT_EQ(f.tend("runs --filter colour=3").code, 2);
  EXPECT_EQ(f.tend("runs --filter 'state<3'").code, 2);
  EXPECT_EQ(f.tend("runs --filter state").code, 2);
  EXPECT_NE(f.tend("runs").out.find("validation.loss"), std::string::npos);
  const Folder empty;
  EXPECT_EQ(empty.tend("runs").out, "no runs\n");
}

TEST(RunsFlow, two_runs_are_compared_by_what_differs) {
  const Runs f;
  const Said said = f.tend("runs a b --json");
  ASSERT_EQ(said.code, 0) << said.error;
  const auto& j = said.json();
  ASSERT_EQ(j["configuration"].size(), 2u) << j["configuration"];
  EXPECT_EQ(j["configuration"][0]["key"], "update.optimizer.learning_rate");
  EXPECT_EQ(j["configuration"][0]["b"]["value"], 0.1);
  EXPECT_EQ(j["configuration"][1]["b"]["origin"], "--epochs");
  EXPECT_EQ(j["configuration"][1]["a"]["origin"], "file");
  for (const auto& r : j["results"])
    if (r["name"] == "test.loss") EXPECT_EQ(r["difference"], r["b"].get<double>() - r["a"].get<double>());
  EXPECT_EQ(j["curves"]["validation.loss"]["b"].size(), 6u);
  const Said shown = f.tend("runs a b");
  for (const char* word :
       {"update.optimizer.learning_rate", "0.1 (--learning-rate)", "difference", "* runs/a  o runs/b", "epoch"})
    EXPECT_NE(shown.out.find(word), std::string::npos) << word << shown.out;
  EXPECT_NE(f.tend("runs a a").out.find("equal"), std::string::npos);
}

TEST(RunsFlow, counts_of_compared_runs_are_whole_numbers) {
  const Folder f;
  f.write("flowers.csv", flowers(60));
  f.write("e.toml", flower_experiment);
  for (const char* run : {"a", "b"})
    ASSERT_EQ(f.tend(std::string("train e.toml --epochs 40 --batch-size 1 --quiet --run ") + run).code, 0);
  const Said shown = f.tend("runs a b");
  EXPECT_NE(shown.out.find("1440"), std::string::npos) << shown.out;
  EXPECT_EQ(shown.out.find("1.44e+03"), std::string::npos) << shown.out;
}

TEST(RunsFlow, are_deleted_only_with_yes_and_not_while_they_run) {
  const Runs f;
  const Said unsure = f.tend("runs --delete a");
  EXPECT_EQ(unsure.code, 2);
  EXPECT_NE(unsure.error.find("--yes"), std::string::npos);
  EXPECT_TRUE(fs::exists(f / "runs/a"));
  const pid_t running = f.start("runs/running");
  EXPECT_EQ(f.tend("runs --delete a running --yes").code, 75);
  EXPECT_TRUE(fs::exists(f / "runs/a/model.safetensors"));
  Runs::end(running, SIGKILL);
  f.write("runs/a/notes.txt", "mine");
  const Said said = f.tend("runs --delete a s --yes");
  EXPECT_EQ(said.code, 0) << said.error;
  EXPECT_NE(said.out.find("notes.txt"), std::string::npos) << said.out;
  EXPECT_EQ(f.read("runs/a/notes.txt"), "mine");
  EXPECT_FALSE(fs::exists(f / "runs/a/experiment.toml"));
  EXPECT_FALSE(fs::exists(f / "runs/s"));
  EXPECT_EQ(f.tend("runs --delete nothing --yes").code, 66);
  for (const char* run : {"c", "d"}) ASSERT_EQ(f.tend("train e.toml --quiet --run runs/" + std::string(run)).code, 0);
  EXPECT_EQ(f.tend("runs --keep 1").code, 2);
  const Said kept = f.tend("runs --keep 1 --yes");
  EXPECT_NE(kept.out.find("deleted runs/b"), std::string::npos) << kept.out;
  EXPECT_EQ(f.states(), (std::map<std::string, std::string>{{"d", "completed"}, {"running", "killed"}}));
}

TEST(ShowFlow, draws_curves_and_lists_notes_and_checkpoints) {
  const Runs f;
  ASSERT_EQ(f.tend("resume b --epochs 8 --quiet").code, 0);
  const Said said = f.tend("show b", "LC_ALL=C");
  ASSERT_EQ(said.code, 0) << said.error;
  for (const char* word :
       {"completed", "blobs", "3 layers", "dense 8, relu, dense 3", "loss after each epoch", "* train  o validation",
        "loss of each step's batch", "accuracy", "learning rate", "Parameters: norms", "dense_1.weights",
        "Outputs of the activations", "relu_1", "resumed: goes on from step", "Checkpoints: of the steps"})
    EXPECT_NE(said.out.find(word), std::string::npos) << word << "\n" << said.out;
  for (std::size_t from = 0, to = 0; (to = said.out.find('\n', from)) != std::string::npos; from = to + 1)
    if (said.out[from + 8] == '|') EXPECT_LE(to - from, 80u);
  EXPECT_NE(f.tend("show b", "LC_ALL=C.UTF-8").out.find("\xe2\xa0"), std::string::npos);
  const Said narrow = f.tend("show b", "LC_ALL=C COLUMNS=50"), json = f.tend("show b --json");
  EXPECT_LT(narrow.out.size(), said.out.size());
  const auto& j = json.json();
  EXPECT_EQ(j["curves"]["validation.loss"].size(), 8u);
  EXPECT_EQ(j["curves"]["batch_loss"].size(), j["steps"].get<std::size_t>());
  EXPECT_EQ(j["checkpoints"].size(), 2u);
  ASSERT_EQ(j["parameters"].size(), 4u);
  std::int64_t steps = 0;  // each step is in one window, also where the run went on
  for (const auto& window : j["parameters"][0]["windows"]) {
    EXPECT_EQ(window[0], steps + 1);
    steps = window[1];
  }
  EXPECT_EQ(steps, j["steps"]);
  EXPECT_GT(j["parameters"][0]["update_ratio"], 0.0);
  EXPECT_EQ(j["layers"][0]["name"], "relu_1");
  EXPECT_EQ(j["findings"], nlohmann::json::array());
  EXPECT_EQ(f.tend("show nothing").code, 66);
}

TEST(ShowFlow, follows_a_run_until_it_ends) {
  const Runs f;
  const pid_t running = f.start("runs/running");
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    Runs::end(running, SIGTERM);
  });
  const Said said = f.tend("show running --follow");
  later.join();
  EXPECT_EQ(said.code, 0) << said.error;
  EXPECT_EQ(said.out.find("epoch 1  step "), 0u) << said.out.substr(0, 200);
  EXPECT_NE(said.out.find("epoch 2  step "), std::string::npos);
  EXPECT_NE(said.out.find("\ninterrupted: "), std::string::npos);
}

TEST(ShowFlow, a_run_of_a_million_steps_is_drawn_within_a_second) {
  const Runs f;
  fs::remove(f / "runs/a/record.db");
  {
    Record record(f / "runs/a/record.db", Record::Mode::create);
    const std::int64_t at_once = 4096;
    for (std::int64_t first = 1; first <= 1000000; first += at_once) {
      StepBlock block{.first = first, .names = {"learning_rate", "loss", "seconds"}, .values = {}};
      block.values.assign(3, std::vector<double>(at_once, 0.1));
      for (std::int64_t i = 0; i < at_once; ++i)
        block.values[1][static_cast<std::size_t>(i)] = 1.0 / static_cast<double>(first + i);
      record.write({.steps = {block}}, first - 1);
    }
    record.close_log();
  }
  const auto started = std::chrono::steady_clock::now();
  const Said said = f.tend("show a", "LC_ALL=C");
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  ASSERT_EQ(said.code, 0) << said.error;
  EXPECT_NE(said.out.find("1M  step"), std::string::npos) << said.out;
#ifndef TEND_SANITIZED
  EXPECT_LT(seconds, 1) << "time of tend show";
#endif
  RecordProperty("seconds", std::to_string(seconds));
}

TEST(ReportFlow, a_run_without_an_end_or_a_model_has_a_page_that_says_so) {
  const Folder f;
  EXPECT_EQ(f.tend("train digits --epochs 2 --run r --quiet").code, 0);
  std::filesystem::remove(f / "r/summary.json");
  std::filesystem::remove(f / "r/model.safetensors");
  EXPECT_EQ(f.tend("report r").code, 0);
  const std::string page = f.read("r/report.html");
  for (const char* part : {"the run has saved no model", "norm of the gradient", "Checks before training"})
    EXPECT_NE(page.find(part), std::string::npos) << part;
  EXPECT_EQ(page.find("Confusion matrix"), std::string::npos);
}

TEST(ReportFlow, rows_of_data_that_changed_since_the_run_are_shown_with_a_warning) {
  const Folder f;
  f.write("f.csv", flowers(300));
  EXPECT_EQ(f.tend("train f.csv --target kind --epochs 2 --run r --quiet").code, 0);
  EXPECT_EQ(f.tend("report r").code, 0);
  EXPECT_EQ(f.read("r/report.html").find("no longer those of the run"), std::string::npos);
  std::string text = f.read("f.csv");
  for (std::size_t at = text.find("rose"); at != std::string::npos; at = text.find("rose", at + 1))
    text.replace(at, 4, at % 2 ? "rose" : "tulip");
  f.write("f.csv", text);
  EXPECT_EQ(f.tend("report r").code, 0);
  EXPECT_NE(f.read("r/report.html").find("no longer those of the run"), std::string::npos);
}

TEST(ReportFlow, of_many_classes_the_most_confused_pairs_are_listed) {
  const Folder f;
  std::string table = "a,b,kind\n";
  for (int i = 0; i < 900; ++i)
    table += std::to_string(i % 30 + (i * 7 % 11) * 0.2) + "," + std::to_string(i * 13 % 17) + ",kind" + std::to_string(i % 30) +
             "\n";
  f.write("t.csv", table);
  EXPECT_EQ(f.tend("train t.csv --target kind --epochs 2 --run r --quiet").code, 0);
  EXPECT_EQ(f.tend("report r").code, 0);
  const std::string page = f.read("r/report.html");
  EXPECT_NE(page.find("The most confused classes of the test rows"), std::string::npos);
  EXPECT_EQ(page.find("Confusion matrix"), std::string::npos);
}

TEST(ReportFlow, a_run_has_a_page_that_loads_nothing) {
  const Folder f;
  EXPECT_EQ(f.tend("train digits --epochs 2 --run r --quiet").code, 0);
  EXPECT_EQ(f.tend("report r").code, 0);
  const std::string page = f.read("r/report.html");
  for (const char* part :
       {"<svg", "validation (dashed)", "Checks before training", "train.batch_size", "baseline: most frequent class",
        "It classifies ", "Confusion matrix of the test rows", "The validation rows with the highest loss"})
    EXPECT_NE(page.find(part), std::string::npos) << part;
  EXPECT_EQ(page.find("://"), std::string::npos);
  EXPECT_LT(page.size(), 1500000U);
  EXPECT_EQ(f.tend("report r -o page.html").code, 0);
  EXPECT_EQ(f.tend("report r -o page.html").code, 73);  // it is there
  EXPECT_EQ(f.tend("report r -o page.html --overwrite --json").json()["output"], "page.html");
  EXPECT_EQ(f.tend("report none").code, 66);
  EXPECT_EQ(f.tend("runs r --delete --yes").code, 0);
}

}  // namespace
}  // namespace tend::runs_test
