#include <algorithm>
#include <cmath>
#include <cstdio>

#include "progress.h"
#include "run_filter.h"
#include "runs.h"
#include "shown_run.h"
#include "text.h"

namespace tend {

namespace {

/// The value of a key in a run, with its origin.
struct Setting {
  std::string text = "(absent)", origin;
  Value value;
};

struct Difference {
  std::string key;
  Setting a, b;
};

Setting setting_of(const std::vector<std::pair<std::string, Value>>& keys, const std::string& key, const Value& origins) {
  for (const auto& [name, v] : keys)
    if (name == key) {
      Setting setting{.text = to_inline_toml(v), .origin = "", .value = v};
      // The origin of the key, or of the table that holds it.
      for (std::string path = key; setting.origin.empty() && !path.empty();) {
        if (const Value* found = origins.find(path))
          if (const Value* origin = found->find("origin"); origin && origin->is_string()) setting.origin = origin->string();
        const std::size_t dot = path.rfind('.');
        path.resize(dot == std::string::npos ? 0 : dot);
      }
      return setting;
    }
  return {};
}

std::vector<Difference> differences(const ShownRun& a, const ShownRun& b) {
  const auto keys_a = keys_of_run(a.run), keys_b = keys_of_run(b.run);
  std::vector<std::string> keys;
  for (const auto* own : {&keys_a, &keys_b})
    for (const auto& [key, v] : *own)
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  std::vector<Difference> all;
  for (const std::string& key : keys) {
    Difference d{key, setting_of(keys_a, key, a.origins), setting_of(keys_b, key, b.origins)};
    if (d.a.text != d.b.text) all.push_back(std::move(d));
  }
  return all;
}

struct Result {
  std::string name;
  double a = std::nan(""), b = std::nan("");
  bool is_count = false;
};

std::vector<Result> results(const ListedRun& a, const ListedRun& b) {
  std::vector<Result> all;
  for (const auto* run : {&a, &b})
    for (const auto& [name, v] : metrics_of_run(*run)) {
      auto found = std::find_if(all.begin(), all.end(), [&](const Result& r) { return r.name == name; });
      if (found == all.end()) found = all.insert(all.end(), Result{.name = name});
      (run == &a ? found->a : found->b) = v;
    }
  const auto count = [&](const char* name, std::int64_t of_a, std::int64_t of_b) {
    all.push_back({.name = name, .a = static_cast<double>(of_a), .b = static_cast<double>(of_b), .is_count = true});
  };
  count("best epoch", a.best_epoch, b.best_epoch);
  count("epochs", a.epochs, b.epochs);
  count("steps", a.steps, b.steps);
  all.push_back({.name = "seconds", .a = a.seconds, .b = b.seconds});
  return all;
}

/// The metrics whose curves are drawn: the losses, and the one that decides.
std::vector<std::string> drawn_metrics(const ListedRun& a, const ListedRun& b) {
  std::vector<std::string> all{"train.loss", "validation.loss"};
  for (const ListedRun* run : {&a, &b})
    if (std::find(all.begin(), all.end(), run->metric) == all.end()) all.push_back(run->metric);
  return all;
}

void print_comparison(const ShownRun& a, const ShownRun& b) {
  const auto with_origin = [](const Setting& s) { return s.origin.empty() ? s.text : s.text + " (" + s.origin + ")"; };
  std::vector<std::vector<std::string>> rows{{"  configuration", a.run.name, b.run.name}};
  for (const Difference& d : differences(a, b)) rows.push_back({"  " + d.key, with_origin(d.a), with_origin(d.b)});
  if (rows.size() == 1) std::printf("The configurations are equal.\n");
  else
    for (const std::string& line : aligned(rows, {}, 60)) std::printf("%s\n", line.c_str());
  rows = {{"  result", a.run.name, b.run.name, "difference"}, {"  state", a.run.state, b.run.state, ""}};
  for (const Result& r : results(a.run, b.run)) {
    const auto text = [&](double v) {
      return std::isnan(v) ? std::string() : r.is_count ? std::to_string(std::llround(v)) : figure(v);
    };
    rows.push_back({"  " + r.name, text(r.a), text(r.b), text(r.b - r.a)});
  }
  std::printf("\n");
  for (const std::string& line : aligned(rows, {false, true, true, true})) std::printf("%s\n", line.c_str());
  const ChartStyle style = style_of_output();
  for (const std::string& metric : drawn_metrics(a.run, b.run)) {
    const std::vector<std::string> lines = chart(
        metric, "epoch", {curve_of_epochs(a.run.name, a.epochs, metric), curve_of_epochs(b.run.name, b.epochs, metric)}, style);
    if (!lines.empty()) std::printf("\n");
    for (const std::string& line : lines) std::printf("%s\n", line.c_str());
  }
}

Value comparison_value(const ShownRun& a, const ShownRun& b) {
  Value v = Value::table();
  v["schema"] = 1;
  v["a"] = a.run.path;
  v["b"] = b.run.path;
  v["configuration"] = Value::array();
  for (const Difference& d : differences(a, b)) {
    Value line = Value::table();
    line["key"] = d.key;
    for (const auto& [name, setting] : {std::pair{"a", &d.a}, {"b", &d.b}}) {
      line[name]["value"] = setting->value;
      line[name]["origin"] = setting->origin.empty() ? Value() : Value(setting->origin);
    }
    v["configuration"].push_back(std::move(line));
  }
  v["results"] = Value::array();
  for (const Result& r : results(a.run, b.run)) {
    Value line = Value::table();
    line["name"] = r.name;
    line["a"] = r.a;
    line["b"] = r.b;
    line["difference"] = r.b - r.a;
    v["results"].push_back(std::move(line));
  }
  v["curves"] = Value::table();
  for (const std::string& metric : drawn_metrics(a.run, b.run)) {
    v["curves"][metric]["a"] = value_of(curve_of_epochs("", a.epochs, metric));
    v["curves"][metric]["b"] = value_of(curve_of_epochs("", b.epochs, metric));
  }
  return v;
}

}  // namespace

int compare_runs(const ListedRun& a, const ListedRun& b, const CommonFlags& common) {
  constexpr std::size_t points = 1;  // the series of steps are not drawn here
  const ShownRun first = read_shown_run(a, points), second = read_shown_run(b, points);
  if (common.json) std::printf("%s\n", to_json(comparison_value(first, second)).c_str());
  else print_comparison(first, second);
  return exit_code::done;
}

}  // namespace tend
