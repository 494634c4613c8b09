#include "tend/data/dataset.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <unordered_map>

namespace tend {
namespace {

template <class To, class From>
Array converted(const Array& a, ElementType type) {
  Array out(a.shape(), type);
  const From* from = a.as<From>();
  To* to = out.as<To>();
  for (std::int64_t i = 0, n = a.shape().count(); i < n; ++i) to[i] = static_cast<To>(from[i]);
  return out;
}

template <class To>
Array converted(const Array& a) {
  constexpr ElementType type = element_type<To>();
  switch (a.type()) {
    case ElementType::float32: return converted<To, float>(a, type);
    case ElementType::float64: return converted<To, double>(a, type);
    case ElementType::int64: return converted<To, std::int64_t>(a, type);
    case ElementType::uint8: break;
  }
  return converted<To, std::uint8_t>(a, type);
}

/// Converts inputs to the types that later rooms accept: doubles for two axes, floats or bytes for more.
Array checked_inputs(Array x, const char* where) {
  const int rank = x.shape().rank();
  if (rank < 2 || rank > 4)
    throw Error(Trouble::usage, where, "x with the shape " + x.shape().text(),
                "[rows, features] or [rows, height, width, channels]");
  for (int axis = 1; axis < rank; ++axis)
    if (x.shape()[axis] < 1) throw Error(Trouble::usage, where, "x with the shape " + x.shape().text(), "extents of at least 1");
  if (rank == 2) return x.type() == ElementType::float64 ? x : converted<double>(x);
  return x.type() == ElementType::float32 || x.type() == ElementType::uint8 ? x : converted<float>(x);
}

Array checked_targets(const Array& x, const Array& y, const char* where) {
  const int rank = y.shape().rank();
  if ((rank != 1 && rank != 2) || y.rows() != x.rows() || (rank == 2 && y.shape()[1] < 1))
    throw Error(Trouble::usage, where, "y with the shape " + y.shape().text() + " for x with the shape " + x.shape().text(),
                "one row of targets for each row of x");
  Array doubles = y.type() == ElementType::float64 ? y : converted<double>(y);
  doubles.reshape(rank == 2 ? y.shape() : Shape{y.rows(), 1});
  return doubles;
}

Dataset owned(Array x, const Array& y, Task task, const char* where) {
  Dataset data;
  data.y = checked_targets(x, y, where);
  data.x = checked_inputs(std::move(x), where);
  data.task = task;
  data.rows_in_source = data.rows();
  if (data.x.shape().rank() == 2)
    for (std::int64_t i = 0; i < data.x.shape()[1]; ++i) data.columns.push_back({.name = std::to_string(i)});
  const std::int64_t width = data.y.shape()[1];
  for (std::int64_t i = 0; i < width; ++i) data.target_names.push_back(width == 1 ? "target" : "target_" + std::to_string(i));
  return data;
}

void refuse_target(const char* where, std::int64_t i, std::int64_t width, double v, const std::string& wanted) {
  throw Error(Trouble::usage, where, "the target " + std::to_string(v) + " in row " + std::to_string(i / width), wanted);
}

/// Converts bytes to floats with a shift and a factor that repeat every `period` elements. The pattern is as long as a few
/// vectors, so that the inner loop has neither a remainder nor a gather.
void bytes_to_floats(const std::uint8_t* in, std::int64_t n, const float* shift, const float* factor, std::int64_t period,
                     float* out) {
  std::int64_t i = 0;
  for (; i + period <= n; i += period)
    for (std::int64_t j = 0; j < period; ++j) out[i + j] = (static_cast<float>(in[i + j]) - shift[j]) * factor[j];
  for (std::int64_t j = 0; i + j < n; ++j) out[i + j] = (static_cast<float>(in[i + j]) - shift[j]) * factor[j];
}

}  // namespace

const char* name_of(Task task) {
  switch (task) {
    case Task::classification: return "classification";
    case Task::regression: return "regression";
    case Task::multilabel: break;
  }
  return "multilabel";
}

Value columns_to_value(const std::vector<Column>& columns) {
  Value all = Value::array();
  for (const Column& column : columns) {
    Value v = Value::table();
    v["name"] = column.name;
    v["levels"] = write_value(column.levels);
    if (column.other >= 0) v["other"] = column.other;
    if (column.is_unused) v["unused"] = true;
    if (column.date) v["date"] = name_of(*column.date);
    if (!column.style.is_plain()) {
      Value& style = v["numbers"] = Value::table();
      style["decimal"] = std::string(1, column.style.decimal);
      style["thousands"] = column.style.thousands;
      style["before"] = column.style.before;
      style["after"] = column.style.after;
    }
    all.push_back(std::move(v));
  }
  return all;
}

DateOrder date_order_of(const std::string& name, const std::string& where) {
  for (const DateOrder order : {DateOrder::year_month_day, DateOrder::month_day_year, DateOrder::day_month_year})
    if (name == name_of(order)) return order;
  throw Error(Trouble::data, where, "the date order \"" + name + "\"", "year_month_day, month_day_year or day_month_year");
}

std::vector<Column> columns_of_value(const Value& saved, const std::string& where) {
  const auto text = [&](const Value* v) {
    if (!v || !v->is_string()) throw Error(Trouble::data, where, v ? v->describe() : "nothing", "a text");
    return v->string();
  };
  if (!saved.is_array()) throw Error(Trouble::data, where, saved.describe(), "an array");
  std::vector<Column> columns;
  for (const Value& item : saved.array_items()) {
    Column column{.name = text(item.find("name"))};
    const Value* levels = item.find("levels");
    if (!levels || !levels->is_array()) throw Error(Trouble::data, where, "no levels of \"" + column.name + "\"", "an array");
    for (const Value& level : levels->array_items()) column.levels.push_back(text(&level));
    if (const Value* other = item.find("other")) {
      if (!other->is_integer() || other->integer() < 0 || other->integer() >= static_cast<std::int64_t>(column.levels.size()))
        throw Error(Trouble::data, where, "the level " + other->describe() + " of \"" + column.name + "\" for other values",
                    "0 .. " + std::to_string(column.levels.size()) + " - 1");
      column.other = other->integer();
    }
    if (const Value* unused = item.find("unused")) column.is_unused = unused->is_bool() && unused->boolean();
    if (const Value* date = item.find("date")) column.date = date_order_of(text(date), where);
    if (const Value* style = item.find("numbers"))
      column.style = {.decimal = text(style->find("decimal")) == "," ? ',' : '.',
                      .thousands = text(style->find("thousands")),
                      .before = text(style->find("before")),
                      .after = text(style->find("after"))};
    columns.push_back(std::move(column));
  }
  return columns;
}

Value notes_to_value(const DataNotes& notes) {
  Value all = Value::array();
  for (const DataNote& note : notes) {
    Value v = Value::table();
    v["text"] = note.text;
    v["lost"] = note.lost;
    v["of"] = note.of;
    all.push_back(std::move(v));
  }
  return all;
}

Dataset Dataset::classification(Array x, Array y, int classes) {
  constexpr const char* where = "Dataset::classification";
  if (classes < 1) throw Error(Trouble::usage, where, std::to_string(classes) + " classes", "at least 1");
  Dataset data = owned(std::move(x), y, Task::classification, where);
  const std::int64_t places = data.y.shape()[1];
  if (places != 1 && data.x.shape()[1] != places)
    throw Error(Trouble::usage, where, "y with the shape " + y.shape().text(),
                "one code for each row, or for each place of a row");
  const double* codes = data.y.as<double>();
  for (std::int64_t i = 0; i < data.y.shape().count(); ++i)
    if (!(codes[i] >= 0 && codes[i] < classes && codes[i] == std::floor(codes[i])))
      refuse_target(where, i, places, codes[i], "codes 0 .. " + std::to_string(classes - 1));
  for (int k = 0; k < classes; ++k) {
    data.classes.push_back(std::to_string(k));
    data.class_values.push_back(k);
  }
  return data;
}

Dataset Dataset::regression(Array x, Array y) { return owned(std::move(x), y, Task::regression, "Dataset::regression"); }

Dataset Dataset::multilabel(Array x, Array y) {
  constexpr const char* where = "Dataset::multilabel";
  Dataset data = owned(std::move(x), y, Task::multilabel, where);
  const double* labels = data.y.as<double>();
  for (std::int64_t i = 0, n = data.y.shape().count(); i < n; ++i)
    if (labels[i] != 0 && labels[i] != 1) refuse_target(where, i, data.y.shape()[1], labels[i], "0 or 1");
  return data;
}

void Part::gather(const std::int64_t* which, std::int64_t first, std::int64_t n, float* out) const {
  const std::int64_t size = x.row_size();
  if (x.type() == ElementType::float32) {
    const float* values = x.as<float>();
    if (!which) {
      std::memcpy(out, values + first * size, sizeof(float) * static_cast<std::size_t>(n * size));
      return;
    }
    for (std::int64_t i = 0; i < n; ++i)
      std::memcpy(out + i * size, values + which[i] * size, sizeof(float) * static_cast<std::size_t>(size));
    return;
  }
  const std::uint8_t* bytes = x.as<std::uint8_t>();
  const auto channels = static_cast<std::int64_t>(shift.size());
  TEND_EXPECTS(channels > 0 && channels == static_cast<std::int64_t>(factor.size()) && size % channels == 0);
  constexpr std::int64_t longest = 256;
  const std::int64_t period = channels <= 16 ? channels * 16 : channels;
  float pattern[2 * longest];
  std::vector<float> wide;
  float* shifts = pattern;
  if (period > longest) {
    wide.resize(static_cast<std::size_t>(2 * period));
    shifts = wide.data();
  }
  float* factors = shifts + std::max(period, longest);
  if (period > longest) factors = shifts + period;
  for (std::int64_t j = 0; j < period; ++j) {
    shifts[j] = shift[static_cast<std::size_t>(j % channels)];
    factors[j] = factor[static_cast<std::size_t>(j % channels)];
  }
  for (std::int64_t i = 0; i < n; ++i)
    bytes_to_floats(bytes + (which ? which[i] : first + i) * size, size, shifts, factors, period, out + i * size);
}

std::string text_of_cell(const Column& column, double value) {
  if (std::isnan(value)) return "";
  if (column.is_category()) return column.levels[static_cast<std::size_t>(value)];
  return column.date ? text_of_date(value) : number_text(value);
}

std::vector<std::int64_t> places_of_rows(const Dataset& data, std::vector<std::int64_t> numbers) {
  if (data.source_rows.empty()) return numbers;
  std::unordered_map<std::int64_t, std::int64_t> places;
  for (std::size_t i = 0; i < data.source_rows.size(); ++i) places[data.source_rows[i]] = static_cast<std::int64_t>(i);
  for (std::int64_t& number : numbers) number = places.at(number);
  return numbers;
}

Dataset select_rows(const Dataset& all, const std::vector<std::int64_t>& which) {
  Dataset part = all;
  const auto n = static_cast<std::int64_t>(which.size());
  bool is_all = n == all.rows();
  for (std::int64_t i = 0; is_all && i < n; ++i) is_all = which[static_cast<std::size_t>(i)] == i;
  if (is_all) return part;
  const auto selected = [&](const Array& from) {
    std::vector<std::int64_t> sizes = from.shape().sizes();
    if (sizes.empty()) return from;
    sizes[0] = n;
    Array to(Shape(sizes), from.type());
    const auto bytes = static_cast<std::size_t>(from.row_size() * size_of(from.type()));
    for (std::int64_t i = 0; i < n; ++i)
      std::memcpy(static_cast<char*>(to.data()) + static_cast<std::size_t>(i) * bytes,
                  static_cast<const char*>(from.data()) + static_cast<std::size_t>(which[static_cast<std::size_t>(i)]) * bytes,
                  bytes);
    return to;
  };
  part.x = selected(all.x);
  part.y = selected(all.y);
  part.row_names.clear();
  part.source_rows.clear();
  for (std::vector<double> Dataset::*values : {&Dataset::weights, &Dataset::groups, &Dataset::times}) {
    const std::vector<double>& from = all.*values;
    std::vector<double>& to = part.*values;
    if (from.empty()) continue;
    to.clear();
    for (const std::int64_t i : which) to.push_back(from[static_cast<std::size_t>(i)]);
  }
  for (const std::int64_t i : which) {
    const auto k = static_cast<std::size_t>(i);
    if (!all.row_names.empty()) part.row_names.push_back(all.row_names[k]);
    part.source_rows.push_back(all.source_rows.empty() ? i : all.source_rows[k]);
  }
  return part;
}

}  // namespace tend
