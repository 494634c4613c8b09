#include <gtest/gtest.h>

#include "program.h"

namespace tend::repair_test {
namespace {

const std::string slow = R"(seed = 5
[data]
source = { generate = "blobs", rows = 600, classes = 3 }
validation = 0.2
[network]
layers = [{ dense = 16 }, "relu", { dense = 3 }]
[loss]
name = "softmax_cross_entropy"
[update]
optimizer = { name = "adam", learning_rate = 1e-8 }
[train]
epochs = 8
)";

TEST(RepairFlow, a_sick_run_is_repaired_and_its_repaired_file_gives_the_same_result) {
  const Folder f;
  f.write("e.toml", slow);
  const auto run = f.tend("train e.toml --policy repair --run r --json");
  const auto ours = run.json();
  ASSERT_EQ(run.code, 0) << run.error;
  ASSERT_EQ(ours["repairs"].size(), 1u) << run.out;
  EXPECT_EQ(ours["repairs"][0]["cause"], "learning-rate-low");
  EXPECT_EQ(ours["repairs"][0]["verified"], true);
  EXPECT_GT(ours["metrics"]["validation"]["accuracy"], 0.9);
  EXPECT_NE(run.error.find("repaired"), std::string::npos) << run.error;
  const auto again = f.tend("train r/repaired.toml --run again --json");
  const auto theirs = again.json();
  EXPECT_EQ(theirs["metrics"], ours["metrics"]);
  EXPECT_TRUE(theirs["repairs"].empty());
  EXPECT_EQ(f.read("r/model.safetensors"), f.read("again/model.safetensors"));
  EXPECT_EQ(f.tend("verify r").code, 0);
  f.tend("train e.toml --policy repair --run cut --time 0.01s");
  EXPECT_EQ(f.tend("resume cut --quiet").code, 0);
  EXPECT_EQ(f.read("cut/repaired.toml"), f.read("r/repaired.toml"));
  EXPECT_EQ(f.read("cut/model.safetensors"), f.read("r/model.safetensors"));
}

TEST(RepairFlow, targets_that_cannot_be_right_are_left_out_also_of_a_validation_file) {
  const Folder f;
  for (const char* name : {"train", "validation"}) {
    std::string text = "a,b,y\n";
    for (int i = 0; i < 300; ++i) {
      const double a = (i * 37 % 101) / 101.0, b = (i * 53 % 89) / 89.0;
      text += std::to_string(a) + "," + std::to_string(b) + "," + (i % 150 == 7 ? "1e9" : std::to_string(3 * a - 2 * b)) + "\n";
    }
    f.write(std::string(name) + ".csv", text);
  }
  const auto run = f.tend(
      "train train.csv --target y --set data.validation=validation.csv --set data.test=0.1 --set network.pack=1 "
      "--set train.epochs=30 --policy repair --run r --json");
  const auto summary = run.json();
  ASSERT_EQ(summary["repairs"].size(), 1u) << run.error;
  EXPECT_EQ(summary["repairs"][0]["changes"][0]["field"], "data.target_range");
  EXPECT_GT(summary["metrics"]["validation"]["r2"], 0.9);
  EXPECT_NE(run.error.find("far from all others"), std::string::npos) << run.error;
}

TEST(RepairFlow, under_advise_the_repaired_file_is_a_proposal) {
  const Folder f;
  f.write("e.toml", slow);
  const auto run = f.tend("train e.toml --run r --json");
  const auto ours = run.json();
  EXPECT_TRUE(ours["repairs"].empty());
  EXPECT_LT(ours["metrics"]["validation"]["accuracy"], 0.9);
  const auto again = f.tend("train r/repaired.toml --run again --json");
  const auto theirs = again.json();
  EXPECT_GT(theirs["metrics"]["validation"]["accuracy"], 0.9);
}

TEST(RepairFlow, a_run_that_begins_anew_leaves_no_trace_of_its_first_steps) {
  const Folder f;
  f.write("e.toml", slow);
  const std::string broken = "--set watch.checks=none --set 'update.optimizer={name=\"sgd\",learning_rate=1e30}'";
  const Said run = f.tend("train e.toml --policy repair --run r --json " + broken);
  const auto& ours = run.json();
  ASSERT_EQ(run.code, 0) << run.error;
  ASSERT_FALSE(ours["repairs"].empty());
  const std::string metrics = f.read("r/metrics.csv");
  EXPECT_EQ(std::count(metrics.begin(), metrics.end(), '\n'), 9) << metrics;
  EXPECT_EQ(f.tend("verify r").code, 0);
  const Said again = f.tend("train r/repaired.toml --run again --json");
  EXPECT_EQ(again.json()["metrics"], ours["metrics"]);
}

TEST(RepairFlow, a_repaired_run_goes_on_with_its_repairs) {
  const Folder f;
  f.write("e.toml", slow);
  ASSERT_EQ(f.tend("train e.toml --policy repair --run r --json").code, 0);
  const auto longer = f.tend("resume r --epochs 10 --json");
  const auto theirs = longer.json();
  ASSERT_EQ(longer.code, 0) << longer.error;
  EXPECT_EQ(theirs["repairs"].size(), 1u) << longer.out;
  EXPECT_EQ(theirs["epochs"], 10);
  const auto straight = f.tend("train r/repaired.toml --epochs 10 --run straight --json");
  const auto wanted = straight.json();
  EXPECT_EQ(wanted["metrics"], theirs["metrics"]);
}

}  // namespace
}  // namespace tend::repair_test
