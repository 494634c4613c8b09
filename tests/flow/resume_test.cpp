#include <chrono>
#include <csignal>
#include <map>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "program.h"

namespace tend::resume_test {
namespace {

namespace fs = std::filesystem;

const char* experiment = R"(
seed = 3
[data]
source = "digits"
validation = 0.1
test = 0.1
[prepare]
steps = ["standardize"]
[network]
layers = ["flatten", { dense = 32 }, "batch_norm", "relu", { dropout = 0.2 }, { dense = 10 }]
[loss]
name = "softmax_cross_entropy"
[update]
optimizer = { name = "adam", learning_rate = 0.001 }
[train]
epochs = 60
[watch]
checks = "none"
)";

/// A folder with an experiment and its uninterrupted run "whole".
struct Site : Folder {
  explicit Site(const std::string& text = experiment) {
    write("e.toml", text);
    const Said said = tend("train e.toml --run whole --quiet");
    EXPECT_EQ(said.code, 0) << said.error;
  }
  /// Starts training in the background, in the folder `run`.
  pid_t start(const std::string& run, const std::string& more = "") const {
    const pid_t child = fork();
    if (child != 0) return child;
    if (chdir(path().c_str()) != 0) _exit(99);
    const int null = open("/dev/null", O_RDWR);
    for (const int file : {0, 1, 2}) dup2(null, file);
    execl("/bin/sh", "sh", "-c", ("exec " TEND_BINARY_DIR "/tend train e.toml --quiet --run " + run + " " + more).c_str(),
          nullptr);
    _exit(99);
  }
  void same_as_whole(const std::string& run) const {
    EXPECT_EQ(read(run + "/model.safetensors"), read("whole/model.safetensors")) << run;
    nlohmann::json a = nlohmann::json::parse(read(run + "/summary.json")), b = nlohmann::json::parse(read("whole/summary.json"));
    EXPECT_EQ(a["metrics"], b["metrics"]);
    EXPECT_EQ(a["steps"], b["steps"]);
    const auto without_times = [](std::string text) {
      std::string kept;
      std::size_t column = 0;
      for (const char c : text) {
        if (c == ',') ++column;
        if (c == '\n') column = 0;
        if (column != 2) kept += c;
      }
      return kept;
    };
    EXPECT_EQ(without_times(read(run + "/metrics.csv")), without_times(read("whole/metrics.csv")));
    const Said verified = tend("verify " + run);
    EXPECT_EQ(verified.code, 0) << verified.out << verified.error;
  }
};

int ended(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void wait(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

/// Starts training in the folder `run` and kills it so long after its experiment is written.
void kill_after(const Site& f, const std::string& run, const std::string& more, double seconds) {
  const pid_t child = f.start(run, more);
  while (!fs::exists(f / (run + "/experiment.toml"))) wait(0.001);
  wait(seconds);
  kill(child, SIGKILL);
  ended(child);
}

TEST(ResumeFlow, a_run_that_was_killed_anywhere_ends_with_the_bits_of_one_that_was_not) {
  const Site f;
  for (int i = 0; i < 8; ++i) {
    const std::string run = "k" + std::to_string(i);
    kill_after(f, run, "--checkpoint-seconds 0.02", 0.02 * i);
    const Said said = f.tend("resume " + run + " --quiet --threads " + std::to_string(1 + i % 3));
    ASSERT_EQ(said.code, 0) << said.error;
    f.same_as_whole(run);
  }
}

TEST(ResumeFlow, a_run_that_was_killed_anywhere_has_the_repairs_and_findings_of_one_that_was_not) {
  std::string jumps = experiment;  // the rate becomes far too high in the middle
  jumps += "policy = \"repair\"\n";
  const std::string adam = "{ name = \"adam\", learning_rate = 0.001 }";
  jumps.replace(jumps.find(adam), adam.size(),
                "{ name = \"sgd\", learning_rate = 0.05 }\n"
                "schedule = { name = \"piecewise\", boundaries = [15], factors = [2000] }");
  const Site f(jumps);
  const nlohmann::json whole = nlohmann::json::parse(f.read("whole/summary.json"));
  ASSERT_EQ(whole["repairs"].size(), 1u) << whole["findings"];
  ASSERT_GT(whole["repairs"][0]["from_step"], 100);
  for (int i = 0; i < 6; ++i) {
    const std::string run = "k" + std::to_string(i);
    kill_after(f, run, "--checkpoint-seconds 0.01", 0.05 * i);
    const Said said = f.tend("resume " + run + " --quiet");
    ASSERT_EQ(said.code, 0) << said.error;
    f.same_as_whole(run);
    const nlohmann::json summary = nlohmann::json::parse(f.read(run + "/summary.json"));
    EXPECT_EQ(summary["repairs"], whole["repairs"]);
    EXPECT_EQ(summary["findings"], whole["findings"]);
    EXPECT_EQ(f.read(run + "/repaired.toml"), f.read("whole/repaired.toml"));
  }
}

TEST(ResumeFlow, signals_leave_a_checkpoint_and_their_exit_code) {
  const Site f;
  for (const int signal : {SIGINT, SIGTERM}) {
    const std::string run = signal == SIGINT ? "int" : "term";
    const pid_t child = f.start(run, "--set train.epochs=100000");
    while (!fs::exists(f / (run + "/metrics.csv"))) wait(0.001);
    kill(child, signal);
    EXPECT_EQ(ended(child), 128 + signal);
    EXPECT_EQ(nlohmann::json::parse(f.read(run + "/summary.json"))["status"], "interrupted");
    const Said said = f.tend("resume " + run + " --quiet --epochs 60");
    EXPECT_EQ(said.code, 0) << said.error;
    EXPECT_EQ(f.read(run + "/model.safetensors"), f.read("whole/model.safetensors"));
  }
}

TEST(ResumeFlow, an_ended_run_goes_on_with_more_epochs_as_if_it_had_been_longer) {
  const Site f;
  ASSERT_EQ(f.tend("train e.toml --quiet --run longer --epochs 70").code, 0);
  ASSERT_EQ(f.tend("resume whole --quiet --epochs 70").code, 0);
  EXPECT_EQ(f.read("whole/model.safetensors"), f.read("longer/model.safetensors"));
  const Said less = f.tend("resume whole --epochs 5");
  EXPECT_EQ(less.code, 2);
  EXPECT_NE(less.error.find("at least 70"), std::string::npos) << less.error;
}

TEST(ResumeFlow, more_epochs_stretch_the_schedule_and_that_is_said) {
  const Site f;
  ASSERT_EQ(f.tend("train e.toml --run c --quiet --epochs 10 --set update.schedule=cosine").code, 0);
  const Said said = f.tend("resume c --epochs 20");
  EXPECT_EQ(said.code, 0) << said.error;
  EXPECT_NE(said.error.find("the schedule now ends with epoch 20: the learning rate goes on at 0.0005, where it was "),
            std::string::npos)
      << said.error;
  EXPECT_EQ(f.tend("resume whole --epochs 61").error.find("the schedule now ends"), std::string::npos);
}

TEST(ResumeFlow, a_stretched_schedule_is_no_sudden_step_and_no_way_back) {
  const Site f;
  for (const std::string policy : {"stop", "repair"}) {
    ASSERT_EQ(
        f.tend("train e.toml --run " + policy + " --quiet --epochs 10 --set update.schedule=cosine --policy " + policy).code, 0);
    const Said said = f.tend("resume " + policy + " --epochs 20 --json");
    EXPECT_EQ(said.json()["epochs"], 20) << said.error;
    EXPECT_EQ(said.json()["status"], "completed") << said.out;
    EXPECT_TRUE(said.json()["repairs"].empty()) << said.out;
  }
}

TEST(ResumeFlow, a_run_that_has_nothing_left_to_do_stays_as_it_is) {
  const Site f;
  const auto files = [&] {
    std::map<std::string, std::string> all;
    for (const char* file : {"whole/summary.json", "whole/record.db", "whole/metrics.csv", "whole/model.safetensors"})
      all[file] = f.read(file);
    return all;
  };
  const auto before = files();
  const Said said = f.tend("resume whole");
  EXPECT_EQ(said.code, 0);
  EXPECT_NE(said.error.find("whole has no step left to make: all 60 epochs are done"), std::string::npos) << said.error;
  EXPECT_TRUE(files() == before);
  EXPECT_EQ(f.tend("resume whole --json --quiet").json()["epochs"], 60);
}

TEST(ResumeFlow, two_processes_cannot_share_a_run) {
  const Site f;
  const pid_t child = f.start("one", "--set train.epochs=100000");
  while (!fs::exists(f / "one/metrics.csv")) wait(0.001);
  const Said second = f.tend("resume one");
  EXPECT_EQ(second.code, 75);
  EXPECT_NE(second.error.find("process " + std::to_string(child)), std::string::npos) << second.error;
  EXPECT_EQ(f.tend("train e.toml --run one --overwrite").code, 75);
  kill(child, SIGTERM);
  EXPECT_EQ(ended(child), 143);
}

TEST(ResumeFlow, changed_data_are_refused_unless_forced) {
  const Folder f;
  f.write("t.csv", flowers(200));
  ASSERT_EQ(f.tend("train t.csv --target kind --quiet --epochs 3 --run r").code, 0);
  f.write("t.csv", flowers(210));
  const Said said = f.tend("resume r --epochs 6");
  EXPECT_EQ(said.code, 2);
  EXPECT_NE(said.error.find("training rows"), std::string::npos) << said.error;
  EXPECT_NE(said.error.find("--force"), std::string::npos) << said.error;
  const Said forced = f.tend("resume r --epochs 6 --force");
  EXPECT_EQ(forced.code, 0) << forced.error;
  EXPECT_NE(forced.error.find("other than at the checkpoint"), std::string::npos) << forced.error;
}

TEST(ResumeFlow, a_damaged_checkpoint_or_record_is_passed_over_and_said) {
  const Site f;
  const std::string newest = [&] {
    std::string last;
    for (const auto& entry : fs::directory_iterator(f / "whole/checkpoints")) last = std::max(last, entry.path().string());
    return last;
  }();
  const std::string state = f.read(newest.substr(f.path().size() + 1) + "/state.safetensors");
  std::ofstream(newest + "/state.safetensors", std::ios::binary) << state.substr(0, state.size() / 2);
  std::ofstream(f / "whole/record.db", std::ios::binary) << "not a database, but long enough to be read as one";
  const Said said = f.tend("resume whole --epochs 62");
  EXPECT_EQ(said.code, 0) << said.error;
  EXPECT_NE(said.error.find("a damaged checkpoint is passed over"), std::string::npos) << said.error;
  EXPECT_NE(said.error.find("the record is damaged"), std::string::npos) << said.error;
  ASSERT_EQ(f.tend("train e.toml --quiet --run longer --epochs 62").code, 0);
  EXPECT_EQ(f.read("whole/model.safetensors"), f.read("longer/model.safetensors"));
}

TEST(ResumeFlow, another_run_starts_with_the_weights_of_one) {
  const Site f;
  const Said said = f.tend("train e.toml --run next --from whole --epochs 1");
  EXPECT_EQ(said.code, 0) << said.error;
  EXPECT_NE(said.error.find("8 of 8 tensors start with those of whole"), std::string::npos) << said.error;
  const Said wider = f.tend("train e.toml --run wider --from whole --epochs 1 --set network.layers.5.dense=12");
  EXPECT_NE(wider.error.find("6 of 8 tensors"), std::string::npos) << wider.error;
  const Said other = f.tend("train e.toml --run other --from whole --epochs 1 --set 'network.layers=[\"flatten\",{dense=10}]'");
  EXPECT_EQ(other.code, 2);
  EXPECT_FALSE(fs::exists(f / "other"));
}

TEST(ResumeFlow, a_place_that_cannot_be_written_fails_before_the_first_step_and_closed_output_harms_nothing) {
  const Site f;
  EXPECT_EQ(f.tend("train e.toml --run /proc/x").code, 73);
  EXPECT_EQ(f.tend("train e.toml --run closed --epochs 5 >&- 2>&-; true").code, 0);
  EXPECT_EQ(f.tend("verify closed").code, 0);
}

TEST(ResumeFlow, a_run_that_its_time_has_ended_goes_on_to_the_same_bits) {
  const Site site;
  const Said said = site.tend("train e.toml --run short --time 0.02s --json");
  EXPECT_EQ(said.code, 0) << said.error;
  EXPECT_EQ(said.json()["status"], "stopped");
  EXPECT_NE(said.json()["stop_reason"].get<std::string>().find("the time of 0.02s is over"), std::string::npos) << said.out;
  EXPECT_EQ(site.tend("verify short").code, 0);  // also if it has ended before its first epoch
  const Said again = site.tend("resume short --json --time 0.02s");
  EXPECT_EQ(again.json()["status"], "stopped") << again.error;
  EXPECT_EQ(site.tend("resume short --quiet").code, 0);
  site.same_as_whole("short");
  EXPECT_EQ(site.tend("train e.toml --time never").code, 2);
  EXPECT_EQ(site.tend("resume short --time never").code, 2);
}

}  // namespace
}  // namespace tend::resume_test
