#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tend/base/settings.h"
#include "tend/data/settings.h"

namespace tend {

struct EarlyStopping {
  int patience = 5;
  bool restore_best = true;
  static constexpr auto fields = std::tuple{
      field_of<EarlyStopping>("patience", &EarlyStopping::patience, at_least(1), "epochs",
                              "epochs without improvement before the run ends"),
      field_of<EarlyStopping>("restore_best", &EarlyStopping::restore_best, {}, "", "end with the best state, not the last")};
};

/// [prepare] [network] [loss] [update] [train] [watch]: what the file holds, typed; entries of shelves stay Values.
struct PrepareSettings {
  Value steps = Value::array();
  std::string target = "none";
  static constexpr auto fields = std::tuple{
      field_of<PrepareSettings>("steps", &PrepareSettings::steps, {}, "", "steps in order, fitted on training rows only"),
      field_of<PrepareSettings>("target", &PrepareSettings::target, {}, "", "scaling of a regression target",
                                "none standardize")};
};
struct NetworkSettings {
  Value initializer;  ///< null: by the activation that follows
  Value layers = Value::array();
  static constexpr auto fields = std::tuple{
      field_of<NetworkSettings>("initializer", &NetworkSettings::initializer, {}, "",
                                "for all weights; absent: by the activation that follows"),
      field_of<NetworkSettings>("layers", &NetworkSettings::layers, {}, "", "the layers in order")};
};
struct LossSettings {
  Value name;  ///< "huber" ; null only before inference
  std::string reduction = "mean";
  double label_smoothing = 0;
  Value class_weights;  ///< null: none; "balanced", or a table of weights by class
  static constexpr auto fields = std::tuple{
      field_of<LossSettings>("name", &LossSettings::name, {}, "", "the loss"),
      field_of<LossSettings>("reduction", &LossSettings::reduction, {}, "", "over the rows of a batch", "mean sum"),
      field_of<LossSettings>("label_smoothing", &LossSettings::label_smoothing, part_of_one(), "",
                             "share of each label spread over all; in training only"),
      field_of<LossSettings>("class_weights", &LossSettings::class_weights, {}, "",
                             "balanced, or {CLASS = w}: times the row's loss; in training only")};
};
struct UpdateSettings {
  Value optimizer = "adam";
  Value schedule = "constant";
  std::optional<double> weight_decay;  ///< absent: the optimizer's own default
  double clip_norm = 0, clip_value = 0;
  static constexpr auto fields = std::tuple{
      field_of<UpdateSettings>("optimizer", &UpdateSettings::optimizer, {}, "", "name, or table with name and settings"),
      field_of<UpdateSettings>("schedule", &UpdateSettings::schedule, {}, "",
                               "of the learning rate; warmup_steps may stand with any"),
      field_of<UpdateSettings>("weight_decay", &UpdateSettings::weight_decay, at_least(0), "",
                               "spares biases; in adamw decoupled"),
      field_of<UpdateSettings>("clip_norm", &UpdateSettings::clip_norm, at_least(0), "",
                               "largest norm of the whole gradient; 0: off"),
      field_of<UpdateSettings>("clip_value", &UpdateSettings::clip_value, at_least(0), "",
                               "largest size of a gradient element; 0: off")};
};
struct TrainSettings {
  std::int64_t epochs = 10, batch_size = 32;
  bool shuffle = true;
  std::string precision = "float32", device = "auto", metric = "validation.loss";
  Value early_stopping;  ///< null: none; a table of EarlyStopping
  double weight_average = 0;
  static constexpr auto fields = std::tuple{
      field_of<TrainSettings>("epochs", &TrainSettings::epochs, at_least(1), "epochs", "passes over the training rows"),
      field_of<TrainSettings>("batch_size", &TrainSettings::batch_size, at_least(1), "rows", "rows of a step"),
      field_of<TrainSettings>("shuffle", &TrainSettings::shuffle, {}, "", "a new order of the rows each epoch"),
      field_of<TrainSettings>("precision", &TrainSettings::precision, {}, "", "of the arithmetic", "float32"),
      field_of<TrainSettings>("device", &TrainSettings::device, {}, "", "where it runs", "auto cpu"),
      field_of<TrainSettings>("metric", &TrainSettings::metric, {}, "", "decides early stopping and the best epoch"),
      field_of<TrainSettings>("early_stopping", &TrainSettings::early_stopping, {}, "", "patience and restore_best"),
      field_of<TrainSettings>("weight_average", &TrainSettings::weight_average, part_of_one(), "",
                              "decay of a moving average of the weights, measured and saved in their place; 0: off")};
};
struct WatchSettings {
  std::string policy = "advise", checks = "standard";
  static constexpr auto fields = std::tuple{
      field_of<WatchSettings>("policy", &WatchSettings::policy, {}, "", "what is done about findings", "observe advise stop"),
      field_of<WatchSettings>("checks", &WatchSettings::checks, {}, "", "what is proved before the first epoch",
                              "none standard")};
};

/// [tune]: the keys that it may have. This version does not search, and says so.
struct TuneSettings {
  Value parameters, sampler, stopper, stages, trials, widen, store, direction, steps, budget_steps;
  static constexpr auto fields = std::tuple{field_of<TuneSettings>("parameters", &TuneSettings::parameters),
                                            field_of<TuneSettings>("sampler", &TuneSettings::sampler),
                                            field_of<TuneSettings>("stopper", &TuneSettings::stopper),
                                            field_of<TuneSettings>("stages", &TuneSettings::stages),
                                            field_of<TuneSettings>("trials", &TuneSettings::trials),
                                            field_of<TuneSettings>("widen", &TuneSettings::widen),
                                            field_of<TuneSettings>("store", &TuneSettings::store),
                                            field_of<TuneSettings>("direction", &TuneSettings::direction),
                                            field_of<TuneSettings>("steps", &TuneSettings::steps),
                                            field_of<TuneSettings>("budget_steps", &TuneSettings::budget_steps)};
};

/// One experiment file.
struct Experiment {
  std::uint64_t seed = 0;
  DataSettings data;
  PrepareSettings prepare;
  NetworkSettings network;
  LossSettings loss;
  UpdateSettings update;
  TrainSettings train;
  WatchSettings watch;
  Value tune;                      ///< [tune], its keys checked; nothing here uses it
  bool is_open = false;            ///< what is left open is inferred although there are layers
  std::string folder = ".";        ///< where relative paths start
  Value written = Value::table();  ///< the table as it was given: what inference must leave alone

