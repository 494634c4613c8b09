#include "tend/check/checks/learning_rate_range.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::learning_rate_range_test {
namespace {

CheckResult at(const std::string& optimizer, double rate, const std::string& train = "epochs = 20\n",
               const std::string& layers = R"([{ dense = 16 }, "relu", { dense = 3 }])") {
  return checked(LearningRateRange{}, layers, small_classes(),
                 "[update]\noptimizer = { name = \"" + optimizer + "\", learning_rate = " + std::to_string(rate) +
                     " }\n[train]\n" + train)
      .at(0);
}

}  // namespace

TEST(LearningRateRange, passes_a_usual_rate_and_suggests_one_between_the_useful_rates) {
  const CheckResult r = at("adam", 0.01);
  EXPECT_EQ(r.verdict, Verdict::pass) << r.message;
  const double low = r.record.find("low")->number(), high = r.record.find("high")->number(),
               suggestion = r.record.find("suggestion")->number();
  EXPECT_LT(low, suggestion);
  EXPECT_LE(suggestion, high);
  EXPECT_GT(suggestion, 5e-4);
  const double knee = r.record.find("knee")->number();
  EXPECT_GT(knee, low);
  EXPECT_LT(knee, high);
  EXPECT_DOUBLE_EQ(r.record.find("confidence")->number(), 1);
  EXPECT_LT(suggestion, 0.2);
  const Value::Array& curve = r.record.find("curve")->array_items();
  EXPECT_GT(curve.size(), 6u);
  EXPECT_TRUE(std::any_of(curve.begin(), curve.end(), [](const Value& point) { return point.array_items()[0].number() == 0.01; }))
      << "the run's own rate is walked, and needs no run of its own";
}

TEST(LearningRateRange, names_a_rate_that_raises_the_loss) {
  const CheckResult r = at("sgd", 100);
  EXPECT_EQ(r.verdict, Verdict::fail) << r.message;
  EXPECT_EQ(r.cause, "learning-rate-high");
  EXPECT_EQ(r.changes.at(0).path, "update.optimizer.learning_rate");
}

TEST(LearningRateRange, names_a_rate_at_which_the_loss_overflows_even_if_rates_a_thousand_times_lower_do_so) {
  for (const char* optimizer : {"sgd", "momentum"}) {
    const CheckResult r = at(optimizer, 1e7);
    EXPECT_EQ(r.verdict, Verdict::fail) << r.message;
    EXPECT_EQ(r.cause, "learning-rate-high");
    EXPECT_NE(r.message.find("is too high"), std::string::npos) << r.message;
  }
  const CheckResult adam = at("adam", 1000);
  EXPECT_EQ(adam.cause, "learning-rate-high");
  EXPECT_NE(adam.message.find("it falls from"), std::string::npos) << "compared with a rate that works: " << adam.message;
}

TEST(LearningRateRange, names_a_rate_that_diverges_where_no_rate_lowers_the_loss) {
  Dataset d = small_classes();
  Random random(3, purpose("labels without inputs"));
  for (std::int64_t i = 0; i < d.rows(); ++i) d.y.as<double>()[i] = static_cast<double>(random.below(3));
  const CheckResult r = checked(LearningRateRange{}, "[{ dense = 3, initializer = \"zeros\" }]", d,
                                "[update]\noptimizer = { name = \"sgd\", learning_rate = 1e6 }\n[train]\nepochs = 20\n")
                            .at(0);
  EXPECT_EQ(r.verdict, Verdict::fail) << r.message;
  EXPECT_EQ(r.cause, "learning-rate-high");
}

