#include "tend/train/importance.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "tend/base/random.h"
#include "tend/base/text.h"

namespace tend {
namespace {

constexpr std::size_t most_rows_permuted = 5'000;

Dataset some_rows(const Dataset& rows, Random& random) {
  std::vector<std::int64_t> which(static_cast<std::size_t>(rows.rows()));
  std::iota(which.begin(), which.end(), std::int64_t{0});
  if (which.size() > most_rows_permuted) {
    random.shuffle(which.data(), which.size());
    which.resize(most_rows_permuted);
    std::sort(which.begin(), which.end());
  }
  return select_rows(rows, which);
}

}  // namespace

std::string usual_importance_metric(Task task) { return task == Task::regression ? "r2" : "accuracy"; }

Importance permutation_importance(const Model& model, const Dataset& rows, const std::string& metric, int repeats,
                                  std::uint64_t seed) {
  if (rows.columns.empty()) throw Error(Trouble::usage, "importance", "rows without columns", "a table");
  Random random(seed, purpose("importance"));
  Dataset data = some_rows(rows, random);
  const Array whole = data.x;
  data.x = Array(whole.shape(), whole.type());
  std::memcpy(data.x.data(), whole.data(), static_cast<std::size_t>(whole.shape().count() * size_of(whole.type())));
  const Metrics known = model.evaluate(data);
  Importance all{.metric = metric, .value = metric_of(known, metric), .rows = data.rows(), .columns = {}};
  std::vector<std::string> names;
  for (const auto& [name, value] : known) names.push_back(name);
  if (std::find(names.begin(), names.end(), metric) == names.end())
    throw Error(Trouble::usage, "importance", "the metric \"" + metric + "\"", "one of: " + listed(names));
  const std::int64_t n = data.rows(), width = data.x.row_size();
  std::vector<double> values(static_cast<std::size_t>(n));
  for (std::int64_t c = 0; c < width; ++c) {
    double* cell = data.x.as<double>() + c;
    ColumnImportance column{.column = data.columns[static_cast<std::size_t>(c)].name};
    double squares = 0;
    for (int repeat = 0; repeat < repeats; ++repeat) {
      for (std::int64_t r = 0; r < n; ++r) values[static_cast<std::size_t>(r)] = whole.as<double>()[r * width + c];
      random.shuffle(values.data(), values.size());
      for (std::int64_t r = 0; r < n; ++r) cell[r * width] = values[static_cast<std::size_t>(r)];
      const double now = metric_of(model.evaluate(data), metric),
                   lost = more_is_better(metric) ? all.value - now : now - all.value;
      column.mean += lost / repeats;
      squares += lost * lost / repeats;
    }
    for (std::int64_t r = 0; r < n; ++r) cell[r * width] = whole.as<double>()[r * width + c];
    column.deviation = std::sqrt(std::max(0.0, squares - column.mean * column.mean));
    all.columns.push_back(std::move(column));
  }
  std::stable_sort(all.columns.begin(), all.columns.end(), [](const auto& a, const auto& b) { return a.mean > b.mean; });
  return all;
}

}  // namespace tend
