#include "tend/update/schedule_registry.h"

#include <gtest/gtest.h>

namespace tend::schedule_registry_test {
namespace {

Value schedule(const std::string& text) { return parse_toml("s = " + text, "test")["s"]; }

TEST(LearningRate, warms_up_linearly_then_the_schedule_starts) {
  const LearningRate rate(schedule(R"({ name = "cosine", warmup_steps = 4 })"), 0.8);
  EXPECT_DOUBLE_EQ(rate.at(0, 10, 104), 0.2);
  EXPECT_DOUBLE_EQ(rate.at(3, 10, 104), 0.8);
  EXPECT_DOUBLE_EQ(rate.at(4, 10, 104), 0.8);
  EXPECT_NEAR(rate.at(54, 10, 104), 0.4, 1e-12);
  EXPECT_NEAR(rate.at(104, 10, 104), 0, 1e-12);
  EXPECT_NEAR(rate.at(500, 10, 104), 0, 1e-12);
}

TEST(LearningRate, wrong_words_get_the_right_one) {
  try {
    LearningRate(schedule(R"({ name = "cosin" })"), 1);
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("\"cosine\""), std::string::npos) << e.what();
  }
  EXPECT_THROW(LearningRate(schedule(R"({ name = "step", facter = 0.5 })"), 1), Error);
}

TEST(LearningRate, is_constant_where_no_name_is_given) {
  EXPECT_EQ(LearningRate(Value(), 0.3).at(1000, 10, 2000), 0.3);
  const LearningRate warming(schedule("{ warmup_steps = 2 }"), 1);
  EXPECT_EQ(warming.at(0, 10, 100), 0.5);
  EXPECT_EQ(warming.at(99, 10, 100), 1);
}

TEST(LearningRate, refuses_settings_that_do_not_go_together) {
  EXPECT_THROW(LearningRate(schedule(R"({ name = "one_cycle", warmup_steps = 5 })"), 1), Error);
  EXPECT_NO_THROW(LearningRate(schedule(R"({ name = "one_cycle", warmup_steps = 0 })"), 1));
  EXPECT_THROW(LearningRate(schedule(R"({ name = "piecewise", boundaries = [1, 2], factors = [0.5] })"), 1), Error);
  EXPECT_THROW(LearningRate(schedule(R"({ name = "cosine", warmup_steps = -1 })"), 1), Error);
}

}  // namespace
}  // namespace tend::schedule_registry_test
