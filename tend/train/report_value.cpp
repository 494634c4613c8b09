#include "tend/train/report_value.h"

#include <cmath>

namespace tend {

SavedValue SavedValue::at(std::string_view key) const {
  const Value* found = v_.find(key);
  if (!found) refuse();
  return {*found, name_};
}

double SavedValue::number() const {
  if (v_.is_number()) return v_.number();
  const std::string& text = string();
  if (text == "nan") return std::nan("");
  if (text != "inf" && text != "-inf") refuse();
  return text == "inf" ? HUGE_VAL : -HUGE_VAL;
}

void SavedValue::refuse() const { throw Error(Trouble::data, name_, "a description that is damaged", "what tend saved"); }

Value exact_number(double v) { return std::isfinite(v) ? Value(v) : Value(std::isnan(v) ? "nan" : v > 0 ? "inf" : "-inf"); }

Value metrics_to_value(const Metrics& metrics) {
  Value all = Value::array();
  for (const auto& [name, v] : metrics) all.push_back(Value(Value::Array{Value(name), exact_number(v)}));
  return all;
}

Metrics metrics_of_value(const Value& table, std::string_view key, const std::string& name) {
  Metrics metrics;
  const SavedValue all = SavedValue(table, name).at(key);
  for (const Value& pair : all.items()) {
    const SavedValue both(pair, name);
    if (both.items().size() != 2) both.refuse();
    metrics.emplace_back(SavedValue(both.items()[0], name).string(), SavedValue(both.items()[1], name).number());
  }
  return metrics;
}

Value report_to_value(const EpochReport& r) {
  Value v = Value::table();
  v["epoch"] = r.epoch;
  v["steps"] = r.steps;
  v["batch_loss"] = exact_number(r.batch_loss);
  v["learning_rate"] = exact_number(r.learning_rate);
  v["seconds"] = exact_number(r.seconds);
  v["examples_per_second"] = exact_number(r.examples_per_second);
  v["train"] = metrics_to_value(r.train);
  v["validation"] = metrics_to_value(r.validation);
  v["is_best"] = r.is_best;
  return v;
}

EpochReport report_of_value(const Value& from, const std::string& name) {
  const SavedValue v(from, name);
  return {.epoch = v.at("epoch").integer(),
          .steps = v.at("steps").integer(),
          .batch_loss = v.at("batch_loss").number(),
          .learning_rate = v.at("learning_rate").number(),
          .seconds = v.at("seconds").number(),
          .examples_per_second = v.at("examples_per_second").number(),
          .train = metrics_of_value(from, "train", name),
          .validation = metrics_of_value(from, "validation", name),
          .is_best = v.at("is_best").boolean()};
}

}  // namespace tend
