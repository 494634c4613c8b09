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
      {"validation", "validation"}, {"eval", "validation"}, {"dev", "validation"}, {"test", "test"}};
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

/// The first series of each meaning.
using Known = std::map<std::string, const LogSeries*>;

const LogSeries* series_for(const Known& known, const std::string& meaning) {
  const auto found = known.find(meaning);
  return found == known.end() ? nullptr : found->second;
}

/// Test rows that are measured again and again stand for validation rows, where there are none.
Known known_series(const std::vector<LogSeries>& log) {
  Known known;
  for (const LogSeries& series : log)
    if (const std::string meaning = meaning_of(series.name); !meaning.empty()) known.try_emplace(meaning, &series);
  const std::string part = "test.";
  Known tests;
  for (const auto& [meaning, series] : known)
    if (meaning.starts_with(part) && series->values.size() > 1)
      tests.emplace("validation." + meaning.substr(part.size()), series);
  std::erase_if(known, [&](const auto& one) { return one.first.starts_with(part); });
  if (!known.contains("validation.loss")) known.merge(tests);
  return known;
}

/// The value at this step, or the last one before it; NaN if there is none.
double value_at_step(const LogSeries& series, double step) {
  const auto past = std::upper_bound(series.steps.begin(), series.steps.end(), step) - series.steps.begin();
  return past == 0 ? std::nan("") : series.values[static_cast<std::size_t>(past - 1)];
}

/// A part of the loss, or the loss itself, and what stands beside it.
struct Columns {
  const LogSeries *train, *held_out, *rate, *norm;
};

/// Epochs are the rows at which the validation loss is there, otherwise those of the training loss.
void add_epochs(const Known& known, const Columns& columns, History& h) {
  for (const double step : (columns.held_out ? columns.held_out : columns.train)->steps) {
    EpochReport report{.epoch = std::llround(step), .steps = std::max<std::int64_t>(1, std::llround(step))};
    for (const auto& [part, loss, metrics] :
         {std::tuple{"train", columns.train, &report.train}, {"validation", columns.held_out, &report.validation}}) {
      if (loss) metrics->emplace_back("loss", value_at_step(*loss, step));
      for (const char* metric : {"accuracy", "map"})
        if (const LogSeries* series = series_for(known, std::string(part) + "." + metric))
          metrics->emplace_back(metric, value_at_step(*series, step));
    }
    h.epochs.push_back(std::move(report));
  }
}

/// Losses that are not finite are the end of a training where none is finite after them. Otherwise they passed, as where steps
/// are left out on an overflow of half precision.
void add_windows(const Columns& columns, History& h) {
  const LogSeries& loss = columns.train ? *columns.train : *columns.held_out;
  std::size_t past_finite = loss.values.size();
  while (past_finite > 0 && !std::isfinite(loss.values[past_finite - 1])) --past_finite;
  for (std::size_t i = 0; i < loss.steps.size(); ++i) {
    const std::int64_t step = std::max<std::int64_t>(1, std::llround(loss.steps[i]));
    h.steps = std::max(h.steps, step);
    if (!std::isfinite(loss.values[i])) {
      FirstNotFinite& place = i < past_finite ? h.passing : h.not_finite;
      if (place.step == 0) place = {.step = step, .phase = "loss"};
      h.passing_points += i < past_finite;
      if (i < past_finite) continue;
    }
    StepWindow w{.first = step, .last = step, .mean = loss.values[i], .highest = loss.values[i], .highest_step = step};
    if (columns.rate) w.learning_rate = value_at_step(*columns.rate, loss.steps[i]);
    if (columns.norm && columns.norm->steps.front() <= loss.steps[i])
      w.gradient_norm = value_at_step(*columns.norm, loss.steps[i]);
    h.windows.push_back(w);
  }
}

/// The middle of the first or the last twentieth of the losses: a single one may be that of an odd batch.
double level_of(const History& h, bool is_end) {
  const std::size_t n = h.windows.size(), few = std::max<std::size_t>(1, n / 20);
  std::vector<double> values;
  for (std::size_t i = 0; i < few; ++i)
    if (const double v = h.windows[is_end ? n - 1 - i : i].mean; std::isfinite(v)) values.push_back(v);
  return values.empty() ? std::nan("") : median_of(std::move(values));
}

/// Does an agent learn from rewards? The level of its loss says nothing then. Preference trainings (DPO, KTO) log rewards/chosen
/// and the like beside a loss that falls; an agent has no validation loss.
bool has_rewards(const std::vector<LogSeries>& log, const Known& known) {
  if (known.contains("validation.loss")) return false;
  return std::any_of(log.begin(), log.end(), [](const LogSeries& series) {
    std::string rest;
    part_of_name(plain(series.name), rest);
    return rest == "reward" || rest.ends_with("_reward") || rest.ends_with("reward_mean") || rest.ends_with("ep_rew_mean");
  });
}

