#include "tend/train/importance.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tend/base/random.h"
#include "tend/base/text.h"
#include "tend/data/table/dates.h"
#include "tend/data/target.h"

namespace tend {
namespace {

constexpr std::size_t most_quantiles = 11, most_levels = 20;

bool is_table(const Dataset& rows) {
  return !rows.columns.empty() && static_cast<std::int64_t>(rows.columns.size()) == rows.x.row_size();
}
void expect_table(const Dataset& rows, const char* where) {
  if (!is_table(rows)) throw Error(Trouble::usage, where, "rows without columns", "a table");
}

/// At most so many of the rows, with their own copy of the cells, as float64.
Dataset some_rows(const Dataset& rows, std::size_t most, Random& random) {
  std::vector<std::int64_t> which(static_cast<std::size_t>(rows.rows()));
  std::iota(which.begin(), which.end(), std::int64_t{0});
  if (which.size() > most) {
    random.shuffle(which.data(), which.size());
    which.resize(most);
    std::sort(which.begin(), which.end());
  }
  Dataset some = select_rows(rows, which);
  const Array whole = some.x;
  some.x = Array(whole.shape(), ElementType::float64);
  auto* cells = some.x.as<double>();
  const std::int64_t count = whole.shape().count();
  switch (whole.type()) {
    case ElementType::float64: std::copy_n(whole.as<double>(), count, cells); break;
    case ElementType::float32: std::copy_n(whole.as<float>(), count, cells); break;
    default: std::copy_n(whole.as<std::uint8_t>(), count, cells); break;
  }
  return some;
}

std::vector<std::string> names_of_answers(const Dataset& like, std::size_t answers) {
  std::vector<std::string> names = like.task == Task::classification ? like.classes : like.target_names;
  while (names.size() < answers) names.push_back(std::to_string(names.size()));
  return names;
}

/// The values of a column at which the answers are averaged, in order.
std::vector<double> grid_of(const Column& column, const std::vector<double>& cells) {
  std::vector<double> values;
  for (const double v : cells)
    if (!std::isnan(v)) values.push_back(v);
  std::sort(values.begin(), values.end());
  std::vector<double> grid;
  if (column.is_category()) {
    std::vector<std::pair<std::int64_t, double>> counts;  // negative, so that the most frequent is first
    for (const double v : values)
      if (counts.empty() || counts.back().second != v) counts.emplace_back(-1, v);
      else --counts.back().first;
    std::sort(counts.begin(), counts.end());
    for (std::size_t i = 0; i < std::min(counts.size(), most_levels); ++i) grid.push_back(counts[i].second);
    std::sort(grid.begin(), grid.end());
    return grid;
  }
  std::vector<double> distinct = values;
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  constexpr std::size_t common = 3;  // values that nearly all rows have: the quantiles would be these alone
  std::size_t quantiles = 0;
  for (std::size_t i = 0; i < most_quantiles && !values.empty(); ++i)
    quantiles += i == 0 ||
                 values[i * (values.size() - 1) / most_quantiles] != values[(i - 1) * (values.size() - 1) / most_quantiles];
  if (quantiles <= common) values = distinct;
  for (std::size_t i = 0; i < most_quantiles && !values.empty(); ++i) {
    const double at = 0.05 + 0.9 * static_cast<double>(i) / (most_quantiles - 1);
    const double v = values[static_cast<std::size_t>(at * static_cast<double>(values.size() - 1) + 0.5)];
    if (grid.empty() || grid.back() != v) grid.push_back(v);
  }
  return grid;
}

}  // namespace

std::string usual_importance_metric(Task task) { return task == Task::regression ? "r2" : "accuracy"; }

Importance permutation_importance(const Model& model, const Dataset& rows, const std::string& metric, int repeats,
                                  std::uint64_t seed, std::size_t most_rows) {
  expect_table(rows, "importance");
  Random random(seed, purpose("importance"));
  Dataset data = some_rows(rows, most_rows, random);
  const Metrics known = model.evaluate(data);
  Importance all{.metric = metric, .value = metric_of(known, metric), .rows = data.rows(), .columns = {}};
  std::vector<std::string> names;
  for (const auto& [name, value] : known) names.push_back(name);
  if (std::find(names.begin(), names.end(), metric) == names.end())
    throw Error(Trouble::usage, "importance", "the metric \"" + metric + "\"", "one of: " + listed(names));
  const WantedMetrics wanted{.are_all = false, .named = {metric}};  // others take long where there are many classes
  const std::int64_t n = data.rows(), width = data.x.row_size();
  std::vector<double> values(static_cast<std::size_t>(n)), before(values.size());
  for (std::int64_t c = 0; c < width; ++c) {
    double* cell = data.x.as<double>() + c;
    ColumnImportance column{.column = data.columns[static_cast<std::size_t>(c)].name};
    double squares = 0;
    for (std::int64_t r = 0; r < n; ++r) before[static_cast<std::size_t>(r)] = cell[r * width];
    for (int repeat = 0; repeat < repeats; ++repeat) {
      values = before;
      random.shuffle(values.data(), values.size());
      for (std::int64_t r = 0; r < n; ++r) cell[r * width] = values[static_cast<std::size_t>(r)];
      const double now = metric_of(model.evaluate(data, nullptr, wanted), metric),
                   lost = more_is_better(metric) ? all.value - now : now - all.value;
      column.mean += lost / repeats;
      squares += lost * lost / repeats;
    }
    for (std::int64_t r = 0; r < n; ++r) cell[r * width] = before[static_cast<std::size_t>(r)];
    column.deviation = std::sqrt(std::max(0.0, squares - column.mean * column.mean));
    all.columns.push_back(std::move(column));
  }
  std::stable_sort(all.columns.begin(), all.columns.end(), [](const auto& a, const auto& b) { return a.mean > b.mean; });
  return all;
}

std::vector<Dependence> partial_dependence(const Model& model, const Dataset& rows, std::uint64_t seed, std::size_t most_rows,
                                           const std::vector<std::string>& columns) {
  expect_table(rows, "dependence");
  Random random(seed, purpose("dependence"));
  Dataset data = some_rows(rows, most_rows, random);
  const std::int64_t n = data.rows(), width = data.x.row_size();
  std::vector<Dependence> all;
  std::vector<double> before(static_cast<std::size_t>(n));
  for (std::int64_t c = 0; c < width; ++c) {
    const Column& column = data.columns[static_cast<std::size_t>(c)];
    if (!columns.empty() && std::find(columns.begin(), columns.end(), column.name) == columns.end()) continue;
    double* cell = data.x.as<double>() + c;
    for (std::int64_t r = 0; r < n; ++r) before[static_cast<std::size_t>(r)] = cell[r * width];
    Dependence of{.column = column.name, .is_category = column.is_category(), .names = {}, .points = {}};
    for (const double value : grid_of(column, before)) {
      for (std::int64_t r = 0; r < n; ++r) cell[r * width] = value;
      const Prediction predicted = model.predict(data);
      std::vector<double> means(static_cast<std::size_t>(predicted.width));
      for (std::size_t i = 0; i < predicted.outputs.size(); ++i)
        means[i % means.size()] += predicted.outputs[i] / static_cast<double>(n);
      of.points.push_back({.value = value, .text = text_of_cell(column, value), .answers = std::move(means)});
    }
    for (std::int64_t r = 0; r < n; ++r) cell[r * width] = before[static_cast<std::size_t>(r)];
    const std::size_t answers = of.points.empty() ? 0 : of.points[0].answers.size();
    of.names = names_of_answers(model.like(), answers);
    for (std::size_t k = answers == 2 && model.like().task == Task::classification; k < answers; ++k) {
      const auto [low, high] = std::minmax_element(of.points.begin(), of.points.end(),
                                                   [k](const auto& a, const auto& b) { return a.answers[k] < b.answers[k]; });
      const double least = low->answers[k], most = high->answers[k];
      if (of.highest == of.lowest || most - least > of.highest - of.lowest) of.answer = k, of.lowest = least, of.highest = most;
    }
    all.push_back(std::move(of));
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.highest - a.lowest > b.highest - b.lowest; });
  return all;
}

