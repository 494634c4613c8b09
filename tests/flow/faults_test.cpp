// The faulty and healthy programs of ../shared/faulty, if that folder exists.
#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "program.h"
#include "tests/sampled.h"

namespace tend::faults_test {

const std::string data = "TEND_DATA=" TEND_SOURCE_DIR "/../shared/data";
const std::filesystem::path folder = std::filesystem::path(TEND_SOURCE_DIR) / ".." / "shared" / "faulty";

/// A fault that is visible before training, and the check that must name it.
struct Seen {
  const char *program, *check;
};

class FaultsFlow : public testing::TestWithParam<Seen> {};
class HealthyFlow : public testing::TestWithParam<const char*> {};

std::string name_of_fault(const testing::TestParamInfo<Seen>& info) { return std::string(info.param.program); }

TEST_P(FaultsFlow, are_named_before_training) {
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "../shared/faulty is not here";
  const auto program = folder / GetParam().program;
  const nlohmann::json known = nlohmann::json::parse(std::ifstream(program / "case.json"));
  const Folder here;
  const Said said = here.tend("check " + (program / "faulty.toml").string() + " --json --threads 1 --only " + GetParam().check,
                              data);
  ASSERT_TRUE(said.code == 0 || said.code == 3) << said.error;
  const nlohmann::json checks = said.json()["checks"];
  const auto alarm = std::find_if(checks.begin(), checks.end(),
                                  [](const auto& c) { return c["verdict"] == "warn" || c["verdict"] == "fail"; });
  ASSERT_NE(alarm, checks.end()) << checks.dump(1);
  const auto causes = known["causes"].get<std::vector<std::string>>();
  EXPECT_NE(std::find(causes.begin(), causes.end(), (*alarm)["cause"]), causes.end()) << alarm->dump(1);
  EXPECT_NE((*alarm)["changes"].empty(), (*alarm)["advice"].is_null()) << alarm->dump(1);
}

INSTANTIATE_TEST_SUITE_P(Shared, FaultsFlow,
                         testing::ValuesIn(sampled<Seen>({Seen{"A1", "initialization"},
                                                          Seen{"A2", "learning_rate_range"},
                                                          Seen{"A3", "output_and_loss"},
                                                          Seen{"A4", "initialization"},
                                                          Seen{"A5", "initialization"},
                                                          Seen{"AT01", "output_and_loss"},
                                                          Seen{"AT05", "initialization"},
                                                          Seen{"AT07", "initialization"},
                                                          Seen{"AT09", "initialization"},
                                                          Seen{"AT11", "initialization"},
                                                          Seen{"AT13", "initialization"},
                                                          Seen{"AT15", "initialization"},
                                                          Seen{"AT21", "initialization"},
                                                          Seen{"AT23", "initialization"},
                                                          Seen{"AT25", "initialization"},
                                                          Seen{"AT27", "initialization"},
                                                          Seen{"AT31", "initialization"},
                                                          Seen{"AT33", "initialization"},
                                                          Seen{"AT35", "initialization"},
                                                          Seen{"AT37", "initialization"},
                                                          Seen{"AT39", "initialization"},
                                                          Seen{"AT41", "initialization"},
                                                          Seen{"AT43", "initialization"},
                                                          Seen{"AT45", "initialization"},
                                                          Seen{"AT47", "initialization"},
                                                          Seen{"AT49", "initialization"},
                                                          Seen{"C01", "output_and_loss"},
                                                          Seen{"C03", "output_and_loss"},
                                                          Seen{"C05", "output_and_loss"},
                                                          Seen{"C07", "output_and_loss"},
                                                          Seen{"C09", "output_and_loss"},
                                                          Seen{"C11", "data_statistics"},
                                                          Seen{"C13", "learning_rate_range"},
                                                          Seen{"C15", "data_quality"},
                                                          Seen{"C17", "data_statistics"},
                                                          Seen{"C21", "output_and_loss"},
                                                          Seen{"C23", "output_and_loss"},
                                                          Seen{"C25", "output_and_loss"},
                                                          Seen{"C27", "data_statistics"},
                                                          Seen{"F01_base", "data_statistics"},
                                                          Seen{"F01_regr", "small_inputs"},
                                                          Seen{"F03_base", "learning_rate_range"},
                                                          Seen{"F03_deep", "learning_rate_range"},
                                                          Seen{"F03_regr", "learning_rate_range"},
                                                          Seen{"F05_base", "update_settings"},
                                                          Seen{"F05_deep", "update_settings"},
                                                          Seen{"F07_deep", "architecture"},
                                                          Seen{"F11_base", "regularization_raises_loss"},
                                                          Seen{"F11_deep", "regularization_raises_loss"},
                                                          Seen{"F11_regr", "regularization_raises_loss"},
                                                          Seen{"F13_base", "output_and_loss"},
                                                          Seen{"F13_deep", "output_and_loss"},
                                                          Seen{"F15_base", "hidden_activations"},
                                                          Seen{"F15_deep", "hidden_activations"},
                                                          Seen{"F17_regr", "output_and_loss"},
                                                          Seen{"F19_base", "initialization"},
                                                          Seen{"F19_deep", "initialization"},
                                                          Seen{"F19_regr", "initialization"},
                                                          Seen{"F21_base", "label_alignment"},
                                                          Seen{"F21_regr", "label_alignment"},
                                                          Seen{"H1", "output_and_loss"},
                                                          Seen{"H1_dropout", "regularization_raises_loss"},
                                                          Seen{"H1_logits", "output_and_loss"},
                                                          Seen{"H1_unscaled", "data_statistics"},
                                                          Seen{"L01", "learning_rate_range"},
                                                          Seen{"L02", "learning_rate_range"},
                                                          Seen{"L03", "learning_rate_range"},
                                                          Seen{"L04", "learning_rate_range"},
                                                          Seen{"L05", "learning_rate_range"},
                                                          Seen{"L06", "learning_rate_range"},
                                                          Seen{"L07", "learning_rate_range"},
                                                          Seen{"L08", "learning_rate_range"},
                                                          Seen{"L09", "output_and_loss"},
                                                          Seen{"L10", "output_and_loss"},
                                                          Seen{"L11", "output_and_loss"},
                                                          Seen{"L12", "output_and_loss"},
                                                          Seen{"L13", "data_statistics"},
                                                          Seen{"L14", "data_statistics"},
                                                          Seen{"L15", "data_statistics"},
                                                          Seen{"L16", "initialization"},
                                                          Seen{"L17", "initialization"},
                                                          Seen{"L18", "initialization"},
                                                          Seen{"L19", "initialization"},
                                                          Seen{"L20", "initialization"},
                                                          Seen{"L21", "initialization"},
                                                          Seen{"L22", "learning_rate_range"},
                                                          Seen{"L23", "update_settings"},
                                                          Seen{"L24", "label_alignment"},
                                                          Seen{"L25", "label_alignment"},
                                                          Seen{"L26", "row_order"},
                                                          Seen{"L27", "row_order"},
                                                          Seen{"L28", "data_quality"},
                                                          Seen{"L29", "data_quality"},
                                                          Seen{"L30", "data_quality"},
                                                          Seen{"L31", "data_quality"},
                                                          Seen{"L32", "data_quality"},
                                                          Seen{"L33", "data_quality"},
                                                          Seen{"L34", "data_quality"},
                                                          Seen{"L35", "regularization_raises_loss"},
                                                          Seen{"L36", "regularization_raises_loss"},
                                                          Seen{"L37", "regularization_raises_loss"},
                                                          Seen{"L38", "architecture"},
                                                          Seen{"L39", "capacity"},
                                                          Seen{"L40", "architecture"},
                                                          Seen{"L41", "update_settings"},
                                                          Seen{"L42", "update_settings"},
                                                          Seen{"L43", "output_and_loss"},
                                                          Seen{"L44", "update_settings"},
                                                          Seen{"L45", "learning_rate_range"},
                                                          Seen{"L46", "update_settings"},
                                                          Seen{"L47", "architecture"},
                                                          Seen{"L48", "initialization"},
                                                          Seen{"L51", "data_quality"},
                                                          Seen{"L52", "learning_rate_range"},
                                                          Seen{"L53", "output_and_loss"},
                                                          Seen{"L55", "data_statistics"}})),
                         name_of_fault);

/// Every kind of healthy program; benchmarks/preflight.py runs all of them.
TEST_P(HealthyFlow, raises_nothing) {
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "../shared/faulty is not here";
  const Folder here;
  const Said said = here.tend(
      "check " + (folder / "healthy" / (std::string(GetParam()) + ".toml")).string() + " --json --threads 1", data);
  ASSERT_EQ(said.code, 0) << said.error << said.out;
  for (const auto& check : said.json()["checks"])
    EXPECT_TRUE(check["verdict"] == "pass" || check["verdict"] == "skipped") << check.dump(1);
}

INSTANTIATE_TEST_SUITE_P(Shared, HealthyFlow,
                         testing::ValuesIn(sampled<const char*>({"TDC_regrNN",
                                                                 "adult_logistic",
                                                                 "blob_label_noise",
                                                                 "blob_relu",
                                                                 "blob_softmax_regression",
                                                                 "cancer_mlp",
                                                                 "circle_two_units",
                                                                 "digits_cnn",
                                                                 "friedman_mlp",
                                                                 "iris_sgd",
                                                                 "linear_regression",
                                                                 "mnist_mlp_sigmoid",
                                                                 "mnist_logits_zero_start",
                                                                 "moons_momentum",
                                                                 "multilabel_mlp",
                                                                 "noisy_labels_mlp",
                                                                 "overlap_mlp",
                                                                 "parabola_unit",
                                                                 "parity_mlp",
                                                                 "sine_mlp",
                                                                 "spiral_relu",
                                                                 "titanic_mlp",
                                                                 "wine_regression",
                                                                 "M_blob_mi_al_13",
                                                                 "M_circle_mi_al_19",
                                                                 "fixed_A1",
                                                                 "fixed_C17",
                                                                 "fixed_L55"})),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace tend::faults_test
