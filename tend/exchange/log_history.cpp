#include <algorithm>
#include <cmath>
#include <map>

#include "tend/base/error.h"
#include "tend/base/text.h"
#include "tend/exchange/log.h"

namespace tend {

namespace {

/// Lower case; "_" for every other separator; without the words that loggers put before.
std::string plain(const std::string& column) {
  std::string name = lower_case(column);
  for (char& c : name)
    if (!((c >= 'a' && c <= 'z') || is_digit(c))) c = '_';
  while (name.starts_with('_')) name.erase(0, 1);
  for (const char* prefix : {"metrics_", "epoch_", "trainer_"})
    if (name.starts_with(prefix) && name.size() > std::string_view(prefix).size()) name.erase(0, std::string_view(prefix).size());
  for (const char* suffix : {"_epoch", "_step", "_b", "_m"})
    if (name.ends_with(suffix) && name.find("loss") != std::string::npos)
      name.resize(name.size() - std::string_view(suffix).size());
  return name;
}

/// "validation" for val_, eval_ ...; the rest of the name follows in `rest`.
std::string part_of_name(const std::string& name, std::string& rest) {
  static const std::map<std::string, std::string> parts{
      {"train", "train"},           {"training", "train"},  {"val", "validation"}, {"valid", "validation"},
      {"validation", "validation"}, {"eval", "validation"}, {"dev", "validation"}};
  const std::size_t first = name.find('_'), last = name.rfind('_');
  rest = name;
  if (first == std::string::npos) return "";
  if (const auto found = parts.find(name.substr(0, first)); found != parts.end()) {
    rest = name.substr(first + 1);
    return found->second;
  }
  if (const auto found = parts.find(name.substr(last + 1)); found != parts.end()) {
    rest = name.substr(0, last);
    return found->second;
  }
  return "";
}

const LogSeries* series_for(const std::vector<LogSeries>& log, const std::string& meaning) {
  const auto found = std::find_if(log.begin(), log.end(), [&](const LogSeries& s) { return meaning_of(s.name) == meaning; });
  return found == log.end() ? nullptr : &*found;
}

/// The value at this step, or the last one before it; NaN if there is none.
double value_at_step(const LogSeries& series, double step) {
  const auto past = std::upper_bound(series.steps.begin(), series.steps.end(), step) - series.steps.begin();
  return past == 0 ? std::nan("") : series.values[static_cast<std::size_t>(past - 1)];
}

/// Epochs are the rows at which the validation loss is there, otherwise those of the training loss.
void add_epochs(const std::vector<LogSeries>& log, History& h) {
  const LogSeries *train = series_for(log, "train.loss"), *held_out = series_for(log, "validation.loss");
  const LogSeries& ends = held_out ? *held_out : *train;
  for (const double step : ends.steps) {
    EpochReport report{.epoch = static_cast<std::int64_t>(h.epochs.size()) + 1, .steps = std::llround(step)};
    for (const auto& [part, metrics] : {std::pair{"train.", &report.train}, {"validation.", &report.validation}})
      for (const char* metric : {"loss", "accuracy"})
        if (const LogSeries* series = series_for(log, std::string(part) + metric))
          metrics->emplace_back(metric, value_at_step(*series, step));
    h.epochs.push_back(std::move(report));
  }
}

}  // namespace

std::string meaning_of(const std::string& column) {
  if (column.ends_with("__MIN") || column.ends_with("__MAX")) return "";  // W&B: bounds of the column before
  const std::size_t run = column.rfind(" - ");                            // W&B: "run - train/loss"
  const std::string name = plain(run == std::string::npos ? column : column.substr(run + 3));
  for (const char* word : {"step", "global_step", "iteration", "iter", "batch"})
    if (name == word) return "step";
  if (name == "epoch") return "epoch";
  std::string rest;
  std::string part = part_of_name(name, rest);
  if (rest == "lr" || rest == "learning_rate" || rest.starts_with("lr_pg") || rest.starts_with("lr_")) return "learning_rate";
  if (rest == "grad_norm" || rest == "gradient_norm") return "gradient_norm";
  if (part.empty()) part = "train";
  if (rest == "loss" || rest == "total_loss" || rest == "box_loss") return part + ".loss";
  if (rest == "accuracy" || rest == "acc" || rest == "categorical_accuracy" || rest == "sparse_categorical_accuracy" ||
      rest == "binary_accuracy")
    return part + ".accuracy";
  if (rest == "accuracy_top1") return "validation.accuracy";
  return "";
}

LogHistory history_of(const std::vector<LogSeries>& log, const std::string& name) {
  LogHistory all;
  History& h = all.history;
  for (const LogSeries& series : log) all.columns.emplace_back(series.name, meaning_of(series.name));
  const LogSeries *train = series_for(log, "train.loss"), *held_out = series_for(log, "validation.loss"),
                  *rate = series_for(log, "learning_rate");
  if (!train && !held_out) {
    std::vector<std::string> names;
    for (const LogSeries& series : log) names.push_back(series.name);
    throw Error(Trouble::data, name, "no column that is known as a loss, among " + listed(names, ", ", 12),
                "a column such as loss, train_loss, val_loss or eval/loss");
  }
  const LogSeries& loss = train ? *train : *held_out;
  for (std::size_t i = 0; i < loss.steps.size(); ++i) {
    const std::int64_t step = std::max<std::int64_t>(1, std::llround(loss.steps[i]));
    if (!std::isfinite(loss.values[i]) && h.not_finite.step == 0) h.not_finite = {.step = step, .phase = "loss"};
    h.windows.push_back({.first = step,
                         .last = step,
                         .mean = loss.values[i],
                         .highest = loss.values[i],
                         .highest_step = step,
                         .learning_rate = rate ? value_at_step(*rate, loss.steps[i]) : 0});
    h.steps = std::max(h.steps, step);
  }
  add_epochs(log, h);
  h.planned_epochs = static_cast<std::int64_t>(h.epochs.size());
  h.has_ended = true;
  h.initial = {{"loss", loss.values.front()}};
  if (!h.epochs.empty()) h.train = h.epochs.back().train, h.validation = h.epochs.back().validation;
  if (metric_of(h.train, "loss") != loss.values.back() && train) h.train = {{"loss", loss.values.back()}};
  const bool has_diverged = h.not_finite.step > 0 || loss.values.back() > 3 * loss.values.front();
  h.status = has_diverged ? "diverged" : "completed";
  all.not_judged = {"gradients, weights and updates", "dead and saturated units", "classes that are not recognised"};
  if (!train) all.not_judged.insert(all.not_judged.begin(), "the training loss");
  if (!held_out) all.not_judged.insert(all.not_judged.begin(), "held-out rows: overfitting, leaks");
  if (!rate) all.not_judged.emplace_back("the learning rate");
  return all;
}

}  // namespace tend
