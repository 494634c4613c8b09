#include "tend/diagnose/diagnose.h"

#include <algorithm>

#include "tend/base/text.h"
#include "tend/diagnose/rules.h"

namespace tend {

const char* name_of(Severity severity) {
  switch (severity) {
    case Severity::info: return "info";
    case Severity::warning: return "warning";
    case Severity::critical: break;
  }
  return "critical";
}

std::vector<std::pair<std::string, double>> ranked(std::vector<std::pair<std::string, double>> weights) {
  double sum = 0;
  for (const auto& [cause, weight] : weights) sum += weight;
  std::erase_if(weights, [](const auto& w) { return w.second <= 0; });
  for (auto& [cause, weight] : weights) weight /= sum;
  std::stable_sort(weights.begin(), weights.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return weights;
}

const Registry<RuleEntry>& builtin_rules() {
  static const Registry<RuleEntry> all = [] {
    Registry<RuleEntry> registry;
    for_each_type(all_rules{}, [&]<class R> { registry.add<RuleModel, R>(); });
    return registry;
  }();
  return all;
}

namespace {

/// Writes the changes of an experiment as words for another program.
void use_words(Finding& f) {
  for (const Change& change : f.changes) {
    if (!f.advice.empty()) f.advice += " ";
    if (change.path == "update.optimizer.learning_rate")
      f.advice += "Train with a learning rate of about " + short_number(change.value.number()) + ".";
    else if (change.path == "update.clip_norm")
      f.advice += "Clip the gradient norm, at " + short_number(change.value.number()) + " for instance.";
    else if (change.path == "train.early_stopping")
      f.advice += "Keep the state with the lowest validation loss and stop early; or use more regularization, or more rows.";
  }
  f.changes.clear();
}

}  // namespace

std::vector<Finding> diagnose_logs(const std::vector<std::pair<std::string, History>>& losses) {
  std::vector<Finding> all;
  std::vector<std::string> also;
  std::vector<const History*> last;  // the last one that has the finding: those of one history stand each for itself
  for (const auto& [name, history] : losses)
    for (Finding& f : diagnose(history)) {
      use_words(f);
      if (losses.size() > 1) f.message = name + ": " + f.message;
      std::size_t i = 0;
      while (i < all.size() && !(all[i].rule == f.rule && all[i].severity == f.severity && last[i] != &history)) ++i;
      if (i < all.size()) {
        also[i] += (also[i].empty() ? " The same holds for " : ", ") + name;
        last[i] = &history;
      } else {
        all.push_back(std::move(f));
        also.emplace_back();
        last.push_back(&history);
      }
    }
  for (std::size_t i = 0; i < all.size(); ++i)
    if (!also[i].empty()) all[i].message += also[i] + ".";
  std::stable_sort(all.begin(), all.end(), [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
  return all;
}

std::vector<Finding> diagnose(const History& history, const Registry<RuleEntry>& rules) {
  std::vector<std::pair<int, Finding>> all;
  for (const std::string& name : rules.names()) {
    const auto rule = rules.make(Value(name), "rule");
    for (Finding& finding : rule->find(history)) {
      finding.rule = name;
      if (finding.step == 0) finding.step = history.steps;
      all.emplace_back(rule->place(), std::move(finding));
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    if (a.second.severity != b.second.severity) return a.second.severity > b.second.severity;
    return a.first < b.first;
  });
  std::vector<Finding> findings;
  for (auto& [place, finding] : all) findings.push_back(std::move(finding));
  return findings;
}

namespace {

void advise_checks(Finding& f, const std::vector<std::string>& checks) {
  f.advice = "Repair first what the " + std::string(checks.size() == 1 ? "check " : "checks ") + listed(checks, ", ", 3) +
             " found before the first step.";
  f.changes.clear();
}

}  // namespace

void explain_by_checks(std::vector<Finding>& findings, const std::vector<StartAlarm>& alarms) {
  constexpr double share_of_checks = 0.6;
  std::vector<StartAlarm> reasons;  // a leak, or few rows of a class, do not keep a network from learning the others
  std::vector<std::string> checks;
  for (const StartAlarm& a : alarms) {
    if (a.cause == "data-leak" || a.cause == "class-imbalance") continue;
    reasons.push_back(a);
    if (std::find(checks.begin(), checks.end(), a.check) == checks.end()) checks.push_back(a.check);
  }
  for (Finding& f : findings) {
    const auto is_first = [&](const StartAlarm& a) { return !f.causes.empty() && a.cause == f.causes[0].first; };
    if (!f.is_alarm() || reasons.empty()) continue;
    if (std::any_of(reasons.begin(), reasons.end(), is_first)) {
      // A rate that was measured without the changes that other checks advise does not help with them.
      const bool is_of_rate = f.changes.size() == 1 && f.changes[0].path == "update.optimizer.learning_rate";
      if (is_of_rate &&
          std::any_of(reasons.begin(), reasons.end(), [&](const StartAlarm& a) { return a.has_changes && !is_first(a); }))
        advise_checks(f, checks);
      continue;
    }
    if (f.first_step != 1) continue;
    for (auto& [cause, share] : f.causes) share *= 1 - share_of_checks;
    for (const StartAlarm& a : reasons) {
      const double share = share_of_checks / static_cast<double>(reasons.size());
      const auto same = std::find_if(f.causes.begin(), f.causes.end(), [&](const auto& c) { return c.first == a.cause; });
      if (same == f.causes.end()) f.causes.insert(f.causes.begin(), {a.cause, share});
      else same->second += share;
    }
    f.causes = ranked(std::move(f.causes));
    f.message += " Before the first step the check " + reasons[0].check + " has found: " + reasons[0].message + ".";
    if (std::none_of(reasons.begin(), reasons.end(), [](const StartAlarm& a) { return a.has_changes; })) continue;
    advise_checks(f, checks);
  }
}

Value findings_to_value(const std::vector<Finding>& findings) {
  Value all = Value::array();
  for (const Finding& f : findings) {
    Value v = Value::table();
    v["rule"] = f.rule;
    v["cause"] = f.causes.empty() ? Value() : Value(f.causes[0].first);
    v["causes"] = Value::array();
    for (const auto& [cause, share] : f.causes) v["causes"].push_back(Value(Value::Array{Value(cause), Value(share)}));
    v["severity"] = name_of(f.severity);
    v["layer"] = f.layer.empty() ? Value() : Value(f.layer);
    v["first_step"] = f.first_step;
    v["step"] = f.step;
    v["evidence"] = Value::table();
    for (const auto& [name, value] : f.evidence) v["evidence"][name] = value;
    v["message"] = f.message;
    v["changes"] = changes_to_value(f.changes);
    v["remedies"] = Value::array();
    for (const Change& change : f.changes) v["remedies"].push_back(text_of(change));
    if (!f.advice.empty()) v["remedies"].push_back(f.advice);
    all.push_back(std::move(v));
  }
  return all;
}

}  // namespace tend
