#include "tend/experiment/experiment.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace tend::experiment_test {
namespace {

constexpr const char* whole = R"(
seed = 7
[data]
source = "a.csv"
target = "kind"
validation = 0.2
[prepare]
steps = ["impute", { scale = 0.5 }]
[network]
initializer = "he_normal"
layers = [{ conv2d = 8, kernel = 5 }, "relu", "flatten", { dense = 16, name = "head" }, "relu", { dense = 2 }]
[loss]
name = "softmax_cross_entropy"
reduction = "sum"
[update]
optimizer = { name = "adam", learning_rate = 0.1 }
schedule = { name = "cosine", warmup_steps = 5 }
clip_norm = 5.0
[train]
epochs = 3
early_stopping = {}
[tune]
trials = 9
)";

std::string error_of(const std::string& text) {
  try {
    Experiment::parse(text, "e.toml");
  } catch (const Error& e) {
    EXPECT_EQ(e.trouble, Trouble::usage) << e.what();
    return e.what();
  }
  return "";
}

TEST(Experiment, holds_what_the_file_says_and_the_peers_defaults_else) {
  const Experiment e = Experiment::parse(whole, "e.toml");
  EXPECT_TRUE(e.is_literal());
  EXPECT_EQ(e.seed, 7u);
  EXPECT_EQ(e.data.target, Value("kind"));
  EXPECT_EQ(e.data.validation, Value(0.2));
  EXPECT_TRUE(e.data.test.is_null());
  EXPECT_EQ(e.data.split, "shuffle");
  EXPECT_EQ(e.prepare.steps.array_items().size(), 2u);
  EXPECT_EQ(e.prepare.target, "none");
  EXPECT_EQ(e.loss.reduction, "sum");
  EXPECT_FALSE(e.update.weight_decay.has_value());
  EXPECT_EQ(e.update.clip_norm, 5.0);
  EXPECT_EQ(e.update.clip_value, 0.0);
  EXPECT_EQ(e.train.epochs, 3);
  EXPECT_EQ(e.train.batch_size, 32);
  EXPECT_TRUE(e.train.early_stopping.is_table());
  EXPECT_EQ(e.watch.policy, "advise");
  EXPECT_EQ(e.tune.find("trials")->integer(), 9);
  EXPECT_TRUE(e.gives("train", "epochs"));
  EXPECT_FALSE(e.gives("train", "batch_size"));
}

TEST(Experiment, without_a_network_is_not_literal) {
  const Experiment e = Experiment::parse("[data]\nsource = 'a.csv'", "e.toml");
  EXPECT_FALSE(e.is_literal());
  EXPECT_TRUE(e.loss.name.is_null());
  EXPECT_TRUE(e.train.early_stopping.is_null());
}

TEST(Experiment, json_of_the_same_shape_is_the_same_experiment) {
  const Experiment e = Experiment::parse(whole, "e.toml");
  EXPECT_EQ(Experiment::parse(to_json(e.to_value()), "e.json").to_value(), e.to_value());
}

TEST(Experiment, is_written_complete_and_reads_back_the_same) {
  const Experiment e = Experiment::parse(whole, "e.toml");
  const std::string text = to_toml(e.to_value());
  const Experiment again = Experiment::parse(text, "again.toml");
  EXPECT_EQ(again.to_value(), e.to_value());
  EXPECT_EQ(to_toml(again.to_value()), text);
  for (const char* key : {"batch_size = 32", "split = \"shuffle\"", "policy = \"advise\"", "shuffle = true"})
    EXPECT_NE(text.find(key), std::string::npos) << key;
}

TEST(Experiment, dotted_keys_are_tables) {
  const Experiment e = Experiment::parse("network.layers = [{ dense = 2 }]\nloss.name = 'huber'\nupdate.optimizer = 'sgd'",
                                         "e.toml");
  EXPECT_TRUE(e.is_literal());
  EXPECT_EQ(e.update.optimizer, Value("sgd"));
}

