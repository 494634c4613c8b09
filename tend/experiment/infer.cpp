#include "tend/experiment/infer.h"

#include <algorithm>
#include <cmath>

#include "tend/base/text.h"
#include "tend/data/adapt.h"
#include "tend/experiment/defaults.h"
#include "tend/experiment/groups.h"
#include "tend/experiment/infer_columns.h"
#include "tend/experiment/infer_images.h"
#include "tend/experiment/intervention.h"
#include "tend/loss/loss_registry.h"
#include "tend/prepare/pipeline.h"

namespace tend {

namespace {

// Some reasons name these numbers in words.
static_assert(defaults.data.validation_fraction == 0.1 && defaults.data.test_fraction == 0.1 &&
              defaults.tables.hidden_layers == 2);

/// Finds the target by its usual names; otherwise throws Error{usage} with all names: a wrong guess is worse than a question.
std::string target_among(const std::vector<std::string>& names, std::vector<Inferred>& reasons) {
  const std::string target = usual_target(names);
  if (!target.empty()) {
    reasons.push_back({.field = "data.target",
                       .chosen = target,
                       .reason = "the usual name of a target column",
                       .override_with = "--target COLUMN"});
    return target;
  }
  throw Error(Trouble::usage, "data.target", "a table without a column called target, label, class or y",
              "the name of the column to learn", "add --target COLUMN; the columns are: " + listed(names));
}

/// Makes one decision after another and keeps the reasons.
class Inferring {
 public:
  Inferring(const Experiment& given, const Dataset& data, std::vector<Inferred>& reasons)
      : e_(given), data_(data), reasons_(reasons) {}

