// The faults that people reported, rebuilt in ../shared/field, if that folder exists.
#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "program.h"

namespace tend::field_test {

const std::filesystem::path folder = std::filesystem::path(TEND_SOURCE_DIR) / ".." / "shared" / "field";

/// A program with a fault, the check that names it, and the cause.
struct Reported {
  const char *program, *check, *cause;
};
class FieldFlow : public testing::TestWithParam<Reported> {};

TEST_P(FieldFlow, is_named_before_training_and_the_corrected_program_raises_nothing) {
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "../shared/field is not here";
  const auto program = folder / GetParam().program;
  const Folder here;
  const std::string only = std::string(" --json --threads 1 --only ") + GetParam().check;
  const auto is_alarm = [](const auto& c) { return c["verdict"] == "warn" || c["verdict"] == "fail"; };
  const Said faulty = here.tend("check " + (program / "faulty.toml").string() + only);
  ASSERT_TRUE(faulty.code == 0 || faulty.code == 3) << faulty.error;
  const nlohmann::json& checks = faulty.json()["checks"];
  const auto alarm = std::find_if(checks.begin(), checks.end(), is_alarm);
  ASSERT_NE(alarm, checks.end()) << checks.dump(1);
  EXPECT_EQ((*alarm)["cause"], GetParam().cause) << alarm->dump(1);
  const Said fixed = here.tend("check " + (program / "fixed.toml").string() + only);
  ASSERT_EQ(fixed.code, 0) << fixed.error;
  for (const auto& check : fixed.json()["checks"]) EXPECT_FALSE(is_alarm(check)) << check.dump(1);
}

TEST_P(FieldFlow, ends_in_the_corrected_program_without_an_alarm) {
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "../shared/field is not here";
  const Folder here;
  const Said said = here.tend("train " + (folder / GetParam().program / "fixed.toml").string() +
                              " --json --threads 1 --run run --set watch.checks=none");
  ASSERT_EQ(said.code, 0) << said.error;
  for (const auto& finding : said.json()["findings"]) EXPECT_EQ(finding["severity"], "info") << finding.dump(1);
}

INSTANTIATE_TEST_SUITE_P(
    Shared, FieldFlow,
    testing::Values(Reported{"T02", "held_out_inputs", "data-scale"}, Reported{"T05", "architecture", "batch-size"},
                    Reported{"T08", "padding", "data-quality"}, Reported{"T09", "input_codes", "architecture"},
                    Reported{"T10", "data_quality", "data-leak"}, Reported{"T11", "augmentation", "data-label"},
                    Reported{"T12", "update_settings", "learning-rate-low"}, Reported{"T18", "data_quality", "data-leak"}),
    [](const auto& info) { return std::string(info.param.program); });

/// Data that a user hands to train, and what summary.json must say of them.
struct Handed {
  const char *name, *arguments, *note;
};
class HandedData : public testing::TestWithParam<Handed> {};

TEST_P(HandedData, is_read_as_it_is_meant_and_the_summary_says_so) {
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "../shared/field is not here";
  const Folder here;
  const Said said = here.tend("train " + (folder / GetParam().arguments).string() +
                              " --epochs 2 --json --threads 1 --run run --set watch.checks=none");
  ASSERT_EQ(said.code, 0) << said.error;
  std::string notes;
  for (const auto& note : said.json()["data_notes"]) notes += note["text"].get<std::string>() + "\n";
  EXPECT_NE(notes.find(GetParam().note), std::string::npos) << notes;
  EXPECT_NE(said.error.find(GetParam().note), std::string::npos) << said.error;
}

INSTANTIATE_TEST_SUITE_P(Shared, HandedData,
                         testing::Values(Handed{"D01", "D01/sales.csv --target revenue", "\"10,762.56\" (line 3) is 10762.56"},
                                         Handed{"D05", "D05/literal.toml", "\"s2\" is empty in all training rows"},
                                         Handed{"D07", "D07/flows.csv --target Label",
                                                "13 cells of \"Flow Bytes/s\" are infinite and taken as missing; the first is "},
                                         Handed{"D11", "D11/camera", "1 image cannot be read and is left out: fox/07.jpg"},
                                         Handed{"D16", "D16/joined.csv --target yield",
                                                "1 row repeats the header and is left out"},
                                         Handed{"D18", "D18/survey.csv --target yield",
                                                "14 cells of \"temperature\" are taken as missing: \"n/a\" (14)"},
                                         Handed{"D21", "D21/answers.csv --target ok", "\"TRUE\" and \"true\" as \"True\""},
                                         Handed{"D24", "D24/faulty.toml", "are read as 3 classes"}),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(FieldData, one_hot_targets_give_the_metrics_of_codes) {
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "../shared/field is not here";
  const Folder here;
  const Said hot = here.tend("train " + (folder / "D24/faulty.toml").string() + " --json --quiet --threads 1 --run a"),
             codes = here.tend("train " + (folder / "D24/fixed.toml").string() + " --json --quiet --threads 1 --run b");
  ASSERT_EQ(hot.code, 0) << hot.error;
  EXPECT_EQ(hot.json()["metrics"], codes.json()["metrics"]);
}

TEST(FieldData, one_bad_image_does_not_stop_predict) {
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "../shared/field is not here";
  const Folder here;
  here.tend("train " + (folder / "D11/whole").string() + " --epochs 1 --quiet --threads 1 --run run --set watch.checks=none");
  const Said said = here.tend("predict run " + (folder / "D11/new").string());
  ASSERT_EQ(said.code, 0) << said.error;
  EXPECT_NE(said.out.find("\ndeer_01.jpg,,,\n"), std::string::npos) << said.out;
  EXPECT_NE(said.error.find("2 images cannot be read"), std::string::npos) << said.error;
}

TEST(FieldData, hidden_files_are_no_images) {
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "../shared/field is not here";
  const Folder here;
  const Said said = here.tend("train " + (folder / "D12/animals").string() +
                              " --epochs 1 --json --threads 1 --run run --set watch.checks=none");
  ASSERT_EQ(said.code, 0) << said.error;
  EXPECT_EQ(said.json()["data_notes"], nlohmann::json::array());
}

TEST(FieldData, unknown_labels_are_named_and_so_is_the_full_stop) {
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "../shared/field is not here";
  const Folder here;
  const Said said = here.tend("train " + (folder / "D03/faulty.toml").string() + " --threads 1 --run run");
  EXPECT_EQ(said.code, 65) << said.error;
  for (const char* part : {"\"<=50K.\" (71), \">50K.\" (49)", "differs from \"<=50K\" only by a full stop"})
    EXPECT_NE(said.error.find(part), std::string::npos) << said.error;
}

TEST(FieldData, a_target_with_one_value_is_an_error) {
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "../shared/field is not here";
  const Folder here;
  const Said said = here.tend("train " + (folder / "T13/faulty.toml").string() + " --threads 1 --run run");
  EXPECT_EQ(said.code, 65) << said.error;
  EXPECT_NE(said.error.find("has the value \"1\" in all 400 rows"), std::string::npos) << said.error;
}

}  // namespace tend::field_test
