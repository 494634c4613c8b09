#pragma once
#include <string>
#include <utility>
#include <vector>

#include "tend/data/dataset.h"

namespace tend {

/// What a column, a target or a channel holds.
struct ColumnDescription {
  std::string name, type;  ///< "number", "category", "date", "class", "label"; of images and arrays "channel"
  std::int64_t values = 0, missing = 0;
  std::int64_t distinct = 0;  ///< different values; 0: not counted
  /// Of numbers and dates (days since 1970-01-01), without missing values; NaN if there are none.
  double least, mean, deviation, most;
  /// Of categories, classes and labels: values with their numbers, the most frequent first.
  std::vector<std::pair<std::string, std::int64_t>> frequent = {};
  /// Of numbers and dates: how many lie in each of `bins` equal ranges from `least` to `most`. Empty if there are no two values.
  std::vector<std::int64_t> histogram = {};

  static constexpr std::size_t bins = 16;
  Value to_value() const;
};

/// What is in a data set, before any preparation.
struct DataDescription {
  std::string kind;  ///< "table", "images", "sequences" or "text"
  std::int64_t rows = 0;
  std::vector<std::int64_t> row_shape = {};              ///< of one row: columns; height, width, channels; characters
  std::vector<ColumnDescription> inputs = {};            ///< columns of a table; channels of images; features of sequences
  std::vector<ColumnDescription> targets = {};           ///< empty without a target
  std::int64_t characters = 0, kinds_of_characters = 0;  ///< of a text

  Value to_value() const;
};
DataDescription describe(const Dataset& data);

}  // namespace tend