  Experiment all() {
    if (data_.task == Task::classification && data_.y.row_size() > 1)
      throw Error(Trouble::usage, "network.layers", "nothing, for a target at each place of a row", "a list of layers",
                  std::string("for instance examples/experiments/char_lstm.toml") +
                      (data_.is_text ? "; the file is read as a text: a table must be called NAME.csv or NAME.tsv" : ""));
    choose_columns();
    if (!e_.gives("data", "task"))
      say("data.task", name_of(data_.task), task_reason(),
          "--task " + std::string(data_.task == Task::regression ? "classification" : "regression"));
    choose_pack();
    choose_parts();
    choose_preparation();
    choose_network();
    choose_update();
    choose_length();
    e_.is_open = false;
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
  std::int64_t smaller_side() const { return std::min(data_.x.shape()[1], data_.x.shape()[2]); }
  std::int64_t training_rows() const {
    const auto share = [](const Value& v) { return v.is_number() ? v.number() : 0.0; };
    return std::max<std::int64_t>(
        1, static_cast<std::int64_t>(static_cast<double>(data_.rows()) * (1 - share(e_.data.validation) - share(e_.data.test))));
  }

  void choose_columns();
  void choose_rare_values(const std::vector<UselessColumn>& useless);
  void choose_parts();
  void choose_preparation();
  void choose_layers(std::int64_t outputs);
  void choose_network();
  void choose_update();
  void choose_length();
  std::string task_reason() const;
  Value table_layers() const;
  void choose_pack();
  bool takes_folds() const;

  Experiment e_;
  const Dataset& data_;
  std::vector<Inferred>& reasons_;
  const Defaults::Packs::Size* size_ = &defaults.packs.single;
  bool is_pack_ = false;
  bool has_equal_rows_ = false;
  int bins_ = 0;  // of piecewise_linear; 0: the step is left out
};

void Inferring::choose_columns() {
  if (!is_table() || e_.gives("data", "features")) return;
  const std::vector<UselessColumn> useless = useless_columns(data_);
  if (useless.size() == data_.columns.size())
    throw Error(Trouble::data, "data",
                "no column can be used as an input; for instance " + useless[0].name + ": " + useless[0].reason, "at least one",
                "--set 'data.features=[...]' names the columns to use all the same");
  if (const auto found = find_group_column(data_); found && e_.data.group.is_null() && !e_.data.is_ordered()) {
    e_.data.group = found->name;
    say("data.group", found->name, "rows of one value share their target: they stay in one part",
        "--set 'data.ignore=[\"" + found->name + "\"]'");
  }
  choose_rare_values(useless);
  for (const UselessColumn& c : useless) {
    if (e_.data.group.is_string() && e_.data.group.string() == c.name) continue;
    e_.data.ignore.push_back(c.name);
    say("data.ignore", c.name, c.reason, "--set 'data.features=[...]' names the columns to use");
  }
}

/// Values of text columns that too few rows have for a weight of their own.
void Inferring::choose_rare_values(const std::vector<UselessColumn>& useless) {
  const std::int64_t least = std::min(defaults.rare_values.most, data_.rows() / defaults.rare_values.one_in);
  if (least < 2 || e_.gives("data", "rare_values")) return;
  std::int64_t rare = 0;
  for (std::size_t c = 0; c < data_.columns.size(); ++c) {
    const auto is_this = [&](const UselessColumn& one) { return one.name == data_.columns[c].name; };
    if (std::any_of(useless.begin(), useless.end(), is_this)) continue;
    std::vector<std::int64_t> rows(data_.columns[c].levels.size());
    for (std::int64_t r = 0; r < data_.rows() && !rows.empty(); ++r)
      if (const double code = data_.x.as<double>()[static_cast<std::size_t>(r) * data_.columns.size() + c]; !std::isnan(code))
        ++rows[static_cast<std::size_t>(code)];
    rare += std::count_if(rows.begin(), rows.end(), [&](std::int64_t n) { return n < least; });
  }
  if (rare > 0)
    choose("data", "rare_values", e_.data.rare_values, least,
           counted(rare, "value") + " of text columns with fewer rows become \"other\"", "--set data.rare_values=0");
}

std::string Inferring::task_reason() const {
  if (data_.task == Task::multilabel) return "several target columns hold only 0 and 1";
  if (data_.task == Task::regression)
    return data_.y.row_size() > 1 ? "several target columns hold numbers" : "the target is a number with many values";
  return "the target has " + std::to_string(data_.classes.size()) + " values";
}

/// Tables are learned by several networks, which are averaged.
void Inferring::choose_pack() {
  if (is_image()) size_ = &defaults.packs.of_images;
  if (!is_table() || (data_.y.row_size() > 1 && data_.task == Task::classification)) return;
  if (e_.gives("network", "layers") && !e_.gives("network", "pack"))
    say("network.pack", "1", "network.layers is given, so one network of these layers is trained",
        "--set network.pack=" + std::to_string(defaults.packs.of(training_rows(), data_.task).members));
  if (e_.gives("network", "layers")) return;
  if (!interventions_of(e_.train.interventions).empty() && !e_.gives("network", "pack")) {
    say("network.pack", "1", "train.interventions change the state of one network", "leave out train.interventions");
    return;
  }
  const std::int64_t rows = training_rows();
  const Defaults::Packs::Size& size = defaults.packs.of(rows, data_.task);
  const auto [numbers, levels] = widths_of(data_, e_.data.ignore);
  int members = size.members;
  bins_ = bins_for(rows, numbers);
  const std::int64_t units = rows < defaults.packs.many_rows ? defaults.tables.units : defaults.tables.units_of_many_rows;
  while (members > 1 && members * units * (numbers * (bins_ + 1) + levels) > defaults.packs.most_weights) members /= 2;
  if (e_.gives("network", "pack") ? e_.network.pack == 1 : members <= 1) return;
  if (members < size.members && size.folds > 1) members = members / size.folds * size.folds;
  if (members == 0) return;
  size_ = &size;
  is_pack_ = true;
  has_equal_rows_ = e_.data.group.is_null() && !e_.data.is_ordered() && repeats_rows(data_, e_.data.ignore);
  choose("network", "pack", e_.network.pack, members, "networks with different seeds and rates, which are averaged",
         "--set network.pack=1");
  if (size.folds > 1 && takes_folds() && e_.network.pack % size.folds == 0)
    choose("network", "pack_folds", e_.network.pack_folds, size.folds,
           "few rows: each network leaves out a fifth of them, and these judge it", "--set network.pack_folds=1");
}

/// Are all rows besides the test part for training, judged by the members of a pack that leave them out?
bool Inferring::takes_folds() const {
  constexpr std::int64_t fewest_rows_of_fold = 4;
  return training_rows() >= fewest_rows_of_fold * size_->folds && !e_.gives("data", "validation") &&
         data_.companion_validation.empty() && e_.data.group.is_null() && !e_.data.is_ordered();
}

void Inferring::choose_parts() {
  if (data_.task == Task::classification && e_.data.time.is_null())
    choose("data", "split", e_.data.split, std::string(defaults.data.split_of_classes),
           "every part gets the same shares of the classes", "--set data.split=shuffle");
  const auto part = [&](const char* key, Value& member, double fraction, const std::string& beside, const std::string& reason) {
    const std::string otherwise = std::string("--set data.") + key + "=0.2";
    if (beside.empty()) choose("data", key, member, Value(fraction), reason, otherwise);
    else if (!e_.gives("data", key)) say(std::string("data.") + key, beside, "the file lies beside the data", otherwise);
  };
  if (e_.network.pack > 1 && e_.network.pack_folds > 1)
    choose("data", "validation", e_.data.validation, Value(0.0),
           "the rows that networks of the pack leave out decide when training stops",
           "--set network.pack_folds=1 --set data.validation=0.1");
  else
    part("validation", e_.data.validation, defaults.data.validation_fraction, data_.companion_validation,
         "a tenth of the rows decides when training stops");
  if (e_.data.folds) return;  // each fold is a test part
  part("test", e_.data.test, defaults.data.test_fraction, data_.companion, "a tenth of the rows is kept for the final test");
}

void Inferring::choose_preparation() {
  Value steps = Value::array();
  std::string reason;
  std::int64_t missing = 0, categories = 0, dates = 0;
  const bool has_codes = is_pack_ && is_table() && may_hold_codes(data_, e_.data.ignore);
  if (is_table()) {
    for (std::size_t c = 0; c < data_.columns.size(); ++c) {
      if (std::find(e_.data.ignore.begin(), e_.data.ignore.end(), data_.columns[c].name) != e_.data.ignore.end()) continue;
      categories += data_.columns[c].is_category();
      dates += data_.columns[c].date.has_value();
      for (std::int64_t r = 0; r < data_.rows(); ++r)
        missing += std::isnan(data_.x.as<double>()[static_cast<std::size_t>(r) * data_.columns.size() + c]);
    }
    if (has_equal_rows_) steps.push_back(defaults.prepare.of_equal_rows), reason = "adds the targets of equal rows, ";
    if (dates) steps.push_back(defaults.prepare.of_dates), reason += "takes " + counted(dates, "date column") + " apart, ";
    if (has_codes) steps.push_back(defaults.prepare.of_codes), reason += "looks for numbers that are names, ";
    steps.push_back(defaults.prepare.of_missing_values);  // new rows may have missing cells where these have none
    reason += missing ? "fills " + counted(missing, "missing cell") + " (of all rows), " : "fills missing cells of new rows, ";
    if (categories) reason += "codes " + counted(categories, "text column") + ", ";
  }
  if (is_image() && !data_.row_names.empty()) {
    Value resize = Value::table();
    resize[defaults.prepare.of_pictures] = Value(Value::Array{data_.x.shape()[1], data_.x.shape()[2]});
    steps.push_back(std::move(resize));
    reason = "resizes images, ";
  }
  Value others = steps;  // steps that the data require stay
  others.push_back("scale_0_1");
  const bool takes_ranks = is_pack_ && data_.task != Task::regression && training_rows() >= defaults.packs.many_rows;
  steps.push_back(takes_ranks  ? defaults.prepare.of_tables_of_many_rows
                  : is_table() ? defaults.prepare.of_tables
                               : defaults.prepare.of_all_others);
  for (Value* all : {&steps, &others})
    if (categories || has_codes) all->push_back(defaults.prepare.of_words);  // after the scaling: its columns stay 0 and 1
  if (is_pack_ && bins_ > 0) {
    Value bins = Value::table();
    bins[defaults.prepare.of_numbers] = bins_;
    steps.push_back(std::move(bins));
  }
  choose("prepare", "steps", e_.prepare.steps, steps,
         reason +
             (takes_ranks  ? "scales numbers by their ranks"
              : is_table() ? "scales numbers by their quartiles"
                           : "scales inputs") +
             (is_pack_ && bins_ > 0 ? ", adds their places among bins" : ""),
         "--set 'prepare.steps=" + to_inline_toml(others) + "'");
  if (data_.task == Task::regression)
    choose("prepare", "target", e_.prepare.target, std::string(defaults.prepare.target_of_regression),
           "the target gets mean 0 and standard deviation 1", "--set prepare.target=none");
}

Value Inferring::table_layers() const {
  const std::int64_t n = training_rows();
  const bool is_regression = data_.task == Task::regression;
  constexpr const Defaults::Tables& usual = defaults.tables;
  const bool has_many = is_pack_ ? n >= defaults.packs.many_rows : n >= usual.many_rows && is_regression;
  const int width = n < usual.few_rows ? usual.units_of_few_rows : has_many ? usual.units_of_many_rows : usual.units;
  const double dropout = is_pack_ && has_many ? defaults.packs.dropout_of_many_rows : usual.dropout;
  Value layers = Value::array();
  if (data_.x.shape().rank() > 2) layers.push_back("flatten");
  for (int i = 0; i < usual.hidden_layers; ++i) {
    layers.push_back(layer("dense", width));
    layers.push_back("relu");
    if (n >= usual.fewest_rows_of_dropout && !is_regression) layers.push_back(layer("dropout", dropout));
  }
  return layers;
}

void Inferring::choose_layers(std::int64_t outputs) {
  Value layers = is_image() && smaller_side() >= defaults.images.smallest_side ? image_layers(smaller_side()) : table_layers();
  layers.push_back(layer("dense", outputs));
  e_.network.layers = layers;
  const std::string last = std::to_string(outputs) + (data_.task == Task::classification ? " outputs, one per class"
                                                      : outputs == 1                     ? " output"
                                                                                         : " outputs, one per target");
  say("network.layers", std::to_string(layers.array_items().size()) + " layers, " + last,
      is_image() ? "convolutions, since the inputs are images"
                 : std::to_string(training_rows()) + " training rows decide the width",
      "write [network] as in the run's experiment.toml");
}

void Inferring::choose_network() {
  const auto outputs = data_.task == Task::classification ? static_cast<std::int64_t>(data_.classes.size()) : data_.y.row_size();
  if (!e_.gives("network", "layers")) choose_layers(outputs);
  if (!e_.loss.name.is_null()) return;
  e_.loss.name = defaults.loss.of(data_.task);
  say("loss.name", e_.loss.name.string(), std::string("the usual loss for ") + name_of(data_.task),
      "--set loss.name=" + std::string(defaults.loss.instead_of(data_.task)));
}

void Inferring::choose_update() {
  const Value* update = e_.written.find("update");
  const Value* given = update ? update->find("optimizer") : nullptr;
  if (!given || (given->is_table() && !given->find("name"))) {
    Value optimizer = Value::table();
    optimizer["name"] = defaults.update.optimizer;
    optimizer["learning_rate"] = size_->learning_rate;
    if (given)
      for (const auto& [key, v] : given->items()) optimizer[key] = v;
    e_.update.optimizer = optimizer;
    say("update.optimizer", to_inline_toml(optimizer), "a safe first choice", "--learning-rate RATE, --set update.optimizer=sgd");
    choose(
        "update", "weight_decay", e_.update.weight_decay, std::optional<double>(size_->weight_decay),
        is_pack_ ? "a pull of the weights towards 0, which differs between the networks" : "a weak pull of the weights towards 0",
        "--set update.weight_decay=0");
  }
  Value schedule = Value::table();
  schedule["name"] = defaults.update.schedule;
  choose("update", "schedule", e_.update.schedule, schedule, "the learning rate falls to 0 at the end",
         "--set update.schedule=constant");
}

void Inferring::choose_length() {
  const std::int64_t n = training_rows();
  constexpr const Defaults::Train& usual = defaults.train;
  if (data_.task != Task::regression)
    choose("train", "calibration", e_.train.calibration, std::string(usual.calibration),
           "the validation rows decide how sure the model may be", "--set train.calibration=none");
  if (is_pack_ && data_.task != Task::regression)
    choose("train", "metric", e_.train.metric, std::string(defaults.packs.metric_of_probabilities),
           "the loss where the probabilities are as sure as they should be: the last step makes them so",
           "--set train.metric=validation.loss");
  if (is_table())
    choose("train", "weight_average", e_.train.weight_average, usual.weight_average_of_tables,
           "the model has the mean of the weights of about the last 100 steps", "--set train.weight_average=0");
  std::int64_t batch = size_->smallest_batch;
  while (batch < size_->largest_batch && batch * usual.steps_of_epoch < n) batch *= 2;
  choose("train", "batch_size", e_.train.batch_size, batch, std::to_string(n) + " training rows", "--batch-size N");
  const std::int64_t rows = !is_image()                                          ? usual.rows_seen_of_tables
                            : data_.x.row_size() < usual.numbers_of_large_images ? usual.rows_seen_of_small_images
                                                                                 : usual.rows_seen_of_images;
  const std::int64_t epochs = std::clamp<std::int64_t>(rows / n, usual.fewest_epochs, size_->most_epochs);
  choose("train", "epochs", e_.train.epochs, epochs, "at most; " + std::to_string(epochs * n) + " rows in all", "--epochs N");
  const std::int64_t patience = std::max(usual.least_patience, e_.train.epochs / usual.epochs_per_patience);
  Value stopping = Value::table();
  stopping["patience"] = patience;
  stopping["restore_best"] = usual.restore_best;
  choose("train", "early_stopping", e_.train.early_stopping, stopping, "ends when the validation loss stops falling",
         "--set 'train.early_stopping={patience=" + std::to_string(usual.longer_patience * patience) + "}'");
}

/// Does a loss expect one class for each row? Unknown losses do not.
bool is_loss_of_classes(const Value& loss) {
  const std::string name = loss.is_string()                           ? loss.string()
                           : loss.is_table() && !loss.items().empty() ? loss.items()[0].first
                                                                      : "";
  return builtin_losses().find(name) && builtin_losses().make(loss, "loss.name")->kind().ends_with("_classes");
}

}  // namespace

Experiment infer(const Experiment& given, const Dataset& data, std::vector<Inferred>& reasons) {
  return Inferring(given, data, reasons).all();
}

Experiment infer_from_source(const Experiment& given, const DataPlaces& places, Dataset& data, std::vector<Inferred>& reasons) {
  Experiment e = given;
  if (!given.loss.name.is_null()) e.data.one_hot_is_classes = is_loss_of_classes(given.loss.name);
  if (given.is_literal()) {
    data = read_dataset(given.data.source, e.data, places);
    return given;
  }
  e.data.common_size = !given.gives("prepare", "steps");
  if (e.data.target.is_null())
    if (const std::vector<std::string> names = column_names(e.data.source, e.data, places); !names.empty())
      e.data.target = target_among(names, reasons);
  data = read_dataset(e.data.source, e.data, places);
  Experiment literal = infer(e, data, reasons);
  literal.data.common_size = false;
  ask_for_size(literal.prepare.steps, literal.data);
  const DataSettings &now = literal.data, &then = e.data;
  const bool is_other = now.ignore != then.ignore || now.group != then.group || now.rare_values != then.rare_values;
  if (is_other && !adapt(data, then, now)) data = read_dataset(literal.data.source, literal.data, places);
  return literal;
}

}  // namespace tend
