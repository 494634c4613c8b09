#include "run_filter.h"

#include <algorithm>
#include <cmath>

#include "tend/base/error.h"
#include "tend/base/write_whole.h"
#include "tend/train/metrics.h"

namespace tend {

namespace {

Value at_path(const Value& root, const std::string& path) {
  const Value* v = &root;
  for (std::size_t from = 0; v && from <= path.size();) {
    const std::size_t to = std::min(path.find('.', from), path.size());
    const std::string part = path.substr(from, to - from);
    from = to + 1;
    if (!v->is_array()) {
      v = v->find(part);
    } else {
      const bool is_place = !part.empty() && part.size() < 6 && part.find_first_not_of("0123456789") == std::string::npos;
      const std::size_t i = is_place ? std::stoul(part) : v->array_items().size();
      v = i < v->array_items().size() ? &v->array_items()[i] : nullptr;
    }
  }
  return v ? *v : Value();
}

Value experiment_of_run(const ListedRun& run) {
  try {
    return parse_toml(read_whole(run.path + "/experiment.toml").value_or(""), run.path + "/experiment.toml");
  } catch (const Error&) {
    return Value::table();  // a damaged run has no keys
  }
}

void add_keys(std::vector<std::pair<std::string, Value>>& all, const std::string& path, const Value& v) {
  const auto add = [&](const std::string& key, const Value& item) { add_keys(all, path.empty() ? key : path + "." + key, item); };
  if (v.is_table())
    for (const auto& [key, item] : v.items()) add(key, item);
  else if (v.is_array() && path == "network.layers")
    for (std::size_t i = 0; i < v.array_items().size(); ++i) all.emplace_back(path + "." + std::to_string(i), v.array_items()[i]);
  else all.emplace_back(path, v);
}

std::string plain_text(const Value& v) { return v.is_string() ? v.string() : to_inline_toml(v); }

bool passes(const RunFilter& filter, const Value& own) {
  const Value wanted = parse_toml_value(filter.value, "--filter");
  const std::string& relation = filter.relation;
  if (own.is_number() && wanted.is_number()) {
    const double a = own.number(), b = wanted.number();
    return relation == "="    ? a == b
           : relation == "!=" ? a != b
           : relation == "<"  ? a < b
           : relation == "<=" ? a <= b
           : relation == ">"  ? a > b
                              : a >= b;
  }
  if (relation != "=" && relation != "!=")
    throw Error(Trouble::usage, "--filter",
                filter.key + " is " + plain_text(own) + " in a run, which " + relation + " cannot compare with " + filter.value,
                "a number on both sides of " + relation, "compare texts with = or !=");
  return (plain_text(own) == plain_text(wanted)) == (relation == "=");
}

}  // namespace

RunFilter parse_filter(const std::string& text) {
  const std::size_t at = text.find_first_of("=<>!");
  RunFilter filter;
  if (at != std::string::npos && at > 0) {
    const std::size_t length = at + 1 < text.size() && text[at + 1] == '=' ? 2 : 1;
    filter = {text.substr(0, at), text.substr(at, length), text.substr(at + length)};
    if (filter.relation == "==") filter.relation = "=";
  }
  if (filter.value.empty() || filter.relation == "!")
    throw Error(Trouble::usage, "--filter", "\"" + text + "\"", "KEY=VALUE, KEY!=VALUE, KEY<VALUE or KEY>VALUE",
                "for example --filter state=completed, --filter 'accuracy>0.9'");
  return filter;
}

std::vector<std::pair<std::string, double>> metrics_of_run(const ListedRun& run) {
  std::vector<std::pair<std::string, double>> all;
  if (!run.metrics.is_table()) return all;
  for (const auto& [part, metrics] : run.metrics.items())
    if (metrics.is_table())
      for (const auto& [name, v] : metrics.items())
        all.emplace_back(part + "." + name, v.is_number() ? v.number() : std::nan(""));
  return all;
}

std::vector<std::pair<std::string, Value>> keys_of_run(const ListedRun& run) {
  std::vector<std::pair<std::string, Value>> all;
  add_keys(all, "", experiment_of_run(run));
  return all;
}

Value value_of_run(const ListedRun& run, const std::string& key) {
  if (key == "state") return run.state;
  if (key == "data") return run.data;
  if (key == "name") return run.name;
  if (key == "epochs") return run.epochs;
  if (key == "steps") return run.steps;
  if (key == "seconds" || key == "time") return run.seconds;
  if (key == "best" || key == run.metric) return run.best;
  for (const std::string& path : {key, "test." + key, "validation." + key, "train." + key})
    if (const Value v = at_path(run.metrics, path); v.is_number()) return v;
  const Value v = at_path(experiment_of_run(run), key);
  return v.is_table() ? Value() : v;
}

std::vector<ListedRun> filtered(std::vector<ListedRun> runs, const std::vector<RunFilter>& filters) {
  for (const RunFilter& filter : filters) {
    bool is_known = runs.empty();
    std::erase_if(runs, [&](const ListedRun& run) {
      const Value own = value_of_run(run, filter.key);
      is_known |= !own.is_null();
      return own.is_null() || !passes(filter, own);
    });
    if (!is_known)
      throw Error(
          Trouble::usage, "--filter", "no run has \"" + filter.key + "\"",
          "state, data, name, epochs, steps, seconds, best, a metric such as accuracy or validation.loss, or a key of the "
          "experiment file such as train.epochs");
  }
  return runs;
}

void sort_runs(std::vector<ListedRun>& runs, const std::string& by) {
  const auto larger_first = [](double a, double b) { return std::isnan(b) ? !std::isnan(a) : a > b; };
  std::stable_sort(runs.begin(), runs.end(), [&](const ListedRun& a, const ListedRun& b) {
    if (by == "name") return a.name < b.name;
    if (by == "time") return larger_first(a.seconds, b.seconds);
    if (by != "metric") return a.started > b.started;
    if (a.metric != b.metric) return a.metric < b.metric;
    const double sign = more_is_better(a.metric.substr(a.metric.find('.') + 1)) ? 1 : -1;
    return larger_first(sign * a.best, sign * b.best);
  });
}

}  // namespace tend