namespace {

/// In two passes: targets far from 0, such as times, keep their digits.
double variance_of_targets(const std::vector<JudgedRows>& folds) {
  const auto mean_of = [&](double centre, bool squared) {
    double n = 0, sum = 0;
    for (const JudgedRows& fold : folds)
      for (std::int64_t r = 0; r < fold.rows.rows(); ++r)
        if (const double d = fold.rows.y.as<double>()[r] - centre; std::isfinite(d)) ++n, sum += squared ? d * d : d;
    return n > 0 ? sum / n : 0;
  };
  return mean_of(mean_of(0, false), true);
}

/// The mean by rows, of a part of the rows of each fold. r2 of one target is computed from the squared errors of all folds, since
/// the targets of few rows may hardly differ.
Importance importance_of_folds(const std::vector<JudgedRows>& folds, const std::string& metric, int repeats, std::uint64_t seed,
                               double part) {
  const bool is_r2 = metric == "r2" && folds[0].rows.y.row_size() == 1;
  std::vector<Importance> each;
  Importance all{.metric = metric, .columns = {}};
  for (const JudgedRows& fold : folds) {
    if (fold.rows.rows() == 0) continue;
    const auto most = static_cast<std::size_t>(std::ceil(part * static_cast<double>(fold.rows.rows())));
    each.push_back(permutation_importance(fold.model, fold.rows, is_r2 ? "mse" : metric, repeats, seed, most));
    all.rows += each.back().rows;
  }
  const double variance = is_r2 ? variance_of_targets(folds) : 1, unit = variance > 0 ? variance : 1;
  for (Importance& fold : each) {
    const double weight = static_cast<double>(fold.rows) / static_cast<double>(all.rows) / unit;
    all.value += weight * fold.value;
    std::sort(fold.columns.begin(), fold.columns.end(), [](const auto& a, const auto& b) { return a.column < b.column; });
    if (all.columns.empty())
      for (const ColumnImportance& c : fold.columns) all.columns.push_back({.column = c.column});
    for (std::size_t c = 0; c < fold.columns.size(); ++c) {
      all.columns[c].mean += weight * fold.columns[c].mean;
      all.columns[c].deviation = std::hypot(all.columns[c].deviation, weight * fold.columns[c].deviation);
    }
  }
  if (is_r2) all.value = 1 - all.value;
  std::stable_sort(all.columns.begin(), all.columns.end(), [](const auto& a, const auto& b) { return a.mean > b.mean; });
  return all;
}

}  // namespace