TEST(Experiment, an_optimizer_or_schedule_without_a_name_is_the_usual_one) {
  const Experiment e = Experiment::parse("[update]\noptimizer = { learning_rate = 0.1 }\nschedule = { warmup_steps = 9 }",
                                         "e.toml");
  EXPECT_EQ(e.update.optimizer.find("name")->string(), "adam");
  EXPECT_EQ(e.update.schedule.find("name")->string(), "constant");
}

TEST(Experiment, a_resize_among_the_steps_is_told_to_the_readers) {
  const Experiment e = Experiment::parse("[prepare]\nsteps = [{ resize = [20, 30] }]", "e.toml");
  EXPECT_EQ(e.data.height, 20);
  EXPECT_EQ(e.data.width, 30);
}

TEST(Experiment, wrong_files_get_one_sentence_each) {
  EXPECT_NE(error_of("[trian]\n").find("unknown key \"trian\""), std::string::npos);
  EXPECT_NE(error_of("[trian]\n").find("did you mean \"train\"?"), std::string::npos);
  EXPECT_EQ(error_of("[train]\nepochs = 0"), "e.toml:2: train.epochs: the number 0; wanted a whole number >= 1");
  EXPECT_NE(error_of("[train]\nbatch = 3").find("did you mean \"batch_size\"?"), std::string::npos);
  EXPECT_NE(error_of("train = 3").find("wanted a table: [train]"), std::string::npos);
  EXPECT_NE(error_of("seed = -1").find("seed"), std::string::npos);
  EXPECT_NE(error_of("seed = 1.5").find("whole number"), std::string::npos);
  EXPECT_NE(error_of("[network]\nlayers = 'relu'").find("wanted a list"), std::string::npos);
  EXPECT_NE(error_of("[network]\nlayers = []").find("network.layers"), std::string::npos);
  EXPECT_NE(error_of("[network]\nlayers = ['relu']").find("loss.name"), std::string::npos);
  EXPECT_NE(error_of("[prepare]\nsteps = 'center'").find("prepare.steps"), std::string::npos);
  EXPECT_NE(error_of("[train]\nearly_stopping = true").find("{ patience = 5 }"), std::string::npos);
  EXPECT_NE(error_of("[train]\nearly_stopping = { patience = 0 }").find("train.early_stopping.patience"), std::string::npos);
  EXPECT_NE(error_of("[train]\nearly_stopping = { patient = 3 }").find("did you mean \"patience\"?"), std::string::npos);
  EXPECT_NE(error_of("[loss]\nreduction = 'average'").find("one of: mean, sum"), std::string::npos);
  EXPECT_NE(error_of("[train]\nweight_average = 1").find("train.weight_average"), std::string::npos);
  EXPECT_NE(error_of("[loss]\nlabel_smoothing = 1").find("loss.label_smoothing"), std::string::npos);
  EXPECT_NE(error_of("[update]\nclip_norm = -1").find(">= 0"), std::string::npos);
  EXPECT_NE(error_of("[1, 2]").find("e.toml"), std::string::npos);
}

TEST(Experiment, what_this_version_cannot_do_is_refused_plainly) {
  for (const char* text : {"[train]\nprecision = 'bfloat16'", "[train]\ndevice = 'cuda'"})
    EXPECT_NE(error_of(text).find("not available in this version"), std::string::npos) << text << ": " << error_of(text);
}

TEST(Experiment, layers_are_counted_by_their_kind_wherever_it_stands_in_the_entry) {
  const Value layers = parse_toml(
      "l = [{ padding = 'same', conv2d = 8 }, { slope = 0.1, leaky_relu = true }, { dense = 3 }, { own_layer = 3 }]", "t")["l"];
  EXPECT_EQ(layer_names(layers), (std::vector<std::string>{"conv2d_1", "leaky_relu_1", "dense_1", "own_layer_1"}));
}

TEST(Experiment, keys_of_tune_are_checked_and_kept) {
  EXPECT_NE(error_of("[tune]\nsampeler = 'random'").find("did you mean \"sampler\"?"), std::string::npos);
  EXPECT_EQ(Experiment::parse("[tune]\ntrials = 60\n", "e.toml").to_value().find("tune")->find("trials")->integer(), 60);
}

