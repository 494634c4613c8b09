#include <algorithm>

#include <gtest/gtest.h>

#include "program.h"

namespace tend::parts_test {
namespace {

/// Visits of 40 patients; the target is the patient's, and only the patient's level of x tells it.
std::string visits() {
  std::string text = "patient,day,weight,x,y\n";
  for (int i = 0; i < 320; ++i) {
    const int patient = i * 7 % 40;
    text += "P" + std::to_string(patient) + ",2024-" + std::string(i / 28 % 12 < 9 ? "0" : "") + std::to_string(i / 28 % 12 + 1) +
            "-" + std::string(i % 28 < 9 ? "0" : "") + std::to_string(i % 28 + 1) + "," + std::to_string(1 + i % 3) + "," +
            std::to_string(patient % 4) + "." + std::to_string(i % 10) + "," + (patient % 4 > 1 ? "ill" : "well") + "\n";
  }
  return text;
}

const char* literal = R"(
[data]
source = "visits.csv"
target = "y"
validation = 0.2
split = "stratified"
ignore = ["day"]
[prepare]
steps = ["one_hot", "standardize"]
[network]
layers = [{ dense = 16 }, "relu", { dense = 2 }]
[loss]
name = "softmax_cross_entropy"
[update]
optimizer = { name = "adam", learning_rate = 0.01 }
[train]
epochs = 5
)";

struct Clinic : Folder {
  Clinic() {
    write("visits.csv", visits());
    write("e.toml", literal);
  }
};

TEST(PartsFlow, a_literal_file_whose_patients_lie_in_several_parts_is_warned_of_and_mended_by_the_given_change) {
  const Clinic f;
  const auto verdict = [&](const std::string& more) {
    const Said said = f.tend("check e.toml --json" + more);
    for (const auto& check : said.json()["checks"])
      if (check["check"] == "groups") return check;
    return nlohmann::json();
  };
  const nlohmann::json alarm = verdict("");
  EXPECT_EQ(alarm["verdict"], "warn");
  EXPECT_EQ(alarm["cause"], "data-leak");
  EXPECT_EQ(verdict(" --set data.group=patient")["verdict"], "skipped");
}

TEST(PartsFlow, folds_train_once_each_and_give_mean_and_spread) {
  const Clinic f;
  const Said said = f.tend("train visits.csv --target y --set data.folds=4 --set data.weight=weight --epochs 4 --json --run cv");
  ASSERT_EQ(said.code, 0) << said.error;
  const nlohmann::json& all = said.json();
  ASSERT_EQ(all["runs"].size(), 4u);
  std::int64_t tested = 0;
  double sum = 0;
  for (const auto& run : all["runs"]) {
    tested += run["rows"]["test"].get<std::int64_t>();
    sum += run["metrics"]["test"]["accuracy"].get<double>();
  }
  EXPECT_EQ(tested, 320);
  EXPECT_NEAR(all["metrics"]["test"]["accuracy"]["mean"].get<double>(), sum / 4, 1e-9);
  EXPECT_EQ(all["runs"][2]["fold"], 3);
  const std::string saved = f.read("cv/fold-3/experiment.toml");
  EXPECT_NE(saved.find("fold = 3"), std::string::npos) << saved;
  EXPECT_NE(saved.find("group = \"patient\""), std::string::npos) << saved;
  const Said again = f.tend("train cv/fold-3/experiment.toml --json --run again");
  ASSERT_EQ(again.code, 0) << again.error;
  EXPECT_EQ(again.json()["metrics"], all["runs"][2]["metrics"]);
  const Said measured = f.tend("evaluate cv/fold-3 --json");
  EXPECT_EQ(measured.json()["metrics"]["accuracy"], all["runs"][2]["metrics"]["test"]["accuracy"]);
}

TEST(PartsFlow, weights_change_training_and_a_row_of_weight_0_is_as_if_it_were_not_there) {
  const Folder f;
  std::string with = "w,x,y\n", without = "w,x,y\n";
  for (int i = 0; i < 120; ++i) {
    const std::string row = "," + std::to_string(i % 10) + ".5," + std::to_string((i % 10) * 3 + (i % 2 ? 40 : 0)) + "\n";
    with += (i % 2 ? "0" : "2") + row;
    if (i % 2 == 0) without += "1" + row;
  }
  f.write("with.csv", with);
  f.write("without.csv", without);
  f.write("e.toml", R"(
[data]
source = "with.csv"
target = "y"
task = "regression"
weight = "w"
[network]
layers = [{ dense = 1 }]
[loss]
name = "mean_squared_error"
[update]
optimizer = { name = "sgd", learning_rate = 0.01 }
[train]
epochs = 300
batch_size = 200
[watch]
checks = "none"
)");
  ASSERT_EQ(f.tend("train e.toml --run a --quiet").code, 0);
  ASSERT_EQ(f.tend("train e.toml --run b --quiet --set data.source=without.csv").code, 0);
  ASSERT_EQ(f.tend("predict a without.csv -o a.csv --quiet").code, 0);
  ASSERT_EQ(f.tend("predict b without.csv -o b.csv --quiet").code, 0);
  const auto first = [](const std::string& text) { return std::stod(text.substr(text.find("0,") + 2)); };
  EXPECT_NEAR(first(f.read("a.csv")), first(f.read("b.csv")), 0.01);
}

TEST(PartsFlow, the_latest_rows_are_the_test_rows) {
  const Clinic f;
  const Said said = f.tend(
      "train visits.csv --target y --set data.time=day --set 'data.ignore=[\"patient\"]' --epochs 2 --json --run t");
  ASSERT_EQ(said.code, 0) << said.error;
  EXPECT_EQ(said.json()["rows"]["test"], 32);
  const Said bad = f.tend("train visits.csv --target y --set data.time=patient --epochs 2");
  EXPECT_EQ(bad.code, 65);
  EXPECT_NE(bad.error.find("a number or a date in each row"), std::string::npos) << bad.error;
}

}  // namespace
}  // namespace tend::parts_test