History history_of_loss(const Known& known, const Columns& columns) {
  History h;
  h.step_word = h.epoch_word = (columns.train ? columns.train : columns.held_out)->axis;
  add_windows(columns, h);
  add_epochs(known, columns, h);
  const bool is_zero = h.windows.back().mean == 0;  // what follows from that is no fault of its own
  if (!is_zero && columns.train && columns.held_out && !std::isfinite(columns.held_out->values.back()))
    for (std::size_t i = columns.held_out->values.size(); i-- > 0 && !std::isfinite(columns.held_out->values[i]);)
      h.held_out_not_finite = {.step = std::max<std::int64_t>(1, std::llround(columns.held_out->steps[i])),
                               .phase = "validation"};
  h.planned_epochs = static_cast<std::int64_t>(h.epochs.size());
  h.has_ended = true;
  h.train = h.epochs.back().train, h.validation = h.epochs.back().validation;
  const double first = level_of(h, false), last = level_of(h, true);
  h.initial = {{"loss", first}};
  if (columns.train) {
    std::erase_if(h.train, [](const auto& metric) { return metric.first == "loss"; });
    h.train.insert(h.train.begin(), {"loss", last});
  }
  const bool has_diverged = h.not_finite.phase == "loss" ||
                            (columns.train && h.windows.size() > 2 && first > 0 && last > 3 * first);
  h.status = has_diverged ? "diverged" : "completed";
  return h;
}

/// The names of the losses that are judged: "loss", otherwise the parts of it that training and validation rows have.
std::vector<std::string> judged_losses(const Known& known) {
  if (known.contains("train.loss") || known.contains("validation.loss")) return {"loss"};
  std::vector<std::string> names;
  for (const auto& [meaning, series] : known) {
    const std::string part = "train.";
    if (!meaning.starts_with(part) || !meaning.ends_with("_loss")) continue;
    const std::string name = meaning.substr(part.size());
    if (known.contains("validation." + name) || name == "box_loss") names.push_back(name);
  }
  return names;
}

bool is_norm_of_gradient(const std::string& name) {
  for (const char* known :
       {"grad_norm", "gradient_norm", "gradients_norm", "gnorm", "global_norm", "grad_global_norm", "global_grad_norm",
        "total_grad_norm", "grad_norm_total", "global_gradient_norm", "grad_2_0_norm_total", "grad_l2_norm", "grad_norm_l2"})
    if (name == known) return true;
  return false;
}

}  // namespace

std::string meaning_of(const std::string& column) {
  if (column.ends_with("__MIN") || column.ends_with("__MAX")) return "";  // W&B: bounds of the column before
  const std::size_t run = column.rfind(" - ");                            // W&B: "run - train/loss"
  const std::string name = plain(run == std::string::npos ? column : column.substr(run + 3));
  std::string rest;
  std::string part = part_of_name(name, rest);
  for (const char* word : {"step", "global_step", "iteration", "iter", "batch"})
    if (name == word || (part == "train" && rest == word)) return "step";
  if (name == "epoch" || (part == "train" && rest == "epoch")) return "epoch";
  if (rest.starts_with("epoch_")) rest.erase(0, std::string_view("epoch_").size());
  if (rest == "lr" || rest == "learning_rate" || rest.starts_with("lr_pg") || rest.starts_with("lr_")) return "learning_rate";
  if (is_norm_of_gradient(rest)) return "gradient_norm";
  if (part.empty()) part = "train";
  if (rest == "loss" || rest == "total_loss") return part + ".loss";
  if (rest == "accuracy" || rest == "acc" || rest == "categorical_accuracy" || rest == "sparse_categorical_accuracy" ||
      rest == "binary_accuracy")
    return part + ".accuracy";
  if (rest == "accuracy_top1") return "validation.accuracy";
  if (rest.starts_with("map50_95")) return "validation.map";
  return rest.ends_with("_loss") ? part + "." + rest : "";
}

LogHistory history_of(const std::vector<LogSeries>& log, const std::string& name) {
  LogHistory all;
  const Known known = known_series(log);
  const std::vector<std::string> losses = judged_losses(known);
  const LogSeries *rate = series_for(known, "learning_rate"), *norm = series_for(known, "gradient_norm");
  std::map<const LogSeries*, std::string> used;
  for (const auto& [meaning, series] : known) {
    const std::string loss = meaning.substr(meaning.find('.') + 1);
    const bool is_unused = loss.ends_with("loss") && std::find(losses.begin(), losses.end(), loss) == losses.end();
    if (!is_unused) used.emplace(series, meaning);
  }
  for (const LogSeries& series : log) all.columns.emplace_back(series.name, used.contains(&series) ? used.at(&series) : "");
  if (losses.empty()) {
    std::vector<std::string> names;
    for (const LogSeries& series : log) names.push_back(series.name);
    throw Error(Trouble::data, name, "no column that is known as a loss, among " + listed(names, ", ", 12),
                "a column such as loss, train_loss, val_loss or eval/loss");
  }
  bool has_train = true, has_held_out = true;
  const bool is_of_agent = has_rewards(log, known);
  for (const std::string& loss : losses) {
    const Columns columns{series_for(known, "train." + loss), series_for(known, "validation." + loss), rate, norm};
    has_train &= columns.train != nullptr, has_held_out &= columns.held_out != nullptr;
    all.losses.emplace_back(loss, history_of_loss(known, columns));
    History& h = all.losses.back().second;
    h.has_rewards = is_of_agent;
    if (is_of_agent && h.not_finite.step == 0) h.has_ended = false, h.status = "interrupted", h.epochs.clear();
  }
  all.not_judged = {norm ? "gradients of layers, weights and updates" : "gradients, weights and updates",
                    "dead and saturated units", "classes that are not recognised"};
  if (is_of_agent) all.not_judged.insert(all.not_judged.begin(), "the level of the loss, since the log has rewards");
  if (!has_train) all.not_judged.insert(all.not_judged.begin(), "the training loss");
  if (!has_held_out) all.not_judged.insert(all.not_judged.begin(), "held-out rows: overfitting, leaks");
  if (!rate) all.not_judged.emplace_back("the learning rate");
  return all;
}

}  // namespace tend
