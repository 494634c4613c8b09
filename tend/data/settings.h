#pragma once
#include <optional>
#include <string>
#include <vector>

#include "tend/base/settings.h"
#include "tend/data/dataset.h"

namespace tend {

/// [data] of an experiment file. The README of ../peer says how absent keys are decided for literal files.
struct DataSettings {
  Value source;                   ///< registered name, path, or generator {generate = "blobs", ...}
  Value target;                   ///< column, columns (names or numbers from 0), "last"; null: "last" in literal files
  std::string task;               ///< "", classification, regression, multilabel
  Value validation, test;         ///< fraction or path; null: none (or the companion as test)
  std::string split = "shuffle";  ///< shuffle, stratified, last
  std::optional<std::int64_t> limit;
  std::vector<std::string> ignore;
  Value features;      ///< columns; null: all others
  Value types;         ///< {column = "category" | "number"}
  Value header;        ///< bool; null: inferred
  std::string labels;  ///< IDX or NPY file with the labels
  std::string delimiter, decimal = ".", thousands, encoding = "utf-8", layout;
  std::int64_t window = 128;         ///< characters of a row of text
  std::vector<std::string> missing;  ///< words that mean missing (table/cells.h, MissingWords)
  std::int64_t rare_values = 0;      ///< values of a category with fewer rows become one; 0: none do
  Value weight, group, time;         ///< columns; null: none
  std::optional<std::int64_t> folds, fold;
  std::vector<double> target_range;  ///< {lowest, highest}; empty: all rows
  // No keys of a file. Of the verb predict: a column whose cells are kept as they stand, in Dataset::ids. Of the loss: target
  // columns with exactly one 1 in each row are classes. Of the preparation to a reader of images (prepare/pipeline.h:
  // ask_for_size): the size.
  std::string id;
  bool one_hot_is_classes = true;
  std::int64_t height = 0, width = 0;  ///< images of different sizes are resized to this size; 0: they are an error
  bool common_size = false;            ///< images of different sizes are resized to their median size (inferred runs)

  /// Are parts taken from the end of an order, not drawn?
  bool is_ordered() const { return split == "last" || !time.is_null(); }

