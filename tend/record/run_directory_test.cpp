#include "tend/record/run_directory.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

namespace tend::run_directory_test {
namespace {

namespace fs = std::filesystem;

/// A folder that is the working folder during the object's lifetime.
class Inside {
 public:
  Inside() : before_(fs::current_path()) {
    char name[] = "/tmp/tend_record_XXXXXX";
    path_ = mkdtemp(name);
    fs::current_path(path_);
  }
  ~Inside() {
    fs::current_path(before_);
    fs::remove_all(path_);
  }

 private:
  fs::path before_, path_;
};

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Experiment experiment() { return Experiment::parse("network.layers = [{ dense = 2 }]\nloss.name = 'huber'", "e"); }

Trouble trouble_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& e) {
    return e.trouble;
  }
  ADD_FAILURE() << "no error";
  return Trouble::usage;
}

EpochReport epoch(std::int64_t number) {
  EpochReport r;
  r.epoch = number;
  r.steps = 10 * number;
  r.seconds = 0.5;
  r.learning_rate = 0.001;
  r.batch_loss = 0.25;
  r.train = {{"loss", 0.125}, {"accuracy", 1.0}};
  r.validation = {{"loss", std::nan("")}, {"accuracy", 0.5}};
  return r;
}

TEST(RunDirectory, new_runs_lie_under_runs_and_never_share_a_name) {
  const Inside inside;
  const RunDirectory a(""), b("");
  EXPECT_NE(a.path(), b.path());
  EXPECT_EQ(a.path().substr(0, 5), "runs/");
  EXPECT_TRUE(fs::is_directory(a.path()) && fs::is_directory(b.path()));
}

TEST(RunDirectory, one_that_nothing_was_written_into_goes_again) {
  const Inside inside;
  { const RunDirectory run("deep/er"); }
  EXPECT_FALSE(fs::exists("deep/er"));
  fs::create_directory("mine");
  { const RunDirectory run("mine"); }
  EXPECT_TRUE(fs::exists("mine"));  // it existed before
  { RunDirectory("kept").write_experiment(experiment()); }
  EXPECT_TRUE(fs::exists("kept/experiment.toml"));
  EXPECT_FALSE(fs::exists("kept/.lock"));
}

TEST(RunDirectory, a_run_is_replaced_only_where_that_is_asked_for) {
  const Inside inside;
  RunDirectory("r").write_experiment(experiment());
  std::ofstream("r/model.safetensors") << "of the earlier run";
  EXPECT_EQ(trouble_of([] { RunDirectory again("r"); }), Trouble::usage);
  EXPECT_TRUE(fs::exists("r/model.safetensors"));
  EXPECT_FALSE(fs::exists("r/.lock"));
  RunDirectory again("r", true);
  EXPECT_TRUE(fs::exists("r/model.safetensors")) << "nothing is lost before the new run begins";
  again.clear();
  EXPECT_FALSE(fs::exists("r/model.safetensors"));
}

TEST(RunDirectory, metrics_are_a_line_an_epoch_that_can_be_read_at_once) {
  const Inside inside;
  RunDirectory run("r");
  EXPECT_TRUE(run.write_epoch(epoch(1)));
  const std::string header =
      "epoch,step,seconds,learning_rate,batch_loss,train_loss,train_accuracy,validation_loss,validation_accuracy\n";
  EXPECT_EQ(text_of("r/metrics.csv"), header + "1,10,0.5,0.001,0.25,0.125,1.0,nan,0.5\n");
  EXPECT_TRUE(run.write_epoch(epoch(2)));
  EXPECT_EQ(text_of("r/metrics.csv"), header + "1,10,0.5,0.001,0.25,0.125,1.0,nan,0.5\n2,20,0.5,0.001,0.25,0.125,1.0,nan,0.5\n");
}

TEST(RunDirectory, a_metrics_file_that_cannot_be_written_does_not_end_the_run_and_is_made_up_for) {
  const Inside inside;
  RunDirectory run("r");
  fs::create_directory("r/metrics.csv");
  EXPECT_FALSE(run.write_epoch(epoch(1)));
  EXPECT_NE(run.trouble().find("metrics.csv"), std::string::npos);
  fs::remove("r/metrics.csv");
  EXPECT_TRUE(run.write_epoch(epoch(2)));
  const std::string text = text_of("r/metrics.csv");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
}

