#include "tend/experiment/infer.h"

#include <algorithm>
#include <cmath>

#include "tend/experiment/infer_columns.h"
#include "tend/prepare/pipeline.h"

namespace tend {

namespace {

// Rows seen over all epochs before early stopping: minutes at most on a few slow cores.
constexpr std::int64_t rows_of_tables = 2'000'000, rows_of_small_images = 2'000'000, rows_of_images = 600'000;

/// By its usual names, else Error{usage} with all the names there are: a wrong guess is worse than a question.
std::string target_among(const std::vector<std::string>& names, std::vector<Inferred>& reasons) {
  const std::string target = usual_target(names);
  if (!target.empty()) {
    reasons.push_back(
        {.field = "data.target", .chosen = target, .reason = "a column is called so", .override_with = "--target COLUMN"});
    return target;
  }
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  throw Error(Trouble::usage, "data.target", "a table without a column called target, label, class or y",
              "the name of the column to learn", "add --target COLUMN; the columns are: " + all);
}

/// Decides one thing after the other and keeps the reasons.
class Inferring {
 public:
  Inferring(const Experiment& given, const Dataset& data, std::vector<Inferred>& reasons)
      : e_(given), data_(data), reasons_(reasons) {}

  Experiment all() {
    if (data_.task == Task::classification && data_.y.row_size() > 1)
      throw Error(Trouble::usage, "network.layers", "nothing, for a target at each place of a row", "a list of layers",
                  "for instance examples/experiments/char_lstm.toml");
    choose_columns();
    if (!e_.gives("data", "task"))
      say("data.task", name_of(data_.task), task_reason(),
          "--task " + std::string(data_.task == Task::regression ? "classification" : "regression"));
    choose_parts();
    choose_preparation();
    choose_network();
    choose_update();
    choose_length();
    return e_;
  }

 private:
  void say(const std::string& field, const std::string& chosen, const std::string& reason, const std::string& otherwise) {
    reasons_.push_back({.field = field, .chosen = chosen, .reason = reason, .override_with = otherwise});
  }
  template <class T>
  void choose(const char* section, const char* key, T& member, T value, const std::string& reason, const std::string& otherwise) {
    if (e_.gives(section, key)) return;
    member = std::move(value);
    say(std::string(section) + "." + key, to_inline_toml(write_value(member)), reason, otherwise);
  }
  bool is_table() const { return !data_.columns.empty(); }
  bool is_image() const { return data_.x.shape().rank() == 4; }
  std::int64_t training_rows() const {
    const auto share = [](const Value& v) { return v.is_number() ? v.number() : 0.0; };
    return std::max<std::int64_t>(
        1, static_cast<std::int64_t>(static_cast<double>(data_.rows()) * (1 - share(e_.data.validation) - share(e_.data.test))));
  }

  void choose_columns();
  void choose_parts();
  void choose_preparation();
  void choose_network();
  void choose_update();
  void choose_length();
  std::string task_reason() const;
  Value image_layers() const;
  Value table_layers() const;