  static constexpr auto fields = std::tuple{
      field_of<DataSettings>("source", &DataSettings::source, {}, "",
                             "The name of a registered data set, a path, or a generator.", "<string> <generator>"),
      field_of<DataSettings>(
          "target", &DataSettings::target, {}, "",
          "The target column or columns of a table, by name or by number from 0; with [network], \"last\" is the default.",
          "<string> <integer> <columns>"),
      field_of<DataSettings>("task", &DataSettings::task, {}, "",
                             "What the network learns to predict; when absent, it is inferred from the target.",
                             "classification regression multilabel"),
      field_of<DataSettings>("validation", &DataSettings::validation, part_of_one(), "",
                             "The validation rows: a fraction of all rows, or a path.", "<number> <string> <generator>"),
      field_of<DataSettings>("test", &DataSettings::test, part_of_one(), "", "The test rows: a fraction of all rows, or a path.",
                             "<number> <string> <generator>"),
      field_of<DataSettings>("split", &DataSettings::split, {}, "",
                             "How rows are assigned to the parts; \"last\" uses the last rows for validation and test.",
                             "shuffle stratified last"),
      field_of<DataSettings>("limit", &DataSettings::limit, at_least(1), "rows",
                             "Use only this number of rows, from the start of the source."),
      field_of<DataSettings>("ignore", &DataSettings::ignore, {}, "", "The columns that are left out."),
      field_of<DataSettings>("features", &DataSettings::features, {}, "",
                             "The input columns, by name or by number from 0; when absent, all columns but the target.",
                             "<string> <integer> <columns>"),
      field_of<DataSettings>(
          "types", &DataSettings::types, {}, "",
          "The types of columns whose inferred type is wrong, as COLUMN = \"number\" (other cells count as missing), "
          "\"category\" (each spelling is a value), \"date\", \"date_day_first\" or \"date_month_first\".",
          "<column_types>"),
      field_of<DataSettings>("header", &DataSettings::header, {}, "",
                             "Whether the first line of a table names the columns; when absent, it is inferred.", "<boolean>"),
      field_of<DataSettings>("labels", &DataSettings::labels, {}, "", "The file with the labels, for arrays and IDX files."),
      field_of<DataSettings>("delimiter", &DataSettings::delimiter, {}, "",
                             "The character between two cells of a table; when absent, it is inferred."),
      field_of<DataSettings>("decimal", &DataSettings::decimal, {}, "", "The decimal mark of numbers in a table.", ". ,"),
      field_of<DataSettings>(
          "thousands", &DataSettings::thousands, {}, "",
          "The mark between groups of three digits in a table: \",\", \".\", \"'\" or a blank; when absent, it is inferred."),
      field_of<DataSettings>("encoding", &DataSettings::encoding, {}, "", "The character encoding of text files.",
                             "utf-8 latin-1"),
      field_of<DataSettings>("layout", &DataSettings::layout, {}, "",
                             "The order of the axes of image arrays: rows, height, width, channels (nhwc), the default, or nchw.",
                             "nhwc nchw"),
      field_of<DataSettings>("window", &DataSettings::window, at_least(1), "characters", "The length of one row of a text."),
      field_of<DataSettings>(
          "missing", &DataSettings::missing, {}, "",
          "Words that mean a missing value, beside an empty cell, ?, na, nan and null: \"n/a\" or \"+n/a\" adds one, \"-NA\" removes one."),
      field_of<DataSettings>("rare_values", &DataSettings::rare_values, at_least(0), "rows",
                             "Values of a category with fewer rows than this become one value, \"other\", as do values that are "
                             "new in later data; 0 keeps every value."),
      field_of<DataSettings>(
          "weight", &DataSettings::weight, {}, "",
          "The column with the weights of the rows: the loss of a training row is multiplied by its weight over the "
          "mean weight. It is no input. Metrics count every row once.",
          "<string> <integer>"),
      field_of<DataSettings>(
          "group", &DataSettings::group, {}, "",
          "The column whose equal values are one group, for instance a patient: all rows of a group are in the same "
          "part. It is no input unless data.features names it.",
          "<string> <integer>"),
      field_of<DataSettings>(
          "time", &DataSettings::time, {}, "",
          "The column of numbers or dates by which rows are ordered: the latest rows are the test rows, those before "
          "them the validation rows. It is no input unless data.features names it.",
          "<string> <integer>"),
      field_of<DataSettings>(
          "folds", &DataSettings::folds, at_least(2), "",
          "Cross-validation: trains this number of times; each row is a test row once. With data.time, each training "
          "uses the rows before its test rows."),
      field_of<DataSettings>("fold", &DataSettings::fold, at_least(1), "",
                             "With data.folds: train only with this fold, from 1, as the test rows."),
      field_of<DataSettings>("target_range", &DataSettings::target_range, {}, "",
                             "The lowest and the highest target that is believed: rows with a target outside are left out of all "
                             "parts. Other rows stay in the part in which they are without it.")};
};

/// The start of relative paths, and the folders in which registered names are looked up.
struct DataPlaces {
  std::string folder = ".";             ///< folder of the experiment file
  std::vector<std::string> registered;  ///< folders that hold registered data, searched in order
};

/// Reads settings.source. `like`: the data set whose columns, levels, classes and task the rows must have, for a part given by
/// path, or for rows to predict, whose target may be absent if `target_may_be_absent`. A target of [] then reads all columns of a
/// table as inputs.
Dataset read_dataset(const Value& source, const DataSettings& settings, const DataPlaces& places, const Dataset* like = nullptr,
                     bool target_may_be_absent = false);

/// Returns the column names of a table from its first line; empty if the source is no table. Needs no target.
std::vector<std::string> column_names(const Value& source, const DataSettings& settings, const DataPlaces& places);

/// The datasets of the three parts: by fraction (ceil(f N) rows; test from the end of the order, then validation), by path, or
/// the companion as test. Rows of a part keep the source's order.
struct SplitData {
  Dataset train, validation, test;
};
SplitData split_dataset(const Dataset& all, const DataSettings& settings, const DataPlaces& places, std::uint64_t seed);

}  // namespace tend
