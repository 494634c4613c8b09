#include "tend/check/checks/update_settings.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::update_settings_test {
namespace {

std::vector<CheckResult> of(const std::string& optimizer, const std::string& more = "",
                            const std::string& train = "epochs = 30\n") {
  return checked(UpdateSettingsCheck{}, R"([{ dense = 8 }, "relu", { dense = 3 }])", small_classes(),
                 "[update]\noptimizer = { " + optimizer + " }\n" + more + "[train]\n" + train);
}

}  // namespace

TEST(UpdateSettings, passes_usual_settings) {
  EXPECT_EQ(of("name = \"momentum\", learning_rate = 0.01, momentum = 0.99").at(0).verdict, Verdict::pass);
  EXPECT_EQ(of("name = \"adam\", epsilon = 1e-8").at(0).verdict, Verdict::pass);
  EXPECT_EQ(of("name = \"sgd\", learning_rate = 0.1", "clip_norm = 0.1\n").at(0).verdict, Verdict::pass);
}

TEST(UpdateSettings, a_large_epsilon_makes_steps_small) {
  const CheckResult r = of("name = \"adam\", epsilon = 100.0").at(0);
  EXPECT_EQ(r.cause, "optimizer");
  EXPECT_EQ(text_of(r.changes), "update.optimizer.epsilon = 1e-08");
  EXPECT_EQ(of("name = \"adam\", epsilon = 0.1").at(0).verdict, Verdict::pass);
}

TEST(UpdateSettings, a_schedule_stays_near_the_learning_rate) {
  const CheckResult late = of("name = \"adam\"", "schedule = { name = \"constant\", warmup_steps = 100000 }\n").at(0);
  EXPECT_EQ(late.cause, "learning-rate-low");
  EXPECT_NE(late.message.find("A warmup that is longer than the run"), std::string::npos) << late.message;
  EXPECT_EQ(text_of(late.changes), "update.schedule = \"constant\"");
  EXPECT_EQ(of("name = \"adam\"", "schedule = { name = \"exponential\", factor = 2.0 }\n").at(0).cause, "learning-rate-high");
  EXPECT_EQ(of("name = \"adam\"", "schedule = { name = \"constant\", warmup_steps = 100 }\n").at(0).verdict, Verdict::pass);
}

TEST(UpdateSettings, counts_the_updates_of_the_whole_run) {
  const CheckResult few = of("name = \"adam\"", "", "epochs = 2\n").at(0);
  EXPECT_EQ(few.cause, "epochs");
  EXPECT_DOUBLE_EQ(*few.value, 16);
  EXPECT_EQ(text_of(few.changes), "train.epochs = 72");
}

TEST(UpdateSettings, accepts_few_updates_of_lbfgs) {
  EXPECT_EQ(of("name = \"lbfgs\"", "", "epochs = 2\nbatch_size = 240\n").at(0).verdict, Verdict::pass);
}

TEST(UpdateSettings, blames_the_size_of_a_batch_of_all_rows) {
  EXPECT_EQ(checked(UpdateSettingsCheck{}, "[{ dense = 3 }]", small_classes(600), "[train]\nepochs = 20\nbatch_size = 480\n")
                .at(0)
                .cause,
            "batch-size");
}

TEST(UpdateSettings, warns_of_clipping_that_keeps_almost_nothing) {
  const CheckResult r = of("name = \"sgd\", learning_rate = 0.1", "clip_norm = 1e-5\n").at(0);
  EXPECT_EQ(r.cause, "optimizer");
  EXPECT_EQ(r.changes.at(0).path, "update.clip_norm");
  EXPECT_GT(*r.expected, 0.01);
  EXPECT_EQ(of("name = \"adam\"", "clip_norm = 1e-5\n").at(0).verdict, Verdict::pass);  // divides by the gradient's size
}

TEST(UpdateSettings, warns_of_a_very_high_momentum_and_a_very_small_epsilon) {
  EXPECT_EQ(of("name = \"momentum\", learning_rate = 0.01, momentum = 0.999").at(0).changes.at(0).path,
            "update.optimizer.momentum");
  EXPECT_EQ(of("name = \"adam\", epsilon = 1e-16").at(0).changes.at(0).path, "update.optimizer.epsilon");
}

TEST(UpdateSettings, names_interventions_that_leave_the_rate_far_from_that_of_the_schedule) {
  const auto with = [](const std::string& factor) {
    return of("name = \"adam\"", "", "epochs = 30\ninterventions = [{ step = 20, rate_factor = " + factor + " }]\n").at(0);
  };
  EXPECT_EQ(with("1000.0").cause, "learning-rate-high") << with("1000.0").message;
  EXPECT_EQ(with("1000.0").message, "train.interventions multiply the learning rate by 1000 from step 20 on.");
  EXPECT_EQ(with("1e-6").cause, "learning-rate-low");
  EXPECT_EQ(with("0.1").verdict, Verdict::pass) << with("0.1").message;
}

TEST(UpdateSettings, names_a_schedule_that_soon_stops_the_weights) {
  const std::string update = "[update]\noptimizer = { name = \"adam\", learning_rate = 0.01 }\n";
  const auto with = [&](const std::string& schedule) {
    return checked(UpdateSettingsCheck{}, "[{ dense = 3 }]", small_classes(),
                   update + "schedule = " + schedule + "\n[train]\nepochs = 20\nbatch_size = 16\n");
  };
  const CheckResult r = with("{ name = \"step\", factor = 0.1, every_epochs = 0.5 }").at(0);
  EXPECT_EQ(r.verdict, Verdict::warn);
  EXPECT_EQ(r.cause, "learning-rate-low");
  EXPECT_EQ(text_of(r.changes), "update.schedule = \"constant\"");
  EXPECT_NE(r.message.find("after step"), std::string::npos) << r.message;
  EXPECT_EQ(with("{ name = \"step\", factor = 0.1, every_epochs = 7 }").at(0).verdict, Verdict::pass);
  EXPECT_EQ(with("\"cosine\"").at(0).verdict, Verdict::pass);
}

}  // namespace tend::update_settings_test
