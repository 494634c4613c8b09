#include <cmath>

#include <gtest/gtest.h>

#include "program.h"

namespace tend::diagnose_test {
namespace {

TEST(DiagnoseFlow, a_file_that_is_not_there_and_a_short_log_are_named) {
  const Folder f;
  const Said missing = f.tend("diagnose nofile.txt");
  EXPECT_EQ(missing.code, 66);
  EXPECT_NE(missing.error.find("nofile.txt: no file or folder there"), std::string::npos) << missing.error;
  f.write("out.txt", "epoch 1 loss 2.3\nepoch 2 loss 2.3\nepoch 3 loss 2.3\n");
  const Said few = f.tend("diagnose out.txt");
  EXPECT_EQ(few.code, 0) << few.error;
  EXPECT_NE(few.out.find("No findings. These are few values"), std::string::npos) << few.out;
  EXPECT_NE(few.out.find("read from what a training printed: "), std::string::npos) << few.out;
}

TEST(DiagnoseFlow, a_run_says_what_its_checks_have_found_and_a_finding_names_that_as_its_cause) {
  const Folder f;
  std::string rows = "a,b,y\n";
  for (int i = 0; i < 400; ++i) {
    const double a = std::sin(i * 1.7), b = std::cos(i * 2.3);
    rows += std::to_string(a) + "," + std::to_string(b) + "," + std::to_string(i == 137 ? 1e12 : 3 * a - b) + "\n";
  }
  f.write("far.csv", rows);
  const Said trained = f.tend("train far.csv --target y --run r --json --epochs 30");
  EXPECT_EQ(trained.code, 0) << trained.error;
  const auto& findings = trained.json()["findings"];
  ASSERT_FALSE(findings.empty()) << trained.error;
  EXPECT_EQ(findings[0]["cause"], "data-quality") << findings;
  EXPECT_NE(findings[0]["message"].dump().find("Before the first step the check data_quality has found: 1 of"), std::string::npos)
      << findings;
  const Said said = f.tend("diagnose r");
  EXPECT_NE(said.out.find("(the check data_quality, before the first step)"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find(" train r/experiment.toml --set 'data.target_range="), std::string::npos) << said.out;
  EXPECT_EQ(f.tend("diagnose r --json").json()["checks"][0]["check"], "data_quality");
}

TEST(DiagnoseFlow, a_log_of_another_program_is_judged) {
  const Folder f;
  std::string text = "epoch,loss,val_loss,speed\n";
  for (int e = 1; e <= 12; ++e)
    text += std::to_string(e) + "," + std::to_string(0.5 * e * e) + "," + std::to_string(0.6 * e * e) + ",9\n";
  f.write("log.csv", text);
  const Said said = f.tend("diagnose log.csv --json");
  EXPECT_EQ(said.code, 0) << said.error;
  const auto& json = said.json();
  EXPECT_EQ(json["findings"][0]["rule"], "divergence");
  EXPECT_EQ(json["findings"][0]["cause"], "learning-rate-high");
  EXPECT_EQ(json["columns"]["val_loss"], "validation.loss");
  EXPECT_TRUE(json["columns"]["speed"].is_null());
  EXPECT_FALSE(json["not_judged"].empty());
  EXPECT_NE(f.tend("diagnose log.csv").out.find("The training diverged"), std::string::npos);
  EXPECT_EQ(f.tend("diagnose nothing.csv").code, 66);
  f.write("bad.csv", "a,b\n1,2\n");
  EXPECT_EQ(f.tend("diagnose bad.csv").code, 65);
}

/// A log as CSVLogger of Keras writes it, with this loss in each epoch.
template <class Loss>
std::string keras_log(Loss loss) {
  std::string text = "epoch,accuracy,loss,val_accuracy,val_loss\n";
  for (int e = 0; e < 30; ++e) text += std::to_string(e) + ",0.5," + loss(e) + ",0.5," + loss(e) + "\n";
  return text;
}

TEST(DiagnoseFlow, logs_of_a_flat_a_diverging_and_a_healthy_training) {
  const Folder f;
  f.write("flat.csv", keras_log([](int e) { return std::to_string(2.3 + 0.005 * (e % 3)); }));
  const Said flat = f.tend("diagnose flat.csv --json");
  EXPECT_EQ(flat.code, 0) << flat.error;
  EXPECT_EQ(flat.json()["findings"][0]["rule"], "flat_loss");
  EXPECT_EQ(flat.json()["findings"][0]["severity"], "warning");
  f.write("nan.csv", keras_log([](int e) { return e < 9 ? std::to_string(2.3 + e) : std::string("nan"); }));
  const Said nan = f.tend("diagnose nan.csv --json");
  EXPECT_EQ(nan.json()["findings"][0]["rule"], "not_finite");
  EXPECT_EQ(nan.json()["findings"][0]["severity"], "critical");
  f.write("healthy.csv", keras_log([](int e) { return std::to_string(0.2 + 2.1 / (1 + e)); }));
  const Said healthy = f.tend("diagnose healthy.csv --json");
  EXPECT_EQ(healthy.code, 0) << healthy.error;
  const auto& findings = healthy.json()["findings"];
  for (const auto& finding : findings) EXPECT_EQ(finding["severity"], "info") << finding["message"];
}

TEST(DiagnoseFlow, a_log_is_printed_with_its_axis_and_what_to_try) {
  const Folder f;
  std::string text = "epoch;loss;val_loss\n";
  for (int e = 0; e < 20; ++e) text += std::to_string(e) + ";" + (e < 9 ? "1," + std::to_string(90 - e) : "nan") + ";1,9\n";
  f.write("german.csv", text);
  const Said said = f.tend("diagnose german.csv");
  EXPECT_EQ(said.code, 0) << said.error;
  EXPECT_NE(said.out.find("20 values of the loss up to epoch 19"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("since epoch 9"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("to try: Train with a learning rate of a tenth"), std::string::npos) << said.out;
  EXPECT_EQ(f.tend("diagnose german.csv --json").json()["axis"], "epoch");
}

TEST(DiagnoseFlow, damaged_logs_get_an_error_that_names_the_place) {
  const Folder f;
  f.write("empty.csv", "");
  f.write("cells.csv", "epoch,loss\n1,0.5,3\n2,0.4\n");
  f.write("binary.log", std::string("ab\0cd", 5));
  f.write("cut.json", "{\"log_history\": [{\"step\": 1, \"loss\": 2.0},\n");
  for (const char* name : {"empty.csv", "cells.csv", "binary.log", "cut.json"}) {
    const Said said = f.tend(std::string("diagnose ") + name);
    EXPECT_EQ(said.code, 65) << name << said.out;
    EXPECT_NE(said.error.find(name), std::string::npos) << said.error;
  }
  EXPECT_NE(f.tend("diagnose cells.csv").error.find("cells.csv:2"), std::string::npos);
}

TEST(DiagnoseFlow, a_run_tells_its_findings) {
  const Folder f;
  f.write("flowers.csv", flowers(200));
  f.write("e.toml", flower_experiment);
  f.tend("train e.toml --set watch.checks=none --learning-rate 1e-12 --epochs 40 --run r --quiet");
  const Said said = f.tend("diagnose r --json");
  EXPECT_EQ(said.code, 0) << said.error;
  EXPECT_FALSE(said.json()["findings"].empty());
  EXPECT_NE(f.tend("diagnose r").out.find("to try"), std::string::npos);
}

}  // namespace
}  // namespace tend::diagnose_test
