#include "tend/record/run_facts.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace tend {

std::string data_name(const Experiment& experiment) {
  const Value& source = experiment.data.source;
  if (source.is_string()) return std::filesystem::path(source.string()).filename().string();
  const Value* generator = source.find("generate");
  return generator && generator->is_string() ? generator->string() : to_inline_toml(source);
}

std::string watched_metric_of(const std::string& metric, bool has_validation) {
  return !has_validation && metric.starts_with("validation.") ? "train." + metric.substr(11) : metric;
}

double value_at(const std::string& metric, const std::vector<EpochReport>& epochs, std::int64_t epoch) {
  if (epochs.empty()) return std::nan("");
  const auto found = std::find_if(epochs.begin(), epochs.end(), [&](const EpochReport& r) { return r.epoch == epoch; });
  const EpochReport& report = found == epochs.end() ? epochs.back() : *found;
  const std::size_t point = metric.find('.');
  return metric_of(metric.starts_with("train.") ? report.train : report.validation, metric.substr(point + 1));
}

Value alarms_in(const Value& summary) {
  Value names = Value::array();
  const auto add = [&](const char* list, const char* name, const char* level, const char* low, const char* high) {
    const Value* items = summary.find(list);
    if (!items || !items->is_array()) return;
    for (const Value& item : items->array_items()) {
      const Value *said = item.find(level), *which = item.find(name);
      if (said && which && said->is_string() && (said->string() == low || said->string() == high)) names.push_back(*which);
    }
  };
  add("checks", "check", "verdict", "warn", "fail");
  add("findings", "rule", "severity", "warning", "critical");
  return names;
}

std::vector<std::string> names_of(const Value& array) {
  std::vector<std::string> names;
  if (array.is_array())
    for (const Value& v : array.array_items())
      if (v.is_string()) names.push_back(v.string());
  return names;
}

}  // namespace tend
