#include "tend/check/checks/data_statistics.h"

#include <algorithm>
#include <cmath>

#include "tend/trial/advice.h"

namespace tend {

namespace {

/// A column of a table, a channel of images, on the training sample; what is not finite is left out.
struct ColumnStatistics {
  double mean = 0, deviation = 0, size = 0, size_not_zero = 0, lowest = 0;
  double seen = 0, squares = 0;
};

std::vector<ColumnStatistics> statistics(const SampleRows& s, std::int64_t columns) {
  std::vector<ColumnStatistics> all(static_cast<std::size_t>(columns));
  std::vector<double> sum(all.size(), 0), not_zero(all.size(), 0);
  for (std::size_t i = 0; i < s.x.size(); ++i) {
    const auto v = static_cast<double>(s.x[i]);
    if (!std::isfinite(v)) continue;
    const std::size_t c = i % all.size();
    sum[c] += v;
    all[c].squares += v * v;
    all[c].lowest = all[c].seen == 0 ? v : std::min(all[c].lowest, v);
    ++all[c].seen;
    not_zero[c] += v != 0;
  }
  for (std::size_t c = 0; c < all.size(); ++c) {
    const double n = std::max(1.0, all[c].seen);
    all[c].mean = sum[c] / n;
    all[c].size = std::sqrt(all[c].squares / n);
    all[c].size_not_zero = std::sqrt(all[c].squares / std::max(1.0, not_zero[c]));
    all[c].deviation = std::sqrt(std::max(0.0, all[c].squares / n - all[c].mean * all[c].mean));
  }
  return all;
}

bool is_normalized_first(const Network& network) {
  bool has_weights = false;
  for (const Node& node : network.nodes()) {
    if (node.traits.normalizes) return true;
    if (has_weights && (node.activation || node.traits.output == OutputKind::probabilities) && !node.traits.is_identity)
      return false;
    if (!node.layout.parameters.empty()) {
      if (has_weights) return false;
      has_weights = true;
    }
  }
  return false;
}

/// "age", or 3 of 12 (counted from 1) where columns have no names.
std::string column_name(const Setup& setup, std::size_t c, std::size_t columns) {
  const auto& names = setup.plan().pipeline().columns();
  const bool is_named = names.size() == columns && names[c].name != std::to_string(c);
  return is_named ? "\"" + names[c].name + "\"" : std::to_string(c + 1) + " of " + std::to_string(columns) + ", counted from 1";
}

std::string shape_of_inputs(const Setup& setup, const std::vector<ColumnStatistics>& all, double size) {
  const auto by = [](auto key) {
    return [key](const ColumnStatistics& a, const ColumnStatistics& b) { return key(a) < key(b); };
  };
  const auto widest = std::max_element(all.begin(), all.end(), by([](const ColumnStatistics& c) { return c.size; }));
  std::string text = "their root mean square is " + short_number(size);
  if (all.size() > 1)
    text += " (the largest is in column " + column_name(setup, static_cast<std::size_t>(widest - all.begin()), all.size()) +
            ": " + short_number(widest->size) + ")";
  const bool is_centred = std::all_of(all.begin(), all.end(),
                                      [](const ColumnStatistics& c) { return std::fabs(c.mean) <= 0.1 * c.deviation; });
  const bool is_positive = std::all_of(all.begin(), all.end(), [](const ColumnStatistics& c) { return c.lowest >= 0; });
  const bool is_unit = std::all_of(
      all.begin(), all.end(), [](const ColumnStatistics& c) { return c.deviation == 0 || std::fabs(c.deviation - 1) < 0.2; });
  text += is_centred    ? ". They are zero-centred"
          : is_positive ? ". They are not zero-centred and never negative"
                        : ". They are not zero-centred";
  return text + (is_unit ? " and have unit variance." : ".");
}

Value record_of(const Setup& setup, const std::vector<ColumnStatistics>& all) {
  Value table = Value::array();
  for (std::size_t c = 0; c < std::min<std::size_t>(all.size(), 100); ++c) {
    Value row = Value::table();
    row["column"] = column_name(setup, c, all.size());
    row["mean"] = all[c].mean;
    row["deviation"] = all[c].deviation;
    table.push_back(std::move(row));
  }
  return table;
}

CheckResult of_inputs(const Setup& setup, double most, double least) {
  const SampleRows& s = setup.training_sample();
  const Shape shape = setup.plan().pipeline().row_shape();
  const std::vector<ColumnStatistics> all = statistics(s, shape[-1]);
  double squares = 0, seen = 0, largest = 0;
  for (const ColumnStatistics& c : all) {
    squares += c.squares;
    seen += c.seen;
    largest = std::max(largest, c.size_not_zero);
  }
  const double size = std::sqrt(squares / std::max(1.0, seen));
  const std::string numbers = shape_of_inputs(setup, all, size);
  CheckResult result = CheckResult::pass("The inputs have a suitable size: " + numbers);
  const bool is_large = size > most,
             is_small = largest > 0 && largest < (setup.plan().optimizer().grows_with_gradient() ? 1 / most : least);
  if (is_large || is_small) {
    const std::string harm = is_large ? "The inputs are too large, so steps overshoot"
                                      : "The inputs are too small compared with the biases of the first layer";
    if (is_normalized_first(setup.network()))
      result = CheckResult::pass("The size of the inputs does no harm, because a normalization layer comes first: " + numbers);
    else
      result = CheckResult::alarm(Verdict::warn, "data-scale",
                                  harm + ": " + numbers + " Initial weights expect a size of about 1.",
                                  standardized_inputs(setup));
  }
  result.record = record_of(setup, all);
  return std::move(result).with(is_small ? largest : size, 1);
}

std::optional<CheckResult> of_targets(const Setup& setup, double most) {
  const Plan& plan = setup.plan();
  if (setup.task() != Task::regression) return {};
  std::vector<double> sizes;
  const float* t = plan.train_targets().as<float>();
  for (std::int64_t i = 0; i < plan.train_targets().shape().count(); ++i)
    if (std::isfinite(t[i])) sizes.push_back(std::fabs(static_cast<double>(t[i])));
  if (sizes.empty()) return {};
  std::sort(sizes.begin(), sizes.end());
  const double upper = sizes[sizes.size() / 4], largest = sizes.back();
  const bool is_large = upper > most, is_small = largest > 0 && largest < 1 / most;
  if (!is_large && !is_small) return {};
  return CheckResult::alarm(Verdict::warn, "data-scale",
                            is_large
                                ? "The targets are too large, so the last layer needs thousands of steps to reach them: three "
                                  "quarters of them are above " +
                                      short_number(upper) + " in size, and the outputs before training are about 1."
                                : "The targets are too small compared with the outputs before training: none is above " +
                                      short_number(largest) + " in size, and the outputs before training are about 1.",
                            {{.path = "prepare.target", .value = "standardize"}})
      .with(is_large ? upper : largest, 1);
}

}  // namespace

double largest_size(const Setup& setup) {
  double largest = 0;
  if (!setup.has_codes() && !is_normalized_first(setup.network()))
    for (const ColumnStatistics& c : statistics(setup.training_sample(), setup.plan().pipeline().row_shape()[-1]))
      largest = std::max(largest, c.size_not_zero);
  return largest;
}

std::vector<CheckResult> DataStatistics::run(const Setup& setup) const {
  std::vector<CheckResult> results;
  if (const std::optional<CheckResult> targets = of_targets(setup, most_target)) results.push_back(*targets);
  if (setup.has_codes()) results.push_back(CheckResult::skipped("the inputs are codes, which have no scale."));
  else results.push_back(of_inputs(setup, most, least));
  return results;
}

}  // namespace tend
