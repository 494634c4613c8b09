#include "tend/data/array/arrays.h"

#include <cmath>

#include "tend/data/table/columns.h"
#include "tend/data/target.h"

namespace tend {
namespace {

std::vector<std::string> numbered(std::int64_t n) {
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < n; ++i) names.push_back(std::to_string(i));
  return names;
}

std::vector<std::string> target_names(std::int64_t width) {
  if (width == 1) return {"target"};
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < width; ++i) names.push_back("target_" + std::to_string(i));
  return names;
}

FileArray channels_last(const FileArray& x, const DataSettings& settings, const std::string& where) {
  if (settings.layout == "nchw") return transposed(x, {0, 2, 3, 1});
  const bool looks_first = (x.shape[1] == 1 || x.shape[1] == 3) && x.shape[3] != 1 && x.shape[3] != 3;
  if (settings.layout.empty() && looks_first)
    throw Error(Trouble::data, where, "the shape " + x.shape.text() + ", which looks like rows x channels x height x width",
                "rows x height x width x channels", "data.layout = \"nchw\" if it is so, \"nhwc\" if it is not");
  return x;
}

Array images_of(const FileArray& x, const DataSettings& settings, const std::string& where) {
  const FileArray ordered = x.shape.rank() == 4 ? channels_last(x, settings, where) : x;
  Array images = ordered.format.bytes == 1 && ordered.format.kind != 'i' ? to_bytes(ordered) : to_floats(ordered);
  if (images.shape().rank() == 3) images.reshape({images.shape()[0], images.shape()[1], images.shape()[2], 1});
  return images;
}

Array picked_columns(const Array& all, const std::vector<std::int64_t>& which) {
  Array part({all.rows(), static_cast<std::int64_t>(which.size())}, ElementType::float64);
  const double* in = all.as<double>();
  double* out = part.as<double>();
  const std::int64_t width = all.shape()[1];
  for (std::int64_t i = 0; i < all.rows(); ++i)
    for (const std::int64_t k : which) *out++ = in[i * width + k];
  return part;
}

void check_like(const Dataset& data, const Dataset* like, const std::string& where) {
  if (!like) return;
  const bool is_table = data.x.shape().rank() == 2;
  if (is_table == like->columns.empty())
    throw Error(Trouble::data, where, is_table ? "a table" : "images",
                is_table ? "images, as in the source" : "a table, as the source is");
  if (is_table && data.x.shape()[1] != static_cast<std::int64_t>(like->columns.size()))
    throw Error(Trouble::data, where, std::to_string(data.x.shape()[1]) + " columns",
                std::to_string(like->columns.size()) + ", as in the source");
}

/// A table without labels of its own. Its columns are named by numbers from 0.
Dataset dataset_of_matrix(const Array& all, const DataSettings& settings, const Dataset* like, bool target_may_be_absent,
                          const std::string& where) {
  const std::vector<std::string> names = numbered(all.shape()[1]);
  const ChosenColumns chosen = like ? choose_columns_like(names, *like, target_may_be_absent, where)
                                    : choose_columns(names, settings, target_may_be_absent);
  Dataset data;
  data.x = picked_columns(all, chosen.inputs);
  data.rows_in_source = all.rows();
  for (std::size_t k = 0; k < chosen.inputs.size(); ++k)
    data.columns.push_back({.name = names[static_cast<std::size_t>(chosen.inputs[k])]});
  if (like) data.target_names = like->target_names;
  else
    for (const std::int64_t i : chosen.targets) data.target_names.push_back(names[static_cast<std::size_t>(i)]);
  if (!chosen.targets.empty()) {
    data.y = picked_columns(all, chosen.targets);
    if (!target_may_be_absent) leave_out_unknown_targets(data, where, !like);
    set_targets(data, Array(data.y), {}, settings, like, target_may_be_absent, where);
    if (!like && settings.target.is_null())
      data.notes.push_back({.text = where + ": the last of the " + std::to_string(all.shape()[1]) +
                                    " columns is the target, since none was named; --target COLUMN names another, from 0"});
  } else if (like) {
    data.task = like->task;
    data.classes = like->classes;
    data.class_values = like->class_values;
  }
  return data;
}