std::optional<ColumnEffects> column_effects(const Model& model, const Dataset& rows, const std::string& part,
                                            std::int64_t answers, std::uint64_t seed, const std::vector<JudgedRows>& folds) {
  constexpr std::int64_t fewest_rows = 50, most_rows = 2'000, fewest_repeats = 3, most_repeats = 5, most_columns = 20,
                         rows_averaged = 500;
  const auto columns = static_cast<std::int64_t>(rows.columns.size());
  if (!is_table(rows) || rows.rows() == 0) return {};
  const std::int64_t half = answers / 2, each = half / columns, enough = std::min(fewest_rows, rows.rows());
  if (each < enough) return {};
  const std::int64_t permuted = std::min({std::max(each / fewest_repeats, enough), rows.rows(), most_rows});
  ColumnEffects effects{.part = part, .importance = {}, .dependence = {}};
  const char* metric = model.like().task == Task::regression ? "r2" : "loss";  // finer than accuracy
  const auto repeats = static_cast<int>(std::clamp<std::int64_t>(each / permuted, 1, most_repeats));
  if (folds.empty())
    effects.importance = permutation_importance(model, rows, metric, repeats, seed, static_cast<std::size_t>(permuted));
  else
    effects.importance = importance_of_folds(folds, metric, repeats, seed,
                                             static_cast<double>(permuted) / static_cast<double>(rows.rows()));
  std::vector<std::string> first;
  for (const ColumnImportance& c : effects.importance.columns)
    if (static_cast<std::int64_t>(first.size()) < most_columns) first.push_back(c.column);
  const auto points = static_cast<std::int64_t>(first.size() * most_quantiles);
  if (half / points >= enough)
    effects.dependence = partial_dependence(model, rows, seed, static_cast<std::size_t>(std::min(half / points, rows_averaged)),
                                            first);
  return effects;
}

}  // namespace tend