TEST(LearningRateRange, never_advises_a_rate_that_is_no_lower_than_one_that_is_too_high) {
  const Dataset far = small_values(300, 2e9, 1e9);
  for (const double rate : {1e-4, 1e-7, 1e-9}) {
    const CheckResult r = checked(LearningRateRange{}, "[{ dense = 8 }, \"relu\", { dense = 1 }]", far,
                                  "[update]\noptimizer = { name = \"momentum\", learning_rate = " + std::to_string(rate * 1e9) +
                                      "e-9 }\n[train]\nepochs = 20\n")
                              .at(0);
    if (r.cause != "learning-rate-high") continue;
    if (r.changes.empty()) EXPECT_NE(r.advice.find("Scale the inputs"), std::string::npos);
    else EXPECT_LT(r.changes.at(0).value.number(), rate);
  }
}

TEST(LearningRateRange, a_rate_that_is_reached_little_by_little_may_be_higher) {
  const auto with = [](const std::string& more) {
    return checked(LearningRateRange{.flops = 1e6}, R"([{ dense = 64 }, "relu", { dense = 64 }, "relu", { dense = 3 }])",
                   small_classes(),
                   "[update]\noptimizer = { name = \"adam\", learning_rate = 0.3 }\n" + more + "[train]\nepochs = 200\n")
        .at(0);
  };
  const CheckResult at_once = with("");
  EXPECT_EQ(at_once.verdict, Verdict::warn) << at_once.message;
  EXPECT_EQ(at_once.cause, "learning-rate-high");
  const CheckResult later = with("schedule = \"one_cycle\"\n");
  EXPECT_EQ(later.verdict, Verdict::pass) << later.message;
}

TEST(LearningRateRange, names_a_negative_rate_and_a_rate_of_0) {
  const CheckResult negative = at("sgd", -1e-5);
  EXPECT_EQ(negative.verdict, Verdict::fail);
  EXPECT_EQ(negative.cause, "learning-rate-low");
  EXPECT_NE(negative.message.find("The learning rate is negative (-1e-05)"), std::string::npos) << negative.message;
  const CheckResult zero = at("sgd", 0);
  EXPECT_EQ(zero.cause, "learning-rate-low");
  EXPECT_NE(zero.message.find("The learning rate is 0:"), std::string::npos) << zero.message;
  const CheckResult schedule = checked(LearningRateRange{}, "[{ dense = 3 }]", small_classes(),
                                       "[update]\noptimizer = { name = \"sgd\", learning_rate = -0.1 }\n"
                                       "schedule = { name = \"cosine\", warmup_steps = 10 }\n[train]\nepochs = 20\n")
                                   .at(0);
  EXPECT_NE(schedule.message.find("negative (-0.1)"), std::string::npos) << schedule.message;
}

TEST(LearningRateRange, names_a_rate_that_is_too_low_for_the_whole_run) {
  const CheckResult r = at("sgd", 0.000001);
  EXPECT_EQ(r.verdict, Verdict::fail) << r.message;
  EXPECT_EQ(r.cause, "learning-rate-low");
}

TEST(LearningRateRange, passes_a_low_rate_in_a_long_run) {
  EXPECT_EQ(at("adam", 0.0001, "epochs = 20\n").cause, "learning-rate-low");
  EXPECT_EQ(at("adam", 0.0001, "epochs = 2000\n").verdict, Verdict::pass);
}

TEST(LearningRateRange, is_skipped_where_no_rate_changes_the_loss) {
  Dataset d = small_classes();
  for (std::int64_t i = 0; i < d.x.shape().count(); ++i) d.x.as<double>()[i] = 0;
  const CheckResult r = checked(LearningRateRange{}, R"([{ dense = 16 }, "relu", { dense = 3 }])", d).at(0);
  EXPECT_EQ(r.verdict, Verdict::skipped) << r.message;
}

TEST(LearningRateRange, reports_the_same_when_it_runs_twice) {
  const Dataset data = small_classes();
  const Training training(small_experiment(R"([{ dense = 16 }, "relu", { dense = 3 }])"), data);
  const tend::Setup setup(training);
  const std::string first = LearningRateRange{}.run(setup).at(0).message;
  EXPECT_EQ(LearningRateRange{}.run(setup).at(0).message, first);
}

}  // namespace tend::learning_rate_range_test
