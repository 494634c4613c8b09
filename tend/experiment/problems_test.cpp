#include "tend/experiment/problems.h"

#include <gtest/gtest.h>

#include "tend/experiment/experiment.h"

namespace tend::problems_test {
namespace {

std::string error_of(const std::string& text, const Shelves* shelves = &builtin_shelves()) {
  try {
    Experiment::from_value(parse_toml(text, "e.toml"), "e.toml", false, shelves);
  } catch (const Error& e) {
    EXPECT_EQ(e.trouble, Trouble::usage) << e.what();
    return e.what();
  }
  return "";
}

std::size_t lines_of(const std::string& text) { return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')); }

constexpr const char* faulty = R"(
sede = 1
[data]
source = "a.csv"
tets = 0.1
[network]
layers = [
  { dense = 8, l22 = 0.1, bias = 3 },
  "rellu",
  { dense = 2, initializer = "he_norml" },
]
[loss]
name = "cross"
[update]
optimizer = { name = "adam", beta = 0.9, lr = 0.1 }
schedule = { name = "cosine", warmup = 5 }
[train]
epoch = 3
batch_size = 0
early_stopping = { patiense = 4 }
)";

TEST(Problems, of_a_file_are_all_reported_with_line_nearest_word_and_what_is_known) {
  const std::string all = error_of(faulty);
  EXPECT_TRUE(all.starts_with("e.toml: 13 problems\n")) << all;
  EXPECT_EQ(lines_of(all), 13U) << all;
  for (
      const char* part :
      {"\n  e.toml:2: unknown key \"sede\"; wanted one of: seed, data, ", "; did you mean \"seed\"?",
       "\n  e.toml:5: data: unknown key \"tets\"; wanted one of: source, ", "did you mean \"test\"?",
       "\n  e.toml:8: network.layers[0] dense: unknown key \"l22\"; wanted one of: units, ",
       "\n  e.toml:8: network.layers[0] dense.bias: the number 3; wanted true or false",
       "\n  e.toml:9: network.layers[1]: \"rellu\"; wanted one of: add, ", "did you mean \"relu\"?",
       "\n  e.toml:10: network.layers[2] dense.initializer: \"he_norml\"; wanted one of: ", "did you mean \"he_normal\"?",
       "\n  e.toml:13: loss.name: \"cross\"; wanted one of: ", "\n  e.toml:15: update.optimizer: unknown key \"beta\"; ",
       "\n  e.toml:15: update.optimizer: unknown key \"lr\"; ", "did you mean \"learning_rate\"?",
       "\n  e.toml:16: update.schedule: unknown key \"warmup\"",
       "\n  e.toml:18: train: unknown key \"epoch\"; wanted one of: epochs, ",
       "\n  e.toml:19: train.batch_size: the number 0; wanted a whole number >= 1",
       "\n  e.toml:20: train.early_stopping: unknown key \"patiense\"; wanted one of: patience, restore_best; did you mean \"patience\"?"})
    EXPECT_NE(all.find(part), std::string::npos) << part << "\n" << all;
}

TEST(Problems, of_entries_are_left_to_programs_with_shelves_of_their_own) {
  const std::string all = error_of(faulty, nullptr);
  EXPECT_TRUE(all.starts_with("e.toml: 5 problems\n")) << all;
  EXPECT_EQ(all.find("rellu"), std::string::npos) << all;
}

TEST(Problems, a_single_problem_is_an_error_of_one_line) {
  EXPECT_EQ(error_of("[data]\nsource = 'a'\n[train]\nbatch_size = 0"),
            "e.toml:4: train.batch_size: the number 0; wanted a whole number >= 1");
}

TEST(Problems, a_value_without_a_line_is_named_by_its_key) {
  Value table = parse_toml("[data]\nsource = 'a'", "e.toml");
  set_path(table, "train.epochs", 0);
  set_path(table, "update.schedule", "cosin");
  try {
    Experiment::from_value(table, "e.toml", false, &builtin_shelves());
    FAIL();
  } catch (const Error& e) {
    const std::string all = e.what();
    EXPECT_NE(all.find("\n  train.epochs: the number 0"), std::string::npos) << all;
    EXPECT_NE(all.find("\n  update.schedule: \"cosin\""), std::string::npos) << all;
  }
}

TEST(Problems, settings_that_contradict_each_other_are_one) {
  const std::string all = error_of("[data]\nsource = 'a'\n[update]\nschedule = { name = 'warmup', warmup_steps = 5 }");
  EXPECT_TRUE(all.starts_with("e.toml:4: update.schedule")) << all;
}

TEST(Problems, there_are_none_in_a_right_file) {
  EXPECT_EQ(
      error_of("[data]\nsource = 'a'\n[prepare]\nsteps = ['impute', { resize = [8, 8] }, { random_crop = 8, padding = 1 }]\n"
               "[network]\nlayers = [{ conv2d = 4, name = 'a' }, { leaky_relu = 0.1 }, { add = ['a', 'input'] }, 'flatten', "
               "{ dense = 2, from = 'a', bias_initializer = { constant = 0.1 } }]\n[loss]\nname = { huber = true, delta = 2.0 "
               "}\n[update]\nschedule = { warmup_steps = 4 }"),
      "");
}

}  // namespace
}  // namespace tend::problems_test
