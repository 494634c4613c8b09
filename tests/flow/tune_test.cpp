#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "program.h"

namespace tend::tune_test {
namespace {

constexpr const char* study = R"(seed = 5
[tune]
direction = "minimize"
steps = 9
budget_steps = 30
[tune.parameters]
rate = { log_uniform = [1e-5, 1.0] }
units = { ordinal = [16, 32, 64] }
)";

TEST(TuneFlow, another_program_asks_and_tells) {
  const Folder f;
  f.write("study.toml", study);
  f.write("lines.txt",
          "{\"ask\": true}\n{\"tell\": 0, \"values\": [0.5], \"training\": [0.6]}\n"
          "{\"ask\": true}\n{\"tell\": 1, \"values\": [null]}\n{\"tell\": 9, \"values\": [1]}\n\nnonsense\n{\"ask\": true}\n");
  const Said said = f.tend("tune study.toml --ask-tell", "", "lines.txt");
  EXPECT_EQ(said.code, 0) << said.error;
  std::vector<nlohmann::json> answers;
  std::istringstream lines(said.out);
  for (std::string line; std::getline(lines, line);) answers.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(answers.size(), 7U) << said.out;
  EXPECT_EQ(answers[0]["trial"], 0);
  EXPECT_EQ(answers[0]["from_step"], 0);
  EXPECT_EQ(answers[0]["to_step"], 1);
  EXPECT_TRUE(answers[0]["parameters"]["rate"].is_number());
  EXPECT_EQ(answers[1]["state"], "waiting");
  EXPECT_TRUE(answers[1]["cause"].is_null());
  EXPECT_EQ(answers[3]["state"], "stopped");
  EXPECT_EQ(answers[3]["cause"], "not-finite");
  EXPECT_TRUE(answers[4].contains("error"));  // no such trial: nothing is changed
  EXPECT_TRUE(answers[5].contains("error"));
  EXPECT_EQ(answers[6]["trial"], 2);
}

TEST(TuneFlow, a_wrong_study_is_one_clear_error) {
  const Folder f;
  EXPECT_EQ(f.tend("tune none.toml --ask-tell").code, 66);
  f.write("a.toml", "seed = 1\n");
  EXPECT_EQ(f.tend("tune a.toml --ask-tell").code, 2);
  f.write("b.toml", "seed = 1\n[train]\nepochs = 3\n");
  EXPECT_EQ(f.tend("tune b.toml --ask-tell").code, 2);
  f.write("c.toml", "[tune]\nparameters = { a = { uniform = [2.0, 1.0] } }\n");
  const Said said = f.tend("tune c.toml --ask-tell");
  EXPECT_EQ(said.code, 2);
  EXPECT_NE(said.error.find("parameters.a"), std::string::npos) << said.error;
}

}  // namespace
}  // namespace tend::tune_test
