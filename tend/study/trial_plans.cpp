#include "tend/study/trial_plans.h"

#include <algorithm>
#include <charconv>

#include "tend/experiment/change.h"

namespace tend {

namespace {

constexpr std::size_t most_plans_kept = 64;

/// Paths whose value names an entry: the settings of another entry do not fit it.
bool names_an_entry(const std::string& path) { return path == "update.optimizer.name" || path == "update.schedule.name"; }

void refuse_what_is_shared(const std::string& path) {
  for (const char* shared : {"train.metric", "watch", "train.device"})
    if (path == shared || path.starts_with(std::string(shared) + "."))
      throw Error(Trouble::usage, "tune.parameters", path, "a key in which the trials of a search may differ");
}

/// The value at a path of an experiment's table; null if there is none.
Value value_at(const Value& table, const std::string& path) {
  const Value* at = &table;
  std::size_t first = 0;
  while (at && first <= path.size()) {
    const std::size_t dot = std::min(path.find('.', first), path.size());
    const std::string key = path.substr(first, dot - first);
    if (at->is_array()) {
      const std::vector<std::string> names = layer_names(*at);
      const auto found = std::find(names.begin(), names.end(), key);
      std::size_t index = static_cast<std::size_t>(found - names.begin());
      if (found == names.end() && std::from_chars(key.data(), key.data() + key.size(), index).ec != std::errc()) return {};
      at = index < at->array_items().size() ? &at->array_items()[index] : nullptr;
    } else {
      at = at->find(key);
    }
    first = dot + 1;
  }
  return at ? *at : Value();
}

Value renamed(const Value& before, const Value& name) {
  Value entry = Value::table();
  entry["name"] = name;
  if (const Value* rate = before.find("learning_rate")) entry["learning_rate"] = *rate;
  return entry;
}

}  // namespace

Experiment experiment_with(const Experiment& base, const Value& parameters, const SearchSpace& space) {
  std::vector<std::pair<std::string, Value>> all;
  for (const auto& [name, value] : parameters.items()) {
    const auto known = std::find_if(space.parameters.begin(), space.parameters.end(),
                                    [&name = name](const SearchParameter& p) { return p.name == name; });
    if (known == space.parameters.end() || known->paths.empty()) all.emplace_back(name, value);
    else
      for (const std::string& path : known->paths) all.emplace_back(path, value);
  }
  const auto depth = [](const auto& entry) {
    return std::count(entry.first.begin(), entry.first.end(), '.') - (names_an_entry(entry.first) ? 1 : 0);
  };
  std::stable_sort(all.begin(), all.end(), [&](const auto& a, const auto& b) { return depth(a) < depth(b); });
  std::vector<Change> changes;
  for (const auto& [path, value] : all) {
    refuse_what_is_shared(path);
    if (names_an_entry(path)) {
      const bool is_optimizer = path.starts_with("update.optimizer");
      changes.push_back({.path = path.substr(0, path.rfind('.')),
                         .value = renamed(is_optimizer ? base.update.optimizer : base.update.schedule, value)});
    } else {
      changes.push_back({.path = path, .value = value});
    }
  }
  return changed(base, changes);
}

std::vector<double> place_of(const Experiment& base, const SearchSpace& space) {
  const Value table = base.to_value();
  std::vector<double> place;
  bool has_any = false;
  for (const SearchParameter& p : space.parameters) {
    place.push_back(0.5);
    try {
      place.back() = p.place_of(value_at(table, p.paths.empty() ? p.name : p.paths.front()));
      has_any = true;
    } catch (const Error&) {  // it has no such value, or another one
    }
  }
  return has_any ? place : std::vector<double>();
}

std::shared_ptr<const Plan> TrialPlans::plan(const Value& parameters, std::int64_t epochs) {
  return plan(parameters, epochs, base_->experiment().seed);
}

std::shared_ptr<const Plan> TrialPlans::plan(const Value& parameters, std::int64_t epochs, std::uint64_t seed) {
  Experiment experiment = experiment_with(base_->experiment(), parameters, space_);
  experiment.train.epochs = epochs;
  experiment.seed = seed;
  const Value table = experiment.to_value();
  const std::string key = to_json(*table.find("network"), -1) + to_json(*table.find("prepare"), -1);
  std::shared_ptr<const Plan> like = base_;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = alike_.find(key); found != alike_.end()) like = found->second;
  }
  std::shared_ptr<const Plan> made = like->with(experiment);
  const std::lock_guard lock(mutex_);
  if (alike_.size() >= most_plans_kept) alike_.clear();
  alike_.emplace(key, made);
  return made;
}

double TrialPlans::flops_of_epoch(const Plan& plan) {
  return plan.program().flops() * static_cast<double>(plan.steps_per_epoch());
}

}  // namespace tend
