#pragma once
// Where each default of an experiment is defined.
//   What inference decides from bare data (infer.cpp, infer_columns.cpp)      here: `defaults`
//   Keys that a literal file, one with a [network], leaves out:
//     seed, [prepare] [network] [loss] [update] [train] [watch]               experiment.h, next to the field tables
//     [data]                                                                  data/settings.h
//   Settings of an entry: conv2d's kernel, adam's learning_rate               the entry's own file: network/layers/conv2d.h,
//                                                                             update/optimizers/adam.h, prepare/steps/*.h ...
//   Weight decay where [update] gives none                                    default_weight_decay of the optimizer's file
//   Initializer of a layer's weights                                          weight_initializer of the activation that follows
//   Settings of generated data                                                data/readers/generators.h
// What a reader detects in a file (delimiter, header, task of a target) is not a default: data/table/, data/target.h.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tend/data/dataset.h"

namespace tend {

/// The numbers and words that inference uses where a file or bare data leave a choice open. Limits on rows count training rows.
struct Defaults {
  /// [data] If no data are given, the bundled digits are used.
  struct Data {
    std::string_view source = "digits";
    double validation_fraction = 0.1, test_fraction = 0.1;  ///< of all rows
    std::string_view split_of_classes = "stratified";       ///< other tasks keep the split of literal files

    /// A column with one of these names, in any case, is the target; the first name in this list wins.
    std::array<std::string_view, 4> target_names{"target", "label", "class", "y"};
    /// A column of different whole numbers is an identifier if its name is one of these or ends with the suffix, both in any
    /// case, or has one of the endings exactly as written.
    std::array<std::string_view, 5> identifier_names{"id", "index", "uuid", "rowid", "unnamed: 0"};
    std::string_view identifier_suffix = "_id";
    std::array<std::string_view, 2> identifier_endings{"Id", "ID"};
    std::size_t fewest_rows_of_identifiers = 20;  ///< in shorter tables no column of numbers is taken for an identifier
    double widest_identifiers = 2;  ///< rising numbers count the rows if they span less than this many times the rows

    std::size_t always_used_words = 20;  ///< a column with at most this many different words is used
    std::size_t most_words = 1000;       ///< a column with more different words is left out
    std::size_t rows_per_word = 2;  ///< a column with fewer rows for each of its words, on average, is an identifier or free text
    double same_line = 1e-9;        ///< relative distance from a straight line at which a column still repeats the target
  } data;

  /// [data] group: columns that name what several rows belong to, and tell the target (experiment/groups.h).
  struct Groups {
    std::array<std::string_view, 22> words{
        "patient", "subject", "person",  "participant", "user",   "customer", "client", "member",  "speaker",  "author", "driver",
        "player",  "child",   "student", "household",   "family", "animal",   "plant",  "session", "specimen", "case",   "group"};
    std::array<std::string_view, 7> endings{"id", "ids", "number", "no", "nr", "key", "name"};
    double fewest = 10, rows_of_each = 2;        ///< groups; rows of each, on average
    double agreement = 0.9, above_chance = 0.5;  ///< least share of rows that agree; least part of the way from chance to 1
  } groups;

  /// [data] rare_values: at most so many rows, and at most one in so many of all.
  struct RareValues {
    std::int64_t most = 10, one_in = 100;
  } rare_values;

  /// [prepare] equal_rows: from this share of rows on that have the same inputs as another one, if their targets are so much of
  /// the way from chance to always the same.
  struct EqualRows {
    double share = 0.05, agreement = 0.98;
    std::int64_t most_rows = 100'000, most_classes = 20;  ///< the model keeps all rows; a column for each class
  } equal_rows;

  /// [prepare] Steps in the order in which they are listed, each only where the data call for it.
  struct Prepare {
    std::string_view of_dates = "date_parts", of_missing_values = "impute", of_words = "one_hot", of_pictures = "resize",
                     of_tables = "robust_scale", of_tables_of_many_rows = "quantile_normal", of_all_others = "standardize",
                     of_numbers = "piecewise_linear", of_equal_rows = "equal_rows", of_codes = "value_columns";
    int bins = 16, bins_of_many_rows = 48, fewest_bins = 6;  ///< of piecewise_linear; the second from Packs::many_rows on
    // of_tables_of_many_rows: for classes and labels, from Packs::many_rows on
    std::string_view target_of_regression = "standardize";
  } prepare;

