#include "result.h"

#include <cmath>
#include <cstdio>
#include <filesystem>

#include "column_effects.h"
#include "progress.h"
#include "tend/base/text.h"
#include "tend/record/column_effects.h"
#include "text.h"

namespace tend {

namespace {

/// Describes the epoch that is kept: "; the state after epoch 14 of 20 is kept, which has the best validation loss".
std::string kept_epoch(const Summary& s, const Experiment& e) {
  const Value& stopping = e.train.early_stopping;
  const Value* restore = stopping.find("restore_best");
  if (stopping.is_null() || (restore && restore->is_bool() && !restore->boolean()) || s.best_epoch == 0) return "";
  return "; the state after epoch " + std::to_string(s.best_epoch) + " is kept, which has the best " + e.train.metric;
}

/// The metrics of the table at the end: the main ones, that of train.metric, and, where it tells something else than the accuracy
/// does, the mean over classes.
std::vector<std::string> shown_metrics(const Summary& s, const std::string& watched) {
  std::vector<std::string> names;
  for (const auto& [name, value] : s.train) {
    const auto differs = [](const Metrics& m) {
      return std::fabs(metric_of(m, "balanced_accuracy") - metric_of(m, "accuracy")) >= 0.02;
    };
    const bool tells = name == "balanced_accuracy" && (differs(s.train) || differs(s.validation) || differs(s.test));
    if (is_main_metric(name) || tells || watched.ends_with("." + name)) names.push_back(name);
  }
  return names;
}

}  // namespace

std::string settings_text(const Value::Array& changes) {
  std::string settings;
  for (const Value& change : changes)
    if (text_at(change, "kind") == name_of(Change::Kind::set))
      settings += " --set '" + text_at(change, "field") + "=" + to_inline_toml(*change.find("value")) + "'";
  return settings;
}

void print_findings(std::FILE* out, const Value& findings, const std::string& run) {
  if (out == stderr && !findings.array_items().empty()) std::fprintf(out, "%s\n", coloured("Findings", "1").c_str());
  const auto tinted = [out](const std::string& text, const char* code) { return out == stderr ? coloured(text, code) : text; };
  for (const Value& f : findings.array_items()) {
    const std::string severity = text_at(f, "severity");
    const char* colour = severity == "info" ? "36" : severity == "warning" ? "33" : "31";
    std::fprintf(out, "  %s  %s\n", tinted(severity, colour).c_str(), wrapped(text_at(f, "message"), 11, out).c_str());
    std::vector<std::string> causes;
    for (const Value& cause : list_at(f, "causes"))
      causes.push_back(cause.array_items().at(0).string() + " " +
                       std::to_string(std::lround(100 * cause.array_items().at(1).number())) + " %");
    if (severity != "info" && !causes.empty())
      std::fprintf(out, "           likely causes: %s\n", listed(causes, ", ", 3).c_str());
    const Value::Array remedies = list_at(f, "remedies");
    const std::string settings = settings_text(list_at(f, "changes"));  // the remedies begin with them, as texts
    if (!settings.empty())
      std::fprintf(out, "           to try: %s train %s/experiment.toml%s\n", called_as().c_str(), run.c_str(), settings.c_str());
    else
      for (const Value& remedy : remedies) {
        std::string text = remedy.string();
        const std::string unnamed = "tend resume RUN";
        if (const std::size_t place = text.find(unnamed); place != std::string::npos && !run.empty())
          text.replace(place, unnamed.size(), called_as() + " resume " + run);
        std::fprintf(out, "           to try: %s\n", wrapped(text, 19, out).c_str());
      }
  }
}

void print_repairs(const WatchedTraining& watched, std::size_t repairs, const std::string& run) {
  if (watched.experiment().watch.policy == "repair" && repairs == 0 && watched.has_alarms()) {
    if (watched.tried() > 0)
      std::fprintf(stderr, "Nothing was repaired: %s tried in short trainings, and none helped by more than the noise.\n",
                   watched.tried() == 1 ? "1 change was" : (std::to_string(watched.tried()) + " changes were").c_str());
    else std::fprintf(stderr, "Nothing was repaired: no change is known that could help against what was found.\n");
  }
  if (!std::filesystem::exists(run + "/repaired.toml")) return;
  if (repairs == 0)
    std::fprintf(
        stderr,
        "The changes that the alarms advise are in %s/repaired.toml; nobody has verified them. With --policy repair they are tried, "
        "and made where they help.\n",
        run.c_str());
  else
    std::fprintf(stderr,
                 "Repairs made: %zu. %s/repaired.toml has them: %s train %s/repaired.toml trains with them from the start.\n",
                 repairs, run.c_str(), called_as().c_str(), run.c_str());
}

namespace {

/// A sentence where a baseline is as good.
void print_beside_baselines(const Summary& s) {
  constexpr double least_gain_of_loss = 0.03;
  if (s.baseline.empty()) return;
  const char* metric = s.train.size() > 1 ? s.train[1].first.c_str() : "";
  const bool has_new = !s.test.empty() || !s.validation.empty();
  const Metrics& last = !s.test.empty() ? s.test : has_new ? s.validation : s.train;
  const double own = metric_of(last, metric), of_baseline = metric_of(s.baseline, metric);
  const double loss = metric_of(last, "calibrated_loss"), loss_of_shares = metric_of(s.baseline, "calibrated_loss");
  if (more_is_better(metric) ? own > of_baseline : own < of_baseline) {
    const char* by = std::isnan(metric_of(s.linear, "loss")) ? "mse" : "loss";
    if (metric_of(s.linear, by) < metric_of(last, by))
      std::printf("  A linear model of the same columns has a lower %s: the hidden layers add nothing here.\n", by);
  } else if (loss < (1 - least_gain_of_loss) * loss_of_shares) {
    std::printf(
        "  The most frequent class is right at least as often (%s). The probabilities of the model are better than the shares of the classes: "
        "calibrated loss %s, of the shares %s.\n",
        metric, metric_text("loss", loss).c_str(), metric_text("loss", loss_of_shares).c_str());
  } else {
    std::printf("  The model is not better than the baseline (%s): it has learned nothing%s.\n", metric,
                has_new ? " that helps on new rows" : "");
  }
}

}  // namespace

void print_result(const Summary& s, const Experiment& experiment, const RunDirectory& directory) {
  std::printf("%s: %s%s\n", s.status.c_str(), s.stop_reason.c_str(), kept_epoch(s, experiment).c_str());
  std::vector<std::vector<std::string>> rows;
  const std::vector<std::string> shown = shown_metrics(s, experiment.train.metric);
  const auto add = [&](const char* part, std::int64_t count, const Metrics& metrics) {
    if (metrics.empty()) return;
    if (rows.empty()) {
      rows.push_back({"  part", "rows"});
      rows[0].insert(rows[0].end(), shown.begin(), shown.end());
    }
    rows.push_back({std::string("  ") + part, std::to_string(count)});
    for (const std::string& name : shown) {
      const double v = metric_of(metrics, name);
      rows.back().push_back(
          std::isnan(v) && name != "r2" && (&metrics == &s.baseline || &metrics == &s.linear) ? "" : metric_text(name, v));
    }
  };
  add("train", s.train_rows, s.train);
  add("validation", s.validation_rows, s.validation);
  add("test", s.test_rows, s.test);
  add(s.baseline_text.c_str(), s.baseline_rows, s.baseline);
  add("baseline: linear model", s.baseline_rows, s.linear);
  for (const std::string& line : aligned(rows, {false, true, true, true, true, true, true, true}))
    std::printf("%s\n", line.c_str());
  print_beside_baselines(s);
  if (s.temperature != 1) {
    const double error = metric_of(s.validation, "calibration_error");  // labels have none
    std::printf(
        "  %s\n",
        calibration_text({.temperature = s.temperature, .error_before = s.calibration_error_before, .error = error}).c_str());
  }
  if (s.columns) {
    Value importance = importance_to_value(s.columns->importance);
    importance["part"] = s.columns->part;
    if (const std::string columns = important_columns(importance); !columns.empty()) std::printf("  %s\n", columns.c_str());
  }
  if (!s.members.empty()) {
    const auto used = std::count_if(s.members.begin(), s.members.end(), [](const MemberReport& m) { return m.share > 0; });
    std::printf("  The model is the average of %lld of the %zu networks of the pack.\n", static_cast<long long>(used),
                s.members.size());
  }
  std::printf("  %lld epochs, %lld steps in %s s (%lld rows/s, median step %s ms, %d threads), %lld parameters\n",
              static_cast<long long>(s.epochs), static_cast<long long>(s.steps), figure(s.seconds).c_str(),
              std::llround(s.examples_per_second), figure(s.median_step_seconds * 1e3).c_str(), s.threads,
              static_cast<long long>(s.parameters));
  std::printf("The run is in %s. Next:\n", directory.path().c_str());
  if (s.status == "interrupted" || s.stop_reason.starts_with("the time of"))
    std::printf("  %s resume %s\n", called_as().c_str(), directory.path().c_str());
  for (const auto& [verb, rest] : {std::pair{"predict", " NEW_DATA -o predictions.csv"}, {"evaluate", " MORE_DATA"}})
    std::printf("  %s %s %s%s\n", called_as().c_str(), verb, directory.path().c_str(), rest);
  std::printf("  %s train %s/experiment.toml --set KEY=VALUE\n", called_as().c_str(), directory.path().c_str());
}

}  // namespace tend