TEST(Experiment, optimizer_and_schedule_are_written_with_all_their_settings) {
  const Value v =
      Experiment::parse("[update]\noptimizer = 'sgd'\nschedule = { name = 'step', warmup_steps = 3 }\n", "e").to_value();
  const Value &update = *v.find("update"), &schedule = *update.find("schedule");
  EXPECT_EQ(update.find("optimizer")->find("name")->string(), "sgd");
  EXPECT_EQ(update.find("optimizer")->find("learning_rate")->number(), 0.01);
  EXPECT_EQ(schedule.find("warmup_steps")->integer(), 3);
  EXPECT_GT(schedule.items().size(), 3u);
}

TEST(Experiment, is_read_from_a_file_with_its_folder) {
  const auto folder = std::filesystem::temp_directory_path() / "tend_experiment_test";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "e.toml") << "\xEF\xBB\xBFseed = 4\n";
  EXPECT_EQ(Experiment::read((folder / "e.toml").string()).seed, 4u);
  EXPECT_EQ(Experiment::read((folder / "e.toml").string()).folder, folder.string());
  std::filesystem::remove_all(folder);
  try {
    Experiment::read((folder / "e.toml").string());
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.trouble, Trouble::missing);
  }
}

Value set(const std::string& path, const Value& v) {
  Value table = parse_toml(whole, "e.toml");
  set_path(table, path, v);
  return table;
}

TEST(SetPath, sets_and_adds_keys) {
  EXPECT_EQ(set("train.epochs", 5).find("train")->find("epochs")->integer(), 5);
  EXPECT_EQ(set("seed", 5).find("seed")->integer(), 5);
  EXPECT_EQ(set("watch.policy", "observe").find("watch")->find("policy")->string(), "observe");
  EXPECT_EQ(set("update.optimizer.beta1", 0.5).find("update")->find("optimizer")->find("beta1")->number(), 0.5);
  EXPECT_EQ(set("update.optimizer", "sgd").find("update")->find("optimizer")->string(), "sgd");
}

TEST(SetPath, finds_layers_by_place_by_number_of_their_kind_and_by_name) {
  const auto layer = [](const Value& e, std::size_t place) {
    return to_inline_toml(e.find("network")->find("layers")->array_items()[place]);
  };
  EXPECT_EQ(layer(set("network.layers.0.kernel", 3), 0), "{ conv2d = 8, kernel = 3 }");
  EXPECT_EQ(layer(set("network.layers.conv2d_1.kernel", 3), 0), "{ conv2d = 8, kernel = 3 }");
  EXPECT_EQ(layer(set("network.layers.head.dense", 99), 3), "{ dense = 99, name = \"head\" }");
  EXPECT_EQ(layer(set("network.layers.dense_2.dense", 5), 5), "{ dense = 5 }");
  EXPECT_EQ(layer(set("network.layers.relu_2", "tanh"), 4), "\"tanh\"");
}

TEST(SetPath, a_bare_word_becomes_a_table_first) {
  Value v = parse_toml("[network]\nlayers = ['relu']\n[update]\noptimizer = 'sgd'", "e.toml");
  set_path(v, "network.layers.0.name", "a");
  set_path(v, "update.optimizer.learning_rate", 0.5);
  EXPECT_EQ(to_inline_toml(v.find("network")->find("layers")->array_items()[0]), "{ relu = true, name = \"a\" }");
  EXPECT_EQ(to_inline_toml(*v.find("update")->find("optimizer")), "{ name = \"sgd\", learning_rate = 0.5 }");
}

TEST(SetPath, a_path_that_leads_nowhere_says_so) {
  EXPECT_THROW(set("network.layers.6.dense", 1), Error);
  EXPECT_THROW(set("network.layers.dense_3.dense", 1), Error);
  EXPECT_THROW(set("network..layers", 1), Error);
  EXPECT_THROW(set("", 1), Error);
  EXPECT_THROW(set("seed.deeper", 1), Error);
  try {
    set("network.layers.hed.dense", 1);
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(e.wanted.find("conv2d_1, relu_1, flatten_1, head, relu_2, dense_2"), std::string::npos) << e.what();
    EXPECT_EQ(e.hint, "did you mean \"head\"?");
  }
}

}  // namespace
}  // namespace tend::experiment_test
