#include "tend/study/usual_space.h"

#include <algorithm>

#include "tend/base/text.h"
#include "tend/train/plan.h"

namespace tend {

namespace {

constexpr double reach_of_rate = 30, reach_of_decay = 100, largest_decay = 1;
constexpr double lowest_decay = 1e-6, highest_decay = 1e-2;  // where the experiment has none
constexpr double most_dropout = 0.6;
constexpr double usual_budget = 20;  // full trainings
constexpr std::int64_t narrowest = 4;

Value one(const char* scale, Value::Array values) {
  Value v = Value::table();
  v[scale] = Value(std::move(values));
  return v;
}

/// The paths network.layers.NAME.KEY of all layers that have a number under this key.
std::vector<std::string> paths_of(const Experiment& e, const char* key, std::vector<double>& values) {
  const std::vector<std::string> names = layer_names(e.network.layers);
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Value* v = e.network.layers.array_items()[i].find(key);
    if (!v || !v->is_number()) continue;
    paths.push_back("network.layers." + names[i] + "." + key);
    values.push_back(v->number());
  }
  return paths;
}

Value list_of_texts(const std::vector<std::string>& texts) {
  Value list = Value::array();
  for (const std::string& text : texts) list.push_back(text);
  return list;
}

}  // namespace

Experiment with_small_trials(const Experiment& experiment, std::vector<Inferred>& reasons) {
  Experiment e = experiment;
  const int members = e.network.pack, fewest = std::max(1, e.network.pack_folds);
  if (members <= fewest) return e;
  if (!e.tune.is_table()) e.tune = Value::table();
  if (!e.tune.find("final_pack")) e.tune["final_pack"] = members;
  e.network.pack = fewest;
  for (Inferred& reason : reasons)
    if (reason.field == "network.pack") {
      reason.chosen = std::to_string(fewest);
      reason.reason = std::string(fewest == 1 ? "a trial trains one network" : "a trial trains one network for each fold") +
                      ", the comparison at the end " + std::to_string(members);
      reason.override_with = "--set network.pack=" + std::to_string(members);
    }
  return e;
}

Experiment with_usual_space(const Experiment& experiment, bool has_time_limit, std::vector<Inferred>& reasons) {
  Experiment e = experiment;
  if (!e.tune.is_table()) e.tune = Value::table();
  const auto add = [&](const std::string& name, Value range, const std::string& reason) {
    reasons.push_back(
        {"tune.parameters", name + " " + to_inline_toml(range), reason, "write [tune.parameters] in an experiment file"});
    e.tune["parameters"][name] = std::move(range);
  };
  if (const Value* known = e.tune.find("parameters"); !known) {
    const Value* rate = e.update.optimizer.find("learning_rate");
    const double present = rate && rate->is_number() && rate->number() > 0
                               ? rate->number()
                               : builtin_shelves().optimizers.make_named(e.update.optimizer, "update.optimizer")->learning_rate();
    add("update.optimizer.learning_rate", one("log_uniform", {present / reach_of_rate, present * reach_of_rate}),
        "from " + short_number(reach_of_rate) + " times less to " + short_number(reach_of_rate) + " times more than " +
            short_number(present));
    const double decay = e.update.weight_decay.value_or(0);
    add("update.weight_decay",
        decay > 0 ? one("log_uniform", {decay / reach_of_decay, std::min(decay * reach_of_decay, largest_decay)})
                  : one("log_uniform", {lowest_decay, highest_decay}),
        "how strong the regularization must be depends on the data");
    std::vector<double> widths, rates;
    std::vector<std::string> dense = paths_of(e, "dense", widths), dropout = paths_of(e, "dropout", rates);
    if (dense.size() > 1) {  // the last one has an output for each target
      dense.pop_back(), widths.pop_back();
      const auto widest = static_cast<std::int64_t>(*std::max_element(widths.begin(), widths.end()));
      Value::Array values;
      for (const std::int64_t width : {widest / 4, widest / 2, widest, widest * 2, widest * 4})
        if (width >= narrowest) values.emplace_back(width);
      Value range = one("ordinal", std::move(values));
      range["paths"] = list_of_texts(dense);
      add("hidden_units", std::move(range), "of the hidden layers, " + std::to_string(widest) + " now");
    }
    if (!dropout.empty()) {
      Value range = one("uniform", {0.0, most_dropout});
      range["paths"] = list_of_texts(dropout);
      add("dropout", std::move(range), "of all layers that drop");
    }
  }
  const TuneSettings settings = read_fields<TuneSettings>(e.tune, "tune");
  if (settings.trials == 0 && settings.budget == 0 && settings.stages.is_null() && !has_time_limit) {
    e.tune["budget"] = usual_budget;
    reasons.push_back({"tune.budget", short_number(usual_budget),
                       "as many epochs as " + short_number(usual_budget) + " full trainings have",
                       "--budget N, --trials N or --time 10m"});
  }
  return e;
}

}  // namespace tend