  /// No [network]: what is missing is inferred from the data (experiment/infer.h).
  bool is_literal() const { return !network.layers.array_items().empty() && !is_open; }

  /// TOML, or JSON where the text starts with '{'. Throws Error{usage}; unknown keys get a did-you-mean. Shelf entries are
  /// checked when they are made, not here.
  static Experiment parse(std::string_view text, std::string_view name);
  static Experiment read(const std::string& path);  ///< sets folder
  /// `is_open`: layers come from a flag, not from a file, so everything else may be inferred.
  static Experiment from_value(const Value& table, std::string_view name, bool is_open = false);
  Value to_value() const;  ///< complete
  /// Did the file (or a flag) give this key itself? gives("train", "epochs")
  bool gives(std::string_view section, std::string_view key) const {
    const Value* v = written.find(section);
    return v && v->find(key);
  }
};

/// Sets `path` ("update.optimizer.learning_rate", "network.layers.5.dense", "network.layers.dense_2.dense") in an experiment's
/// table, as `--set` does. A shelf entry given as a bare word becomes a table first. Throws Error{usage} where the path leads
/// nowhere.
void set_path(Value& experiment, std::string_view path, const Value& v);
/// The names of the layers in a list network.layers: their own, else their kind numbered in order (dense_1, dense_2, conv2d_1).
std::vector<std::string> layer_names(const Value& layers);

}  // namespace tend
