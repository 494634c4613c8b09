#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tend/base/settings.h"
#include "tend/data/settings.h"
#include "tend/experiment/tune_settings.h"

namespace tend {

struct Shelves;

/// The keys above all sections.
struct GeneralSettings {
  std::int64_t seed = 0;
  static constexpr auto fields = std::tuple{
      field_of<GeneralSettings>("seed", &GeneralSettings::seed, at_least(0), "", "The seed of all random numbers.")};
};

struct EarlyStopping {
  int patience = 5;
  bool restore_best = true;
  static constexpr auto fields = std::tuple{
      field_of<EarlyStopping>("patience", &EarlyStopping::patience, at_least(1), "epochs",
                              "The number of epochs without improvement after which the run ends."),
      field_of<EarlyStopping>("restore_best", &EarlyStopping::restore_best, {}, "",
                              "Whether the run ends with the state of its best epoch instead of the last one.")};
};

/// [prepare] [network] [loss] [update] [train] [watch]: the content of the file, typed; entries of shelves stay Values.
struct PrepareSettings {
  Value steps = Value::array();
  std::string target = "none";
  static constexpr auto fields = std::tuple{
      field_of<PrepareSettings>("steps", &PrepareSettings::steps, {}, "",
                                "The preparation steps, in order; they are fitted on the training rows only.", "<steps>"),
      field_of<PrepareSettings>("target", &PrepareSettings::target, {}, "",
                                "How a regression target is scaled for training; metrics stay in its own units.",
                                "none standardize")};
};
struct NetworkSettings {
  Value initializer;  ///< null: chosen by the activation that follows
  Value layers = Value::array();
  int pack = 1, pack_folds = 1;
  double pack_rates = 2, pack_decays = 10;
  std::vector<double> pack_widths, pack_depths, pack_dropout;
  std::vector<std::string> pack_activations;
  static constexpr auto fields = std::tuple{
      field_of<NetworkSettings>("initializer", &NetworkSettings::initializer, {}, "",
                                "The initializer of all weights; when absent, the activation that follows a layer decides.",
                                "<initializer>"),
      field_of<NetworkSettings>("layers", &NetworkSettings::layers, {}, "",
                                "The layers and activations of the network, in order.", "<layers>"),
      field_of<NetworkSettings>("pack", &NetworkSettings::pack, at_least(1), "networks",
                                "The number of networks with these layers that are trained side by side and averaged."),
      field_of<NetworkSettings>(
          "pack_folds", &NetworkSettings::pack_folds, at_least(1), "folds",
          "More than 1: each network of a pack leaves out one of so many parts of the training rows, and all of them are "
          "validation rows of the networks that left them out. For few rows; data.validation must then be 0."),
      field_of<NetworkSettings>(
          "pack_rates", &NetworkSettings::pack_rates, at_least(1), "",
          "Each network of a pack has its own learning rate: the given one times a number between 1 / pack_rates and pack_rates."),
      field_of<NetworkSettings>(
          "pack_decays", &NetworkSettings::pack_decays, at_least(1), "",
          "Each network of a pack has its own weight decay: the given one times a number between 1 / pack_decays and pack_decays."),
      field_of<NetworkSettings>("pack_widths", &NetworkSettings::pack_widths, between(1, 1e6), "units",
                                "Each network of a pack, except the first, has hidden layers of one of these widths."),
      field_of<NetworkSettings>("pack_depths", &NetworkSettings::pack_depths, between(1, 100), "layers",
                                "Each network of a pack, except the first, has one of these numbers of hidden layers."),
      field_of<NetworkSettings>("pack_activations", &NetworkSettings::pack_activations, {}, "",
                                "Each network of a pack, except the first, has one of these activations in its hidden layers."),
      field_of<NetworkSettings>("pack_dropout", &NetworkSettings::pack_dropout, part_of_one(), "",
                                "Each network of a pack, except the first, has one of these rates in its dropout layers.")};
};
struct LossSettings {
  Value name;  ///< "huber" ; null only before inference
  std::string reduction = "mean";
  double label_smoothing = 0;
  Value class_weights;           ///< null: none; "balanced", or a table of weights by class
  bool uses_row_weights = true;  ///< no key: false where a trial counts every row once, whatever data.weight says
  static constexpr auto fields = std::tuple{
      field_of<LossSettings>("name", &LossSettings::name, {}, "", "The loss that training minimizes.", "<loss>"),
      field_of<LossSettings>("reduction", &LossSettings::reduction, {}, "",
                             "How the losses of the rows of a batch become one number.", "mean sum"),
      field_of<LossSettings>("label_smoothing", &LossSettings::label_smoothing, part_of_one(), "",
                             "The share of each label that is spread evenly over all classes, in training only."),
      field_of<LossSettings>(
          "class_weights", &LossSettings::class_weights, {}, "",
          "Factors of the losses of rows by their class, in training only; \"balanced\" makes all classes count equally.",
          "balanced <weights>")};
};
struct UpdateSettings {
  Value optimizer = "adam";
  Value schedule = "constant";
  std::optional<double> weight_decay;  ///< absent: the optimizer's own default
  double clip_norm = 0, clip_value = 0;
  static constexpr auto fields = std::tuple{
      field_of<UpdateSettings>("optimizer", &UpdateSettings::optimizer, {}, "",
                               "The rule by which gradients change the parameters.", "<optimizer>"),
      field_of<UpdateSettings>("schedule", &UpdateSettings::schedule, {}, "", "How the learning rate changes during the run.",
                               "<schedule>"),
      field_of<UpdateSettings>("weight_decay", &UpdateSettings::weight_decay, at_least(0), "",
                               "The weight decay; biases are not decayed. When absent, the default of the optimizer."),
      field_of<UpdateSettings>(
          "clip_norm", &UpdateSettings::clip_norm, at_least(0), "",
          "The largest norm of all gradients together; a longer gradient is scaled down. 0 switches it off."),
      field_of<UpdateSettings>("clip_value", &UpdateSettings::clip_value, at_least(0), "",
                               "The largest absolute value of a gradient element. 0 switches it off.")};
};
struct TrainSettings {
  std::int64_t epochs = 10, batch_size = 32;
  bool shuffle = true;
  std::string precision = "float32", device = "auto", metric = "validation.loss";
  Value early_stopping;  ///< null: none; a table of EarlyStopping
  double weight_average = 0;
  std::string calibration = "none";
  Value interventions;  ///< null: none; a list of Intervention
  static constexpr auto fields = std::tuple{
      field_of<TrainSettings>("epochs", &TrainSettings::epochs, at_least(1), "epochs",
                              "The number of passes over the training rows."),
      field_of<TrainSettings>("batch_size", &TrainSettings::batch_size, at_least(1), "rows",
                              "The number of rows in one training step."),
      field_of<TrainSettings>("shuffle", &TrainSettings::shuffle, {}, "",
                              "Whether the training rows are put into a new random order in each epoch."),
      field_of<TrainSettings>("precision", &TrainSettings::precision, {}, "", "The number type of the arithmetic.", "float32"),
      field_of<TrainSettings>("device", &TrainSettings::device, {}, "", "The device that the run uses.", "auto cpu"),
      field_of<TrainSettings>(
          "metric", &TrainSettings::metric, {}, "",
          "The metric that decides early stopping and the best epoch, as PART.METRIC, for example \"validation.accuracy\"."),
      field_of<TrainSettings>("early_stopping", &TrainSettings::early_stopping, {}, "",
                              "When the run ends before its last epoch; when absent, it never does.", "<early_stopping>"),
      field_of<TrainSettings>(
          "weight_average", &TrainSettings::weight_average, part_of_one(), "",
          "The decay of a moving average of the weights, which is evaluated and saved in their place. 0 switches it off."),
      field_of<TrainSettings>("calibration", &TrainSettings::calibration, {}, "",
                              "How probabilities are made to fit the validation rows after training: by one temperature, or not.",
                              "none temperature"),
      field_of<TrainSettings>("interventions", &TrainSettings::interventions, {}, "",
                              "Planned changes of the state in the middle of the run; repairs of a running training are such.",
                              "<interventions>")};
};
struct WatchSettings {
  std::string policy = "advise", checks = "standard";
  static constexpr auto fields = std::tuple{
      field_of<WatchSettings>("policy", &WatchSettings::policy, {}, "", "What tend does about a problem that it finds.",
                              "observe advise repair stop"),
      field_of<WatchSettings>("checks", &WatchSettings::checks, {}, "", "Which checks run before the first epoch.",
                              "none standard thorough")};
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
  Value tune;                      ///< [tune] as it was given; TuneSettings reads it
  bool is_open = false;            ///< missing values are inferred although there are layers
  std::string folder = ".";        ///< where relative paths start
  Value written = Value::table();  ///< the table as it was given: inference must not change its values