Array targets_of(const FileArray& y, std::int64_t rows, const std::string& where) {
  if (y.shape.rank() < 1 || y.shape.rank() > 2 || y.shape[0] != rows)
    throw Error(Trouble::data, where, std::to_string(rows) + " rows and labels of the shape " + y.shape.text(),
                "one label for each row");
  Array values = to_doubles(y);
  if (values.shape().rank() == 1) values.reshape({rows, 1});
  return values;
}

/// Integers of 8 bytes that a double does not hold exactly.
DataNotes rounded_columns(const FileArray& x, const Array& values, const std::string& where) {
  constexpr double most_exact = 9007199254740992.0;  // 2^53
  DataNotes notes;
  if (x.format.bytes != 8 || (x.format.kind != 'i' && x.format.kind != 'u')) return notes;
  const std::int64_t width = values.shape()[1];
  std::vector<bool> is_said(static_cast<std::size_t>(width));
  for (std::int64_t i = 0; i < values.shape().count(); ++i) {
    const auto column = static_cast<std::size_t>(i % width);
    if (std::abs(values.as<double>()[i]) <= most_exact || is_said[column]) continue;
    is_said[column] = true;
    const std::string name = std::to_string(column);
    notes.push_back({.text = where + ": column " + name +
                             " has whole numbers above 2^53, which are rounded; the first is in row " +
                             std::to_string(i / width) + ", counted from 0. If they are identifiers, --set 'data.ignore=[\"" +
                             name + "\"]' leaves them out",
                     .of = values.rows(),
                     .column = name});
  }
  return notes;
}

}  // namespace

Dataset dataset_of_numbers(Array x, const Array& y, const DataSettings& settings, const Dataset* like, const std::string& where,
                           bool target_may_be_absent) {
  Dataset data;
  data.x = std::move(x);
  data.rows_in_source = data.x.rows();
  if (data.x.shape().rank() == 2)
    for (std::string& name : numbered(data.x.shape()[1])) data.columns.push_back({.name = std::move(name)});
  if (like && like->columns.size() == data.columns.size()) data.columns = like->columns;
  check_like(data, like, where);
  data.target_names = target_names(y.shape()[1]);
  data.y = y;
  if (!target_may_be_absent) leave_out_unknown_targets(data, where, !like);
  set_targets(data, Array(data.y), {}, settings, like, target_may_be_absent, where);
  return data;
}

Dataset dataset_of_arrays(const FileArray& x, const std::optional<FileArray>& y, const DataSettings& settings,
                          const Dataset* like, bool target_may_be_absent, const std::string& where) {
  const int rank = x.shape.rank();
  if (rank < 2 || rank > 4)
    throw Error(Trouble::data, where, "an array of the shape " + x.shape.text(),
                "rows x columns, rows x height x width or rows x height x width x channels");
  if (rank == 2 || y) {
    const Array values = rank == 2 ? to_doubles(x) : images_of(x, settings, where);
    Dataset data = y ? dataset_of_numbers(values, targets_of(*y, x.shape[0], where), settings, like, where, target_may_be_absent)
                     : dataset_of_matrix(values, settings, like, target_may_be_absent, where);
    if (rank == 2)
      for (DataNote& note : rounded_columns(x, values, where)) data.notes.push_back(std::move(note));
    return data;
  }
  if (!target_may_be_absent)
    throw Error(Trouble::data, where, "images without labels", "labels",
                "data.labels = \"FILE\" (IDX or .npy), or an .npz with x and y");
  Dataset data;
  data.x = images_of(x, settings, where);
  data.rows_in_source = data.rows();
  if (like) {
    check_like(data, like, where);
    data.task = like->task;
    data.classes = like->classes;
    data.class_values = like->class_values;
    data.target_names = like->target_names;
  }
  return data;
}

}  // namespace tend
