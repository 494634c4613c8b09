#include "tend/study/final_runs.h"

#include <cmath>
#include <limits>

namespace tend {

namespace {

Value metrics_table(const Metrics& metrics) {
  Value table = Value::table();
  for (const auto& [name, value] : metrics) table[name] = value;
  return table;
}

Metrics metrics_in(const Value* table) {
  Metrics metrics;
  if (table && table->is_table())
    for (const auto& [name, value] : table->items())
      metrics.emplace_back(name, value.is_number() ? value.number() : std::numeric_limits<double>::quiet_NaN());
  return metrics;
}

Value trial_value(std::optional<std::size_t> trial) { return trial ? Value(*trial) : Value(); }

std::optional<std::size_t> trial_in(const Value* v) {
  if (!v || !v->is_integer()) return std::nullopt;
  return static_cast<std::size_t>(v->integer());
}

}  // namespace

MeanAndDeviation FinalComparison::spread(std::optional<std::size_t> trial, const std::string& metric) const {
  std::vector<double> values;
  for (const FinalRun& run : runs)
    if (run.trial == trial)
      values.push_back(metric_of(run.of(metric.substr(0, metric.find('.'))), metric.substr(metric.find('.') + 1)));
  return mean_and_deviation(values);
}

void FinalComparison::choose(const std::string& metric, bool maximizes) {
  double best = std::numeric_limits<double>::infinity();
  for (const FinalRun& run : runs) {
    const double mean = spread(run.trial, metric).mean, cost = maximizes ? -mean : mean;
    if (cost < best) best = cost, winner = run.trial;
  }
}

Value final_comparison_to_value(const FinalComparison& comparison) {
  Value all = Value::table();
  all["winner"] = trial_value(comparison.winner);
  all["first"] = trial_value(comparison.first);
  all["networks"] = comparison.networks;
  all["runs"] = Value::array();
  for (const FinalRun& run : comparison.runs) {
    Value v = Value::table();
    v["trial"] = trial_value(run.trial);
    v["seed"] = static_cast<std::int64_t>(run.seed);
    v["train"] = metrics_table(run.train);
    v["validation"] = metrics_table(run.validation);
    v["test"] = metrics_table(run.test);
    v["seconds"] = run.seconds;
    all["runs"].push_back(std::move(v));
  }
  return all;
}

FinalComparison final_comparison_of(const Value& value) {
  FinalComparison comparison{.runs = {}, .winner = trial_in(value.find("winner")), .first = trial_in(value.find("first"))};
  if (const Value* networks = value.find("networks"); networks && networks->is_integer())
    comparison.networks = networks->integer();
  if (const Value* list = value.find("runs"))
    for (const Value& v : list->array_items())
      comparison.runs.push_back({.trial = trial_in(v.find("trial")),
                                 .seed = static_cast<std::uint64_t>(v.find("seed")->integer()),
                                 .train = metrics_in(v.find("train")),
                                 .validation = metrics_in(v.find("validation")),
                                 .test = metrics_in(v.find("test")),
                                 .seconds = v.find("seconds")->number()});
  return comparison;
}

}  // namespace tend