  /// True without [network]: missing values are then inferred from the data (experiment/infer.h).
  bool is_literal() const { return !network.layers.array_items().empty() && !is_open; }

  /// Reads TOML, or JSON if the text starts with '{'. Throws Error{usage} that lists all unknown keys and wrong values with their
  /// lines; for an unknown key it names a similar key. Shelf entries are checked when they are made, not here.
  static Experiment parse(std::string_view text, std::string_view name);
  static Experiment read(const std::string& path);  ///< sets folder
  /// `is_open`: the layers come from a flag, not from a file, so everything else may be inferred. `shelves`: entries of these
  /// shelves are checked, too.
  static Experiment from_value(const Value& table, std::string_view name, bool is_open = false, const Shelves* shelves = nullptr);
  Value to_value() const;  ///< complete
  /// True if the file (or a flag) gives this key itself: gives("train", "epochs").
  bool gives(std::string_view section, std::string_view key) const {
    const Value* v = written.find(section);
    return v && v->find(key);
  }
};

/// Sets `path` ("update.optimizer.learning_rate", "network.layers.5.dense", "network.layers.dense_2.dense") in an experiment's
/// table, as `--set` does. A shelf entry that is a bare word first becomes a table. Throws Error{usage} if the path does not
/// exist.
void set_path(Value& experiment, std::string_view path, const Value& v);
/// The names of the layers in a list network.layers: their own, or their kind and a number (dense_1, dense_2, conv2d_1).
std::vector<std::string> layer_names(const Value& layers);

}  // namespace tend