  Experiment e_;
  const Dataset& data_;
  std::vector<Inferred>& reasons_;
};

void Inferring::choose_columns() {
  if (!is_table() || e_.gives("data", "features")) return;
  const std::vector<UselessColumn> useless = useless_columns(data_);
  if (useless.size() == data_.columns.size())
    throw Error(Trouble::data, "data",
                "no column that anything can be learnt from: " + useless[0].name + ": " + useless[0].reason, "at least one",
                "--set 'data.features=[...]' names the columns to use all the same");
  for (const UselessColumn& c : useless) {
    e_.data.ignore.push_back(c.name);
    say("data.ignore", c.name, c.reason, "--set 'data.features=[...]' names the columns to use");
  }
}

std::string Inferring::task_reason() const {
  if (data_.task == Task::multilabel) return "several target columns of 0 and 1";
  if (data_.task == Task::regression)
    return data_.y.row_size() > 1 ? "several target columns of numbers" : "the target is a number with many values";
  return "the target has " + std::to_string(data_.classes.size()) + " values";
}

void Inferring::choose_parts() {
  if (data_.task == Task::classification)
    choose("data", "split", e_.data.split, std::string("stratified"), "each part gets its share of every class",
           "--set data.split=shuffle");
  const auto part = [&](const char* key, Value& member, const std::string& beside, const std::string& reason) {
    const std::string otherwise = std::string("--set data.") + key + "=0.2";
    if (beside.empty()) choose("data", key, member, Value(0.1), reason, otherwise);
    else if (!e_.gives("data", key)) say(std::string("data.") + key, beside, "it lies beside the data", otherwise);
  };
  part("validation", e_.data.validation, data_.companion_validation, "a tenth of the rows decides when to stop");
  part("test", e_.data.test, data_.companion, "a tenth of the rows is kept for the last measurement");
}

void Inferring::choose_preparation() {
  Value steps = Value::array();
  std::string reason;
  if (is_table()) {
    std::int64_t missing = 0;
    for (std::int64_t i = 0; i < data_.x.shape().count(); ++i) missing += std::isnan(data_.x.as<double>()[i]);
    const auto categories = std::count_if(data_.columns.begin(), data_.columns.end(),
                                          [](const Column& c) { return c.is_category(); });
    if (missing)
      steps.push_back("impute"), reason = std::to_string(missing) + " missing values get the median, or the most frequent word; ";
    if (categories) steps.push_back("one_hot"), reason += std::to_string(categories) + " columns of words become 0/1 columns; ";
  }
  if (is_image() && !data_.row_names.empty()) {
    Value resize = Value::table();
    resize["resize"] = Value(Value::Array{data_.x.shape()[1], data_.x.shape()[2]});
    steps.push_back(std::move(resize));
    reason = "images that come in another size are brought to this one; ";
  }
  Value others = steps;  // what the data cannot do without stays
  others.push_back("scale_0_1");
  steps.push_back("standardize");
  choose("prepare", "steps", e_.prepare.steps, steps, reason + "inputs of mean 0 and deviation 1",
         "--set 'prepare.steps=" + to_inline_toml(others) + "'");
  if (data_.task == Task::regression)
    choose("prepare", "target", e_.prepare.target, std::string("standardize"),
           "the network learns a target of mean 0 and deviation 1; metrics stay in its units", "--set prepare.target=none");
}

Value layer(const char* kind, Value value) {
  Value v = Value::table();
  v[kind] = std::move(value);
  return v;
}

Value Inferring::image_layers() const {
  const Shape& s = data_.x.shape();
  const std::int64_t side = std::min(s[1], s[2]);
  const int stages = side >= 48 ? 4 : side >= 24 ? 3 : side >= 12 ? 2 : 1;
  Value layers = Value::array();
  for (int stage = 0; stage < stages; ++stage) {
    for (int twice = 0; twice < (stage == 0 && stages > 1 ? 1 : 2); ++twice) {
      Value conv = layer("conv2d", 16 << std::min(stage + (stages == 1 ? twice : 0), 3));
      conv["padding"] = "same";
      conv["bias"] = false;
      layers.push_back(std::move(conv));
      layers.push_back("batch_norm");
      layers.push_back("relu");
    }
    layers.push_back(layer("max_pool2d", 2));
  }
  layers.push_back("flatten");
  layers.push_back(layer("dropout", stages == 1 ? 0.25 : 0.4));
  if (stages > 1) layers.push_back(layer("dense", 128)), layers.push_back("relu"), layers.push_back(layer("dropout", 0.3));
  return layers;
}

Value Inferring::table_layers() const {
  const std::int64_t n = training_rows();
  const bool is_regression = data_.task == Task::regression;
  const int width = n < 200 ? 32 : n < 5000 || !is_regression ? 64 : 128;
  Value layers = Value::array();
  if (data_.x.shape().rank() > 2) layers.push_back("flatten");
  for (int i = 0; i < 2; ++i) {
    layers.push_back(layer("dense", width));
    layers.push_back("relu");
    if (n >= 2000 && !is_regression) layers.push_back(layer("dropout", 0.2));
  }
  return layers;
}

void Inferring::choose_network() {
  const auto outputs = data_.task == Task::classification ? static_cast<std::int64_t>(data_.classes.size()) : data_.y.row_size();
  Value layers = is_image() && std::min(data_.x.shape()[1], data_.x.shape()[2]) >= 4 ? image_layers() : table_layers();
  layers.push_back(layer("dense", outputs));
  e_.network.layers = layers;
  const std::string last = std::to_string(outputs) + (data_.task == Task::classification ? " outputs, one a class"
                                                      : outputs == 1                     ? " output"
                                                                                         : " outputs, one a target");
  say("network.layers", std::to_string(layers.array_items().size()) + " layers, " + last,
      is_image() ? "images: convolutions that see neighbouring pixels, halved in size step by step"
                 : std::to_string(training_rows()) + " training rows: two hidden layers as wide as these can fill",
      "write [network] as in the run's experiment.toml");
  if (!e_.loss.name.is_null()) return;
  e_.loss.name = data_.task == Task::classification ? "softmax_cross_entropy"
                 : data_.task == Task::multilabel   ? "sigmoid_cross_entropy"
                                                    : "mean_squared_error";
  say("loss.name", e_.loss.name.string(), std::string("the usual loss of a ") + name_of(data_.task),
      std::string("--set loss.name=") + (data_.task == Task::classification ? "multiclass_hinge"
                                         : data_.task == Task::multilabel   ? "mean_squared_error"
                                                                            : "huber"));
}

void Inferring::choose_update() {
  const Value* update = e_.written.find("update");
  const Value* given = update ? update->find("optimizer") : nullptr;
  if (!given || (given->is_table() && !given->find("name"))) {
    Value optimizer = Value::table();
    optimizer["name"] = "adamw";
    optimizer["learning_rate"] = is_image() ? 2e-3 : 3e-3;
    if (given)
      for (const auto& [key, v] : given->items()) optimizer[key] = v;
    e_.update.optimizer = optimizer;
    say("update.optimizer", to_inline_toml(optimizer), "adapts each weight's step; a safe first choice",
        "--learning-rate RATE, --set update.optimizer=sgd");
    choose("update", "weight_decay", e_.update.weight_decay, std::optional<double>(0.01),
           "a little pull of the weights towards 0", "--set update.weight_decay=0");
  }
  Value cosine = Value::table();
  cosine["name"] = "cosine";
  choose("update", "schedule", e_.update.schedule, cosine, "large steps first, ever smaller ones at the end",
         "--set update.schedule=constant");
}

void Inferring::choose_length() {
  const std::int64_t n = training_rows();
  std::int64_t batch = 16;
  while (batch < 256 && batch * 64 < n) batch *= 2;
  choose("train", "batch_size", e_.train.batch_size, batch, std::to_string(n) + " training rows", "--batch-size N");
  const bool is_small = !is_image() || data_.x.row_size() < 24 * 24;
  const std::int64_t most = is_image() ? 30 : 300, rows = !is_image() ? rows_of_tables
                                                          : is_small  ? rows_of_small_images
                                                                      : rows_of_images;
  const std::string seen = rows % 1'000'000 ? std::to_string(rows / 1'000) + " thousand"
                                            : std::to_string(rows / 1'000'000) + " million";
  choose("train", "epochs", e_.train.epochs, std::clamp<std::int64_t>(rows / n, 10, most),
         "at most: " + seen + " rows are seen, but each 10 to " + std::to_string(most) + " times", "--epochs N");
  Value stopping = Value::table();
  stopping["patience"] = std::max<std::int64_t>(5, e_.train.epochs / 5);
  stopping["restore_best"] = true;
  choose("train", "early_stopping", e_.train.early_stopping, stopping,
         "ends when the validation loss no longer falls, with the best state",
         "--set 'train.early_stopping={patience=" + std::to_string(3 * std::max<std::int64_t>(5, e_.train.epochs / 5)) + "}'");
}

}  // namespace

Experiment infer(const Experiment& given, const Dataset& data, std::vector<Inferred>& reasons) {
  return Inferring(given, data, reasons).all();
}

Experiment infer_from_source(const Experiment& given, const DataPlaces& places, Dataset& data, std::vector<Inferred>& reasons) {
  if (given.is_literal()) {
    data = read_dataset(given.data.source, given.data, places);
    return given;
  }
  Experiment e = given;
  e.data.common_size = !given.gives("prepare", "steps");
  if (e.data.target.is_null())
    if (const std::vector<std::string> names = column_names(e.data.source, e.data, places); !names.empty())
      e.data.target = target_among(names, reasons);
  data = read_dataset(e.data.source, e.data, places);
  Experiment literal = infer(e, data, reasons);
  literal.data.common_size = false;
  ask_for_size(literal.prepare.steps, literal.data);
  if (literal.data.ignore != given.data.ignore) data = read_dataset(literal.data.source, literal.data, places);
  return literal;
}

}  // namespace tend
