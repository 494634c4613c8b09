#include "tend/check/far_inputs.h"

#include <algorithm>
#include <cmath>

#include "tend/base/text.h"
#include "tend/check/far_values.h"
#include "tend/prepare/step.h"

namespace tend {

namespace {

constexpr std::int64_t most_cells_judged = 10'000'000;
constexpr double most_share = 0.95;  // of the squared distances; a few percent of a heavy tail have less

double number_at(const Array& x, std::int64_t i) {
  switch (x.type()) {
    case ElementType::float64: return x.as<double>()[i];
    case ElementType::float32: return static_cast<double>(x.as<float>()[i]);
    default: return static_cast<double>(x.as<std::uint8_t>()[i]);
  }
}

bool is_bounded(const Value& steps) {
  return steps.is_array() && std::any_of(steps.array_items().begin(), steps.array_items().end(),
                                         [](const Value& step) { return builtin_steps().make(step, "prepare.steps")->bounds(); });
}

/// robust_scale in place of standardize, or after the other steps.
Changes robust_steps(const Value& steps) {
  Value::Array all = steps.is_array() ? steps.array_items() : Value::Array{};
  const auto standardize = std::find(all.begin(), all.end(), Value("standardize"));
  if (standardize == all.end()) return {{.path = "prepare.steps", .value = with_row_step(steps, "robust_scale")}};
  *standardize = "robust_scale";
  return {{.path = "prepare.steps", .value = all}};
}

CheckResult alarm_of(const Setup& setup, const Column& column, const FarValues& far, std::int64_t row) {
  const std::string low = text_of_cell(column, far.low), high = text_of_cell(column, far.high),
                    cells = counted(far.count, "cell") + " of the column " + column.name;
  const std::string what = far.is_code      ? cells + " are exactly " + low + ", which is probably a code for a missing value"
                           : far.count == 1 ? "One cell of the column " + column.name + " is far from all others: it is " + low
                                            : cells + " are far from all others: they are between " + low + " and " + high;
  return CheckResult::alarm(Verdict::warn, "data-quality",
                            what + "; the first is in " + setup.plan().prepared().place_of_row(PartName::train, row) +
                                ". The median is " + (column.date ? text_of_cell(column, far.median) : short_number(far.median)) +
                                ", the usual distance from it " + short_number(far.spread) +
                                ". The scale of the column follows these cells, so that its other values become nearly equal.",
                            far.is_code ? Changes{} : robust_steps(setup.experiment().prepare.steps),
                            "Set data.missing to [\"" + low + "\"], and put \"impute\" first in prepare.steps.")
      .with(far.share_of_squares, most_share);
}

}  // namespace

std::optional<CheckResult> far_inputs(const Setup& setup) {
  const Prepared& prepared = setup.plan().prepared();
  const Dataset& source = prepared.source();
  const auto width = static_cast<std::int64_t>(source.columns.size());
  const std::vector<std::int64_t> places = places_of_rows(source, prepared.source_rows(PartName::train));
  if (width == 0 || source.x.row_size() != width || width * std::ssize(places) > most_cells_judged ||
      is_bounded(setup.experiment().prepare.steps))
    return {};
  std::vector<double> values(places.size());
  for (std::int64_t c = 0; c < width; ++c) {
    const Column& column = source.columns[static_cast<std::size_t>(c)];
    if (column.is_category()) continue;
    for (std::size_t r = 0; r < places.size(); ++r) values[r] = number_at(source.x, places[r] * width + c);
    const FarValues far = FarValues::among(values);
    if (far.count == 0 || far.share_of_squares <= most_share) continue;
    const std::ptrdiff_t usual = std::count(values.begin(), values.end(), far.median);
    if (2 * usual > std::ssize(values) && far.count > std::max<std::int64_t>(1, far.of / 200)) continue;  // a sparse column
    const auto first = std::find_if(values.begin(), values.end(), [&](double v) {
      return v >= far.low && v <= far.high && std::fabs(v - far.median) > 5 * far.spread;
    });
    return alarm_of(setup, column, far, first - values.begin());
  }
  return {};
}

}  // namespace tend