TEST(RunDirectory, the_summary_has_the_fields_of_the_interface_and_null_for_what_is_not_finite) {
  const Inside inside;
  RunDirectory run("r");
  Summary s;
  s.status = "diverged";
  s.stop_reason = "the loss of step 3 is not finite";
  s.epochs = 1;
  s.steps = 3;
  s.first_nan_step = 3;
  s.train = {{"loss", std::nan("")}, {"accuracy", 0.1}};
  run.write_summary(s);
  const auto j = nlohmann::json::parse(text_of("r/summary.json"));
  for (const char* key :
       {"schema", "run", "status", "stop_reason", "epochs", "steps", "seconds", "examples_per_second", "median_step_seconds",
        "threads", "peak_memory_bytes", "metrics", "best", "checks", "findings", "repairs"})
    EXPECT_TRUE(j.contains(key)) << key;
  EXPECT_EQ(j["schema"], 1);
  EXPECT_EQ(j["run"], "r");
  EXPECT_TRUE(j["metrics"]["train"]["loss"].is_null());
  EXPECT_EQ(j["metrics"]["train"]["accuracy"], 0.1);
  EXPECT_TRUE(j["metrics"]["validation"].is_object() && j["metrics"]["validation"].empty());
  EXPECT_TRUE(j["findings"].is_array());
  EXPECT_EQ(j["first_nan_step"], 3);
}

TEST(RunDirectory, a_place_that_cannot_be_written_is_said_so) {
  const Inside inside;
  std::ofstream("file") << "x";
  EXPECT_EQ(trouble_of([] { RunDirectory run("file"); }), Trouble::write);
  EXPECT_EQ(trouble_of([] { RunDirectory run("file/below"); }), Trouble::write);
  EXPECT_EQ(trouble_of([] { RunDirectory run("/proc/nowhere"); }), Trouble::write);
  EXPECT_EQ(trouble_of([] { write_whole("none/such", "x"); }), Trouble::write);
}

TEST(RunDirectory, another_process_is_kept_out) {
  const Inside inside;
  const RunDirectory run("r");
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      RunDirectory again("r");
      ::_exit(1);
    } catch (const Error& e) {
      ::_exit(e.trouble == Trouble::locked ? 0 : 2);
    }
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(FindRun, by_path_by_name_or_the_latest) {
  const Inside inside;
  EXPECT_EQ(trouble_of([] { find_run("latest"); }), Trouble::missing);
  RunDirectory("runs/old").write_experiment(experiment());
  RunDirectory("runs/new").write_experiment(experiment());
  RunDirectory("elsewhere").write_experiment(experiment());
  EXPECT_EQ(trouble_of([] { find_run("latest"); }), Trouble::missing) << "none has finished";
  const auto finish = [](const std::string& path, const std::string& status) {
    std::ofstream(path + "/summary.json") << R"({"status": ")" << status << R"("})";
    std::ofstream(path + "/model.safetensors") << "weights";
  };
  finish("runs/old", "completed");
  finish("runs/new", "stopped");
  fs::last_write_time("runs/old/experiment.toml", fs::last_write_time("runs/new/experiment.toml") - std::chrono::hours(1));
  EXPECT_EQ(find_run("latest").path, "runs/new");
  EXPECT_EQ(find_run("latest").note, "");
  for (const char* status : {"interrupted", "diverged"}) {
    finish("runs/new", status);
    EXPECT_EQ(find_run("latest").path, "runs/old");
    EXPECT_NE(find_run("latest").note.find(std::string("runs/new (") + status + ")"), std::string::npos);
  }
  EXPECT_EQ(find_run("old").path, "runs/old");
  EXPECT_EQ(find_run("runs/old").path, "runs/old");
  EXPECT_EQ(find_run("elsewhere").path, "elsewhere");
  RunDirectory("folds/fold-2").write_experiment(experiment());
  RunDirectory("folds/fold-1").write_experiment(experiment());
  try {
    find_run("folds");
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(e.hint.find("folds/fold-1, folds/fold-2"), std::string::npos) << e.what();
  }
  try {
    find_run("olt");
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(e.hint.find("runs/new (diverged), runs/old (completed)"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace tend::run_directory_test
