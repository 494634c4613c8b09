#include <gtest/gtest.h>

#include "program.h"

namespace tend::malformed_test {
namespace {

/// A broken input, its exit code, and the words that the one-line error must contain.
struct Malformed {
  const char* name;
  std::string experiment;  ///< content of e.toml; empty: "train data.csv --target kind"
  std::string data;
  int code;
  std::vector<std::string> words;
};

std::string with(const std::string& from, const std::string& to) {
  std::string text = flower_experiment;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::vector<Malformed> experiments() {
  const std::string good = flowers(60);
  return {
      {"no TOML", "seed = = 3\n", good, 2, {"e.toml:1"}},
      {"an open bracket", "[network]\nlayers = [{ dense = 3 }\n", good, 2, {"e.toml:"}},
      {"an unknown section", with("[train]", "[trian]"), good, 2, {"trian", "train"}},
      {"an unknown key", with("epochs", "epoch"), good, 2, {"train", "epoch", "epochs"}},
      {"a key twice", with("seed = 3", "seed = 3\nseed = 4"), good, 2, {"e.toml:2"}},
      {"a text for a number", with("epochs = 8", "epochs = \"many\""), good, 2, {"train.epochs", "many", "whole number"}},
      {"a number out of range", with("epochs = 8", "epochs = 0"), good, 2, {"train.epochs", "0", ">= 1"}},
      {"half an epoch", with("epochs = 8", "epochs = 1.5"), good, 2, {"train.epochs", "1.5"}},
      {"an unknown layer", with("{ dense = 8 }", "{ dence = 8 }"), good, 2, {"network.layers[0]", "dence", "dense"}},
      {"two kinds in one layer", with("{ dense = 8 }", "{ dense = 8, dropout = 0.5 }"), good, 2, {"dense", "dropout"}},
      {"a wrong setting of a layer", with("{ dense = 8 }", "{ dense = 8, l22 = 1 }"), good, 2, {"l22", "l2"}},
      {"no units", with("{ dense = 8 }", "\"dense\""), good, 0, {}},
      {"another program's word", with("\"relu\"", "\"ReLU\""), good, 2, {"ReLU", "relu"}},
      {"another program's initializer",
       with("{ dense = 8 }", "{ dense = 8, initializer = \"kaiming_normal\" }"),
       good,
       2,
       {"kaiming_normal", "he_normal"}},
      {"an unknown loss", with("softmax_cross_entropy", "crossentropy"), good, 2, {"loss.name", "softmax_cross_entropy"}},
      {"an unknown optimizer", with("\"adam\"", "\"adem\""), good, 2, {"update.optimizer", "adem", "adam"}},
      {"lr", with("learning_rate = 0.02", "lr = 0.02"), good, 2, {"lr", "learning_rate"}},
      {"an unknown step", with("\"one_hot\"", "\"onehot\""), good, 2, {"prepare.steps", "onehot", "one_hot"}},
      {"an image layer on a table", with("{ dense = 8 }", "{ conv2d = 8 }"), good, 2, {"network.layers[0] conv2d", "[H, W, C]"}},
      {"too few outputs", with("{ dense = 2 }", "{ dense = 2 }, { dense = 3 }, { dense = 1 }, { dense = 1 }"), good, 0, {}},
      {"a source that is not there", with("flowers.csv", "flower.csv"), good, 66, {"flower.csv"}},
      {"a column that is not there", with("\"kind\"", "\"kin\""), good, 2, {"kin", "kind"}},
      {"no layers", with("[{ dense = 8 }, \"relu\", { dense = 2 }]", "[]"), good, 2, {"network.layers"}},
      {"no loss", with("name = \"softmax_cross_entropy\"", ""), good, 2, {"loss.name"}},
      {"a residual to nowhere",
       with("{ dense = 2 }", "{ add = [\"a\", \"dense_1\"] }, { dense = 2 }"),
       good,
       2,
       {"\"a\"", "dense_1"}},
      {"a metric that is not there",
       with("epochs = 8", "epochs = 8\nmetric = \"validation.acc\""),
       good,
       2,
       {"train.metric", "validation.accuracy"}},
      {"another program's layer", with("{ dense = 8 }", "{ Linear = 8 }"), good, 2, {"Linear", "dense"}},
      {"another program's optimizer", with("\"adam\"", "\"AdaGrad\""), good, 2, {"AdaGrad", "adagrad"}},
      {"another program's activation key",
       with("{ dense = 8 }", "{ dense = 8, activation = \"relu\" }"),
       good,
       2,
       {"activation", "an entry of its own"}},
      {"weight decay among the optimizer's settings",
       with("learning_rate = 0.02", "weight_decay = 0.02"),
       good,
       2,
       {"weight_decay", "[update]"}},
      {"a rate that is no number", with("0.02", "nan"), good, 2, {"learning_rate", "nan"}},
      {"a fraction of one", with("validation = 0.2", "validation = 1.0"), good, 2, {"data.validation", "fraction"}},
      {"a list for a table", with("[train]\nepochs = 8", "[[train]]\nepochs = 8"), good, 2, {"train", "[train]"}},
      {"a network's output of another width", with("{ dense = 2 }", "{ dense = 3 }, { dense = 5 }"), good, 0, {}},
      {"a layer that repeats a name",
       with("{ dense = 8 }, \"relu\"", "{ dense = 8, name = \"a\" }, { relu = true, name = \"a\" }"),
       good,
       2,
       {"\"a\""}},
      {"a date", with("epochs = 8", "epochs = 2024-01-01"), good, 2, {"e.toml:", "date"}},
      {"a weight for a class that is not there",
       with("name = \"softmax_cross_entropy\"", "name = \"softmax_cross_entropy\"\nclass_weights = { nobody = 2 }"),
       good,
       2,
       {"loss.class_weights", "nobody"}},
      {"label smoothing of a loss without labels",
       with("name = \"softmax_cross_entropy\"", "name = \"multiclass_hinge\"\nlabel_smoothing = 0.1"),
       good,
       2,
       {"loss.label_smoothing", "softmax_cross_entropy"}},
      {"a policy that does not exist",
       std::string(flower_experiment) + "[watch]\npolicy = \"heal\"\n",
       good,
       2,
       {"watch.policy", "repair"}},
      {"a JSON file that ends early", "{\"data\": {\"source\": \"flowers.csv\"", good, 2, {"e.toml:1"}},
      {"cuda where there is none", with("epochs = 8", "epochs = 8\ndevice = \"cuda\""), good, 2, {"train.device", "cuda"}},
  };
}

std::vector<Malformed> tables() {
  const std::string good = flowers(60);
  return {
      {"an empty file", "", "", 65, {"flowers.csv"}},
      {"a header alone", "", "a,b,kind\n", 65, {"flowers.csv"}},
      {"a cell too many", "", "a,b,kind\n1,2,x\n1,2,3,y\n", 65, {"flowers.csv", "4"}},
      {"a cell too few", "", "a,b,kind\n1,2,x\n1,y\n", 65, {"flowers.csv", "2"}},
      {"an open quote", "", "a,b,kind\n1,\"2,x\n1,3,y\n", 65, {"flowers.csv", "quote"}},
      {"a NUL byte", "", std::string("a,b,kind\n1,\0,x\n", 15), 65, {"flowers.csv"}},
      {"bytes that are no UTF-8", "", "a,b,kind\n1,\xff\xfe,x\n2,3,y\n", 65, {"flowers.csv", "latin-1"}},
      {"a column twice", "", "a,a,kind\n1,2,x\n1,3,y\n", 65, {"a"}},
      {"one row", "", "a,b,kind\n1,2,x\n", 65, {}},
      {"no target in any row", "", "a,b,kind\n1,2,?\n1,3,\n", 65, {}},
  };
}

void expect_clear_error(const Malformed& m) {
  SCOPED_TRACE(m.name);
  const Folder f;
  f.write("flowers.csv", m.data);
  if (!m.experiment.empty()) f.write("e.toml", m.experiment);
  const Said said = f.tend(m.experiment.empty() ? "train flowers.csv --target kind --run r --epochs 1"
                                                : "train e.toml --run r --quiet");
  if (m.code == 0) {
    EXPECT_EQ(said.code, 0) << said.error;
    return;
  }
  if (m.code == 65) EXPECT_TRUE(said.code == 65 || said.code == 2) << said.code << said.error;
  else EXPECT_EQ(said.code, m.code) << said.error;
  const std::size_t at = said.error.find("tend: error: ");
  ASSERT_NE(at, std::string::npos) << said.error;
  EXPECT_EQ(std::count(said.error.begin() + static_cast<std::ptrdiff_t>(at), said.error.end(), '\n'), 1) << said.error;
  for (const std::string& word : m.words) EXPECT_NE(said.error.find(word, at), std::string::npos) << word << " in " << said.error;
  EXPECT_FALSE(std::filesystem::exists(f / "r")) << "a run that never began leaves nothing";
}

TEST(Malformed, experiment_files_get_one_clear_error) {
  for (const Malformed& m : experiments()) expect_clear_error(m);
}

TEST(Malformed, tables_get_one_clear_error) {
  for (const Malformed& m : tables()) expect_clear_error(m);
}

TEST(Malformed, verbs_and_flags_get_one_clear_error) {
  const Folder f;
  f.write("flowers.csv", flowers(60));
  for (const char* arguments : {"trian", "train --epoch 3", "train flowers.csv --set", "train flowers.csv --set epochs",
                                "train flowers.csv --threads 0", "tune flowers.csv", "predict"}) {
    const Said said = f.tend(arguments);
    EXPECT_EQ(said.code, 2) << arguments << ": " << said.error;
    EXPECT_EQ(said.error.substr(0, 13), "tend: error: ") << said.error;
  }
  EXPECT_NE(f.tend("trian").error.find("did you mean \"train\"?"), std::string::npos);
  EXPECT_NE(f.tend("train --epoch 3").error.find("did you mean --epochs?"), std::string::npos);
  EXPECT_NE(f.tend("flowers.csv").error.find("tend train flowers.csv"), std::string::npos);
  for (const char* verb : {"board", "export"}) {
    EXPECT_EQ(f.tend(std::string(verb) + " x --y").code, 2);
    EXPECT_NE(f.tend(verb).error.find("not available"), std::string::npos) << verb;
  }
  const Said which = f.tend("train flowers.csv");
  EXPECT_EQ(which.code, 2);
  for (const char* column : {"width", "height", "colour", "kind", "--target"})
    EXPECT_NE(which.error.find(column), std::string::npos) << which.error;
}

TEST(Malformed, places_that_cannot_be_written_end_with_73_and_locked_runs_with_75) {
  const Folder f;
  f.write("flowers.csv", flowers(60));
  f.write("e.toml", flower_experiment);
  EXPECT_EQ(f.tend("train e.toml --run /proc/nowhere").code, 73);
  f.write("file", "");
  EXPECT_EQ(f.tend("train e.toml --run file").code, 73);
  std::filesystem::create_directory(f / "r");
  const Said locked = f.tend("--version; flock r/.lock " TEND_BINARY_DIR "/tend train e.toml --run r");
  EXPECT_EQ(locked.code, 75) << locked.error;
}

}  // namespace
}  // namespace tend::malformed_test
