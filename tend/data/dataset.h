#pragma once
#include <optional>
#include <string>
#include <vector>

#include "tend/base/value.h"
#include "tend/tensor/array.h"

namespace tend {

enum class Task { classification, regression, multilabel };
const char* name_of(Task task);

/// A column of a table. Categories are codes 0 .. levels-1 in the data, in order of the sorted levels.
struct Column {
  std::string name;
  std::vector<std::string> levels;  ///< empty: a number
  bool is_category() const { return !levels.empty(); }
};

/// Rows as read, before preparation.
///   x  tables: float64 [N, F], NaN where missing; images: uint8 or float [N, H, W, C], channels last
///   y  float64 [N, T]; classification: codes [N, 1], or [N, T] for T places of a row; empty where the target is absent (rows to predict)
struct Dataset {
  Array x, y;
  Task task = Task::classification;
  std::vector<std::string> classes;       ///< what the codes mean, in order; empty unless classification
  std::vector<double> class_values;       ///< the numbers behind the classes, where they are numbers
  std::vector<Column> columns;            ///< tables only
  std::vector<std::string> target_names;  ///< one for each target column
  std::vector<std::string> row_names;     ///< images of a folder or tar: the file; else empty
  std::vector<std::int64_t>
      source_rows;  ///< for each row its number in the source (from 0), where rows were left out; else empty
  std::int64_t rows_in_source = 0;
  bool is_text = false;  ///< rows are windows that follow each other in a text: x its characters' codes, y those one further on
  std::vector<std::string> notes;    ///< counted: rows left out, values imputed or retyped: one sentence each
  std::string companion;             ///< path of the test set that lies beside the source, or ""
  std::string companion_validation;  ///< likewise of the validation set
  std::int64_t rows() const { return x.rows(); }

  /// Data that a program owns. x [N, F], [N, T, F] or [N, H, W, C] of float, double or uint8; classification: y holds codes
  /// 0 .. classes-1, one a row or one for each of T places.
  static Dataset classification(Array x, Array y, int classes);
  static Dataset regression(Array x, Array y);
  static Dataset multilabel(Array x, Array y);
};

/// Rows ready for a network. x float32 [N, row shape], or uint8 with the change that makes floats of it, by channel (last axis):
/// value = (byte - shift[c]) * factor[c]. y float64 as in Dataset.
struct Part {
  Array x, y;
  std::vector<float> shift, factor;  ///< empty unless x is uint8
  std::int64_t rows() const { return x.rows(); }
  /// Writes rows `which[0 .. n-1]` (nullptr: 0 .. n-1 from `first`) as floats, one after the other.
  void gather(const std::int64_t* which, std::int64_t first, std::int64_t n, float* out) const;
};

/// The rows `which`, in that order: x, y, row_names and source_rows; everything else as it was. All rows in their own order
/// share the arrays.
Dataset select_rows(const Dataset& all, const std::vector<std::int64_t>& which);

struct Parts {
  Part train, validation, test;  ///< rows() == 0 where there is none
};

}  // namespace tend