  /// [network] of images whose smaller side has at least `smallest_side` pixels: stages of convolutions, each followed by a
  /// pooling that halves the image, then a hidden layer (with one stage: none) and the output.
  struct Images {
    std::int64_t smallest_side = 4;                                  ///< pixels; smaller images are treated as tables
    std::array<std::int64_t, 3> sides_of_another_stage{12, 24, 48};  ///< pixels of the smaller side from which a stage is added
    int first_filters = 16, most_doublings = 3;                      ///< filters double at most so many times from stage to stage
    int convolutions_first = 1, convolutions = 2;                    ///< in the first of several stages, in other stages
    int pooling = 2;                                                 ///< pixels of a window's side
    double dropout_of_one_stage = 0.25, dropout_of_stages = 0.4;     ///< after the convolutions
    int hidden_units = 128;
    double dropout_of_hidden = 0.3;
  } images;

  /// [network] for all other data: hidden layers of equal width and the output.
  struct Tables {
    int hidden_layers = 2;
    std::int64_t few_rows = 200, many_rows = 5000;  ///< fewer rows than the first are few, from the second on many
    int units_of_few_rows = 32, units = 64, units_of_many_rows = 128;  ///< of a hidden layer; the last one is for regression only
    std::int64_t fewest_rows_of_dropout = 2000;
    double dropout = 0.2;  ///< after each hidden layer, never for regression
  } tables;

  /// [network] pack: tables with the layers above are learned by several networks. Found by benchmarks/tables.py on the tables of
  /// benchmarks/tables.md.
  struct Packs {
    std::int64_t some_rows = 2000, many_rows = 10000, very_many_rows = 200000, too_many_rows = 1000000;  ///< limits of the sizes
    std::int64_t most_weights = 8'000'000;  ///< of the first layers of all members; otherwise there are fewer members
    std::int64_t most_columns = 2000, most_cells = 64'000'000;  ///< of the prepared table; otherwise there are fewer bins
    struct Size {                                               ///< what the number of networks decides besides it
      int members, folds;
      double learning_rate, weight_decay;
      std::int64_t smallest_batch, largest_batch, most_epochs;
    };
    Size few{30, 5, 0.005, 0.5, 32, 32, 200}, some{16, 1, 0.003, 0.1, 64, 128, 200}, many{8, 1, 0.0015, 1, 256, 512, 100},
        many_values{8, 1, 0.003, 0.1, 256, 512, 100}, very_many{4, 1, 0.003, 0.1, 512, 1024, 30},
        single{1, 1, 0.003, 0.01, 16, 256, 300}, of_images{1, 1, 0.002, 0.01, 16, 256, 30};
    std::string_view metric_of_probabilities =
        "validation.calibrated_loss";  ///< decides when training of classes and labels stops
    double dropout_of_many_rows = 0.3;
    constexpr const Size& of(std::int64_t rows, Task task) const {
      return rows < some_rows        ? few
             : rows < many_rows      ? some
             : rows < very_many_rows ? (task == Task::regression ? many_values : many)
             : rows < too_many_rows  ? very_many
                                     : single;
    }
  } packs;

  /// [loss] By task. The alternatives are shown to the user but not used.
  struct Loss {
    std::string_view of_classification = "softmax_cross_entropy", of_multilabel = "sigmoid_cross_entropy",
                     of_regression = "mean_squared_error";
    std::string_view instead_of_classification = "multiclass_hinge", instead_of_multilabel = "mean_squared_error",
                     instead_of_regression = "huber";
    std::string_view of(Task task) const {
      return task == Task::classification ? of_classification : task == Task::multilabel ? of_multilabel : of_regression;
    }
    std::string_view instead_of(Task task) const {
      return task == Task::classification ? instead_of_classification
             : task == Task::multilabel   ? instead_of_multilabel
                                          : instead_of_regression;
    }
  } loss;

  /// [update]
  struct Update {
    std::string_view optimizer = "adamw", schedule = "cosine";
  } update;

  /// [train] The number of epochs limits the rows used in total, so that training takes at most minutes on a few slow cores.
  struct Train {
    std::int64_t steps_of_epoch = 64;  ///< the batch size is doubled while an epoch has more
    std::int64_t rows_seen_of_tables = 2'000'000, rows_seen_of_small_images = 2'000'000, rows_seen_of_images = 600'000;
    std::int64_t numbers_of_large_images = 24 * 24;  ///< from this many numbers on an image is not small
    std::int64_t fewest_epochs = 10;
    std::int64_t least_patience = 5, epochs_per_patience = 5;  ///< patience: epochs / epochs_per_patience, at least the first
    bool restore_best = true;
    std::string_view calibration = "temperature";  ///< of classes and labels
    double weight_average_of_tables = 0.99;        ///< a step; images keep the weights of each step
    std::int64_t longer_patience = 3;              ///< the alternative shown to the user: this many times the patience
  } train;
};
inline constexpr Defaults defaults{};

}  // namespace tend
