#pragma once
#include <optional>
#include <string>
#include <vector>

#include "tend/base/value.h"
#include "tend/data/table/dates.h"
#include "tend/data/table/number_style.h"
#include "tend/tensor/array.h"

namespace tend {

enum class Task { classification, regression, multilabel };
const char* name_of(Task task);

/// What reading or preparing data left out, changed or could not use: one sentence with counts and the first place.
struct DataNote {
  std::string text;
  std::int64_t lost = 0;    ///< rows, cells or files that are left out or count as missing although the source holds something
  std::int64_t of = 0;      ///< of so many
  std::string column = {};  ///< the column of the table that it is about; "": no single one
  double share() const { return of > 0 ? static_cast<double>(lost) / static_cast<double>(of) : 0; }
  bool operator==(const DataNote&) const = default;
};
using DataNotes = std::vector<DataNote>;
/// For JSON: [{text, lost, of}].
Value notes_to_value(const DataNotes& notes);

/// A column of a table. Categories are codes 0 .. levels-1 in the data, in the order of the sorted
/// levels; "other" (data.rare_values) is the last one.
struct Column {
  std::string name;
  std::vector<std::string> levels = {};  ///< empty: the column is a number
  NumberStyle style = {};                ///< how its numbers are written
  std::optional<DateOrder> date = {};    ///< a column of dates: days since 1970-01-01 (table/dates.h), written in this order
  std::int64_t other = -1;               ///< the level of rare values and of those that are new in later data; -1: none
  bool is_unused = false;                ///< empty in all training rows: each of its cells counts as 0
  std::string hint = {};                 ///< what its cells probably are, although they are not read so; not saved
  bool is_category() const { return !levels.empty(); }
};

/// A value of a column as people write it: the name of a category, a date, a number; "" where it is missing.
std::string text_of_cell(const Column& column, double value);
/// To save columns with a model, and to read them. Throws Error{data}.
Value columns_to_value(const std::vector<Column>& columns);
std::vector<Column> columns_of_value(const Value& saved, const std::string& where);

/// Rows as read, before preparation.
///   x  tables: float64 [N, F], NaN where missing; images: uint8 or float [N, H, W, C], channels last. Image files of 16 bits are
///      float32, 0 .. 65535 (largest_sample); all others are uint8, 0 .. 255.
///   y  float64 [N, T]; classification: codes [N, 1], or [N, T] for T places of a row; empty without a target (rows to predict)
struct Dataset {
  Array x, y;
  Task task = Task::classification;
  std::vector<std::string> classes;       ///< the classes of the codes, in order; empty unless classification
  std::vector<double> class_values;       ///< the numbers of the classes, if the classes are numbers
  std::vector<Column> columns;            ///< tables only
  std::vector<std::string> target_names;  ///< one for each target column
  std::vector<std::string> row_names;     ///< the file names of images of a folder or tar; otherwise empty
  std::vector<std::string> source_names;  ///< the same for all rows of the source, if rows were left out
  std::vector<std::int64_t>
      source_rows;  ///< the number of each row in the source (from 0), if rows were left out; otherwise empty
  std::int64_t rows_in_source = 0;
  std::string file = {};        ///< of tables: the name of the file
  std::int64_t first_line = 0;  ///< of tables in which each row is one line: the line of row 0 of the source; 0: unknown
  // One value per row, or empty. Of the columns that data.weight, data.group and data.time name; a program may set them as well.
  std::vector<double> weights;  ///< at least 0: factors of the losses of training rows, relative to their mean
  std::vector<double> groups;   ///< rows of one group stay in one part; NaN: a group of its own
  std::vector<double> times;    ///< the order of the rows in which parts are taken
  bool times_are_dates = false;
  int largest_sample = 255;      ///< of image files: white is 255, or 65535 where a file has 16 bits
  std::vector<std::string> ids;  ///< the cells of the column that DataSettings::id names, one for each row of the source
  bool is_text = false;   ///< rows are consecutive windows of a text: x holds the codes of characters, y those of the next ones
  DataNotes notes;        ///< rows left out, cells that are missing, read in another type, or unknown
  std::string companion;  ///< path of the test set next to the source, or ""
  std::string companion_validation;  ///< the same for the validation set
  std::int64_t rows() const { return x.rows(); }

  /// Data that a program owns. x [N, F], [N, T, F] or [N, H, W, C] of float, double or uint8. For classification y holds
  /// codes 0 .. classes-1, one a row or one for each of T places.
  static Dataset classification(Array x, Array y, int classes);
  static Dataset regression(Array x, Array y);
  static Dataset multilabel(Array x, Array y);
};

/// Rows ready for a network. x is float32 [N, row shape], or uint8 with a conversion to float by channel (last axis):
/// value = (byte - shift[c]) * factor[c]. y is float64 as in Dataset.
struct Part {
  Array x, y;
  std::vector<float> shift, factor;  ///< empty unless x is uint8
  std::vector<double> weights;       ///< as in Dataset
  std::int64_t rows() const { return x.rows(); }
  /// Writes rows `which[0 .. n-1]` (nullptr: n rows starting at `first`) as floats, one after the other.
  void gather(const std::int64_t* which, std::int64_t first, std::int64_t n, float* out) const;
};

/// Where rows with these numbers in the source are in the arrays of the data, which may have left out rows of it, in the order of
/// the numbers.
std::vector<std::int64_t> places_of_rows(const Dataset& data, std::vector<std::int64_t> numbers);

/// Returns the rows `which`, in that order: what has a value per row is selected, everything else is copied. If `which`
/// is all rows in their own order, the arrays are shared.
Dataset select_rows(const Dataset& all, const std::vector<std::int64_t>& which);

struct Parts {
  Part train, validation, test;  ///< rows() == 0 if there is no such part
};

}  // namespace tend
