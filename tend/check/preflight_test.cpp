#include "tend/check/preflight.h"

#include <gtest/gtest.h>

#include "tend/base/causes.h"
#include "tend/check/checks_test.h"
#include "tend/tensor/block.h"

namespace tend::preflight_test {
namespace {

constexpr const char* layers = R"([{ dense = 12, l2 = 1e-4 }, "batch_norm", "relu", { dropout = 0.2 }, { dense = 3 }])";

TrainingOptions threads(int n) {
  TrainingOptions options;
  options.threads = n;
  return options;
}

PreflightOptions everything() {
  PreflightOptions options;
  options.level = "thorough";
  return options;
}

/// What a report says, less the seconds, and the memory that each thread has of its own.
std::string text_of(const PreflightReport& report) {
  std::string text;
  for (const CheckLine& line : report.lines)
    if (line.check != "resources")
      text += line.check + " " + name_of(line.result.verdict) + " " + line.result.message + " " + to_json(line.result.record) +
              "\n";
  return text;
}

/// Fails with a cause that is in no vocabulary.
struct Babbler {
  static constexpr auto fields = std::tuple{};
  static constexpr Effort effort = Effort::still;
  static constexpr int place = 1;
  std::vector<CheckResult> run(const Setup&) const {
    return {CheckResult::alarm(Verdict::fail, "capacity", "Too small.", {{.path = "network.layers.dense_1.dense", .value = 24}})
                .at("dense_1")};
  }
};

}  // namespace

TEST(Preflight, does_not_change_the_training) {
  const Dataset data = small_classes();
  const Experiment experiment = small_experiment(layers, "[train]\nepochs = 3\n");
  Training plain(experiment, data, threads(2)), checked(experiment, data, threads(2));
  const std::uint64_t before = checked.engine().state().hash();
  preflight(checked, everything());
  EXPECT_EQ(checked.engine().state().hash(), before);
  plain.run();
  checked.run();
  EXPECT_EQ(checked.model().to_bytes(), plain.model().to_bytes());
  EXPECT_EQ(checked.engine().state().hash(), plain.engine().state().hash());
}

TEST(Preflight, of_a_pack_looks_at_its_first_member_and_does_not_change_the_training) {
  const Dataset data = small_classes();
  Experiment e = small_experiment(layers), pack = e;
  pack.network.pack = 3;
  Training training(pack, data), other(pack, data);
  const PreflightReport report = preflight(training, everything());
  EXPECT_EQ(text_of(report), text_of(preflight(Training(e, data), everything())));
  EXPECT_TRUE(training.engine().state().same_bits(other.engine().state()));
}
TEST(Preflight, reports_the_same_on_one_thread_and_on_three) {
  const Dataset data = small_classes();
  const Experiment experiment = small_experiment(layers, "[train]\nepochs = 3\n");
  const Training one(experiment, data, threads(1)), three(experiment, data, threads(3));
  EXPECT_EQ(text_of(preflight(three, everything())), text_of(preflight(one, everything())));
}

TEST(Preflight, runs_more_checks_at_each_level_and_none_at_none) {
  const Dataset data = small_classes();
  const Training training(small_experiment(layers), data);
  std::size_t fewer = 0;
  for (const char* level : {"none", "still", "standard", "thorough"}) {
    PreflightOptions options;
    options.level = level;
    const std::size_t lines = preflight(training, options).lines.size();
    EXPECT_TRUE(lines > fewer || std::string(level) == "none") << level;
    fewer = lines;
  }
}

TEST(Preflight, reports_causes_before_consequences_and_only_the_chosen_checks) {
  const Dataset data = small_classes();
  const Training training(small_experiment(layers), data);
  PreflightOptions options;
  options.only = {"learning_rate_range", "output_and_loss"};
  const PreflightReport report = preflight(training, options);
  ASSERT_EQ(report.lines.size(), 2u);
  EXPECT_EQ(report.lines[0].check, "output_and_loss");
  options.only = {"learning_rate"};
  EXPECT_THROW(preflight(training, options), Error);
  options.only = {};
  options.level = "some";
  EXPECT_THROW(preflight(training, options), Error);
}

TEST(Preflight, with_little_time_makes_no_long_trainings) {
  const Training training(small_experiment(layers), small_classes());
  PreflightOptions options;
  options.most_seconds = 1e-9;
  const auto verdict_of = [](const PreflightReport& report, const std::string& check) {
    for (const CheckLine& line : report.lines)
      if (line.check == check) return line.result.verdict;
    return Verdict::fail;
  };
  const PreflightReport little = preflight(training, options);
  EXPECT_EQ(verdict_of(little, "learning_rate_range"), Verdict::skipped);
  EXPECT_EQ(verdict_of(little, "overfit_few"), Verdict::pass);  // on a few rows only
  EXPECT_EQ(verdict_of(little, "data_quality"), Verdict::pass);
  options.most_seconds = 1000;
  EXPECT_EQ(text_of(preflight(training, options)), text_of(preflight(training)));
}

TEST(Preflight, takes_checks_from_outside) {
  const Dataset data = small_classes();
  const Training training(small_experiment(layers), data);
  Registry<CheckEntry> shelf = builtin_checks();
  shelf.add<CheckModel, Babbler>("babbler");
  PreflightOptions options;
  options.checks = &shelf;
  options.only = {"babbler"};
  const PreflightReport report = preflight(training, options);
  EXPECT_TRUE(report.has_failed());
  const Value line = report.to_value().array_items().at(0);
  EXPECT_EQ(line.find("check")->string(), "babbler");
  EXPECT_EQ(line.find("verdict")->string(), "fail");
  EXPECT_EQ(line.find("cause")->string(), "capacity");
  EXPECT_TRUE(line.find("value")->is_null());
  EXPECT_EQ(to_inline_toml(*line.find("changes")), R"([{ field = "network.layers.dense_1.dense", value = 24, kind = "set" }])");
}

TEST(Preflight, runs_with_few_rows_and_no_validation) {
  const Dataset data = small_classes(12);
  Experiment experiment = small_experiment("[{ dense = 8 }, \"relu\", { dense = 3 }]", "[train]\nepochs = 50\n");
  experiment.data.validation = 0;
  const Training training(experiment, data);
  EXPECT_FALSE(preflight(training, everything()).lines.empty());
}

TEST(Preflight, raises_no_alarm_on_sound_set_ups_of_every_kind) {
  Array images({120, 6, 6, 1}, ElementType::float32), codes({120, 1}, ElementType::float64),
      labels({120, 3}, ElementType::float64), features({120, 3}, ElementType::float32);
  Random random(5, purpose("sound set-ups"));
  for (std::int64_t i = 0; i < 120; ++i) {
    codes.as<double>()[i] = static_cast<double>(i % 2);
    for (std::int64_t k = 0; k < 36; ++k)
      images.as<float>()[36 * i + k] = static_cast<float>(random.normal() * 0.3 + (i % 2 ? k % 6 < 3 : k % 6 >= 3));
    for (std::int64_t k = 0; k < 3; ++k) {
      labels.as<double>()[3 * i + k] = static_cast<double>(i >> k & 1);
      features.as<float>()[3 * i + k] = static_cast<float>(labels.as<double>()[3 * i + k] - 0.5 + 0.3 * random.normal());
    }
  }
  Array two({300, 2}, ElementType::float64);
  const Dataset values = small_values();
  for (std::int64_t i = 0; i < 300; ++i)
    two.as<double>()[2 * i] = values.y.as<double>()[i], two.as<double>()[2 * i + 1] = 3 - values.y.as<double>()[i];
  const std::string usual = R"([{ dense = 16 }, "relu", { dense = 3 }])", train = "[train]\nepochs = 40\n";
  const std::vector<std::tuple<const char*, Dataset, std::string, std::string>> set_ups{
      {"smoothed labels", small_classes(), usual, "[loss]\nname = \"softmax_cross_entropy\"\nlabel_smoothing = 0.1\n" + train},
      {"class weights", small_classes(), usual,
       "[loss]\nname = \"softmax_cross_entropy\"\nclass_weights = \"balanced\"\n" + train},
      {"two values", Dataset::regression(values.x, two), R"([{ dense = 16 }, "relu", { dense = 2 }])", train},
      {"several labels", Dataset::multilabel(features, labels), usual, "[loss]\nname = \"sigmoid_cross_entropy\"\n" + train},
      {"augmented images", Dataset::classification(images, codes, 2),
       R"([{ conv2d = 8, kernel = 3 }, "relu", "flatten", { dense = 2 }])",
       "[prepare]\nsteps = [{ random_crop = 6, padding = 1 }]\n" + train},
      {"lbfgs", small_values(), "[{ dense = 1 }]",
       "[update]\noptimizer = { name = \"lbfgs\", learning_rate = 0.1 }\n[train]\nepochs = 40\nbatch_size = 240\n"}};
  for (const auto& [name, data, network, more] : set_ups) {
    const Training training(small_experiment(network, more, data.task == Task::regression), data);
    for (const CheckLine& line : preflight(training, everything()).lines)
      EXPECT_FALSE(line.result.is_alarm()) << name << ": " << line.check << ": " << line.result.message;
  }
}

TEST(Preflight, does_not_throw_where_numbers_are_not_finite) {
  Dataset data = small_classes();
  data.x.as<double>()[7] = std::nan("");
  const Training training(small_experiment(R"([{ dense = 8 }, "relu", { dense = 3 }])"), data);
  EXPECT_TRUE(preflight(training, everything()).has_failed());
}

TEST(Causes, are_the_words_of_the_interface) {
  EXPECT_TRUE(is_cause("learning-rate-high"));
  EXPECT_FALSE(is_cause("learning rate"));
  EXPECT_EQ(causes.size(), 22u);
}

}  // namespace tend::preflight_test
