#include "tend/data/describe.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tend/data/target.h"

namespace tend {

namespace {

/// Every `stride`-th number of an array of any element type.
class Numbers {
 public:
  Numbers(const Array& array, std::int64_t first, std::int64_t stride)
      : array_(array), first_(first), stride_(stride), count_((array.shape().count() - first + stride - 1) / stride) {}
  std::int64_t count() const { return count_; }
  double operator[](std::int64_t i) const {
    const std::int64_t at = first_ + i * stride_;
    if (array_.type() == ElementType::uint8) return array_.as<std::uint8_t>()[at];
    return array_.type() == ElementType::float32 ? static_cast<double>(array_.as<float>()[at]) : array_.as<double>()[at];
  }

 private:
  const Array& array_;
  std::int64_t first_, stride_, count_;
};

void describe_numbers(ColumnDescription& d, const Numbers& numbers) {
  std::int64_t n = 0;
  double sum_of_squares = 0;
  d.mean = 0;
  for (std::int64_t i = 0; i < numbers.count(); ++i) {
    const double v = numbers[i];
    if (!std::isfinite(v)) continue;
    d.least = n == 0 ? v : std::min(d.least, v);
    d.most = n == 0 ? v : std::max(d.most, v);
    const double step = v - d.mean;  // Welford, 1962
    d.mean += step / static_cast<double>(++n);
    sum_of_squares += step * (v - d.mean);
  }
  d.values = numbers.count();
  d.missing = d.values - n;
  if (n == 0) {
    d.mean = std::numeric_limits<double>::quiet_NaN();
    return;
  }
  d.deviation = std::sqrt(sum_of_squares / static_cast<double>(n));
  if (!(d.most > d.least)) return;
  d.histogram.assign(ColumnDescription::bins, 0);
  for (std::int64_t i = 0; i < numbers.count(); ++i) {
    if (!std::isfinite(numbers[i])) continue;
    const double place = (numbers[i] / 2 - d.least / 2) / (d.most / 2 - d.least / 2) * static_cast<double>(d.histogram.size());
    ++d.histogram[std::min(static_cast<std::size_t>(place), d.histogram.size() - 1)];
  }
}

std::int64_t distinct_of(const Numbers& numbers) {
  std::vector<double> all;
  for (std::int64_t i = 0; i < numbers.count(); ++i)
    if (!std::isnan(numbers[i])) all.push_back(numbers[i]);
  std::sort(all.begin(), all.end());
  return std::unique(all.begin(), all.end()) - all.begin();
}

/// Counts codes 0 .. names-1.
void describe_codes(ColumnDescription& d, const Numbers& codes, const std::vector<std::string>& names) {
  std::vector<std::int64_t> counts(names.size());
  d.values = codes.count();
  for (std::int64_t i = 0; i < codes.count(); ++i) {
    const double code = codes[i];
    if (code >= 0 && code < static_cast<double>(counts.size())) ++counts[static_cast<std::size_t>(code)];
    else ++d.missing;
  }
  for (std::size_t k = 0; k < names.size(); ++k)
    if (counts[k] > 0) d.frequent.emplace_back(names[k], counts[k]);
  d.distinct = static_cast<std::int64_t>(d.frequent.size());
  std::stable_sort(d.frequent.begin(), d.frequent.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
}

ColumnDescription named(std::string name, std::string type) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  return {.name = std::move(name), .type = std::move(type), .least = none, .mean = none, .deviation = none, .most = none};
}

ColumnDescription describe_column(const Column& column, const Numbers& numbers) {
  ColumnDescription d = named(column.name, column.is_category() ? "category" : column.date ? "date" : "number");
  if (column.is_category()) {
    describe_codes(d, numbers, column.levels);
    return d;
  }
  describe_numbers(d, numbers);
  d.distinct = distinct_of(numbers);
  return d;
}

ColumnDescription describe_target(const Dataset& data, std::int64_t t) {
  const auto at = static_cast<std::size_t>(t);
  const std::string name = at < data.target_names.size() ? data.target_names[at] : "target";
  const bool has_classes = data.task == Task::classification;
  const Numbers numbers(data.y, has_classes ? 0 : t, has_classes ? 1 : data.y.row_size());  // all places of a row together
  ColumnDescription d = named(name, has_classes ? "class" : data.task == Task::multilabel ? "label" : "number");
  if (has_classes) {
    describe_codes(d, numbers, data.classes);
  } else if (data.task == Task::multilabel) {
    describe_codes(d, numbers, {"0", "1"});
  } else {
    describe_numbers(d, numbers);
    d.distinct = distinct_of(numbers);
  }
  return d;
}

Value number_or_null(double v) { return std::isfinite(v) ? Value(v) : Value(); }

Value list_of(const std::vector<ColumnDescription>& columns) {
  Value all = Value::array();
  for (const ColumnDescription& column : columns) all.push_back(column.to_value());
  return all;
}

}  // namespace

Value ColumnDescription::to_value() const {
  Value v = Value::table();
  v["name"] = name;
  v["type"] = type;
  v["missing"] = missing;
  if (distinct > 0 || values == missing) v["distinct"] = distinct;
  if (type == "category" || type == "class" || type == "label") {
    v["values"] = Value::array();
    for (const auto& [word, count] : frequent) {
      Value one = Value::table();
      one["value"] = word;
      one["rows"] = count;
      v["values"].push_back(std::move(one));
    }
    return v;
  }
  v["minimum"] = number_or_null(least);
  v["mean"] = number_or_null(mean);
  v["deviation"] = number_or_null(deviation);
  v["maximum"] = number_or_null(most);
  v["histogram"] = Value::array();
  for (const std::int64_t count : histogram) v["histogram"].push_back(count);
  return v;
}

Value DataDescription::to_value() const {
  Value v = Value::table();
  v["kind"] = kind;
  v["rows"] = rows;
  v["row_shape"] = Value::array();
  for (const std::int64_t size : row_shape) v["row_shape"].push_back(size);
  if (characters > 0) {
    v["characters"] = characters;
    v["kinds_of_characters"] = kinds_of_characters;
  }
  v["inputs"] = list_of(inputs);
  v["targets"] = list_of(targets);
  return v;
}

DataDescription describe(const Dataset& data) {
  DataDescription d;
  const Shape& shape = data.x.shape();
  d.rows = data.rows();
  for (int axis = 1; axis < shape.rank(); ++axis) d.row_shape.push_back(shape[axis]);
  if (data.is_text) {
    d.kind = "text";
    d.characters = data.rows() * data.x.row_size();
    d.kinds_of_characters = static_cast<std::int64_t>(data.classes.size());
    d.inputs.push_back(named("characters", "category"));
    describe_codes(d.inputs[0], Numbers(data.x, 0, 1), data.classes);
  } else {
    d.kind = shape.rank() == 2 ? "table" : shape.rank() == 4 ? "images" : "sequences";
    for (std::int64_t c = 0; c < shape[-1]; ++c) {
      const Numbers numbers(data.x, c, shape[-1]);
      if (shape.rank() == 2 && !data.columns.empty())
        d.inputs.push_back(describe_column(data.columns[static_cast<std::size_t>(c)], numbers));
      else {
        d.inputs.push_back(named(std::to_string(c), "channel"));
        describe_numbers(d.inputs.back(), numbers);
      }
    }
  }
  const std::int64_t targets = data.y.empty() ? 0 : data.task == Task::classification ? 1 : data.y.row_size();
  for (std::int64_t t = 0; t < targets; ++t) d.targets.push_back(describe_target(data, t));
  return d;
}

}  // namespace tend
