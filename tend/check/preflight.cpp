#include "tend/check/preflight.h"

#include <algorithm>
#include <cmath>

#include "tend/base/aliases.h"
#include "tend/base/causes.h"
#include "tend/base/clock.h"
#include "tend/base/text.h"
#include "tend/check/setup.h"
#include "tend/train/pack.h"
#include "tend/train/run.h"

namespace tend {

namespace {

std::vector<std::shared_ptr<const CheckEntry>> chosen(const PreflightOptions& options) {
  const Registry<CheckEntry>& shelf = options.checks ? *options.checks : builtin_checks();
  static const std::vector<std::string> levels{"none", "still", "standard", "thorough"};
  const auto level = std::find(levels.begin(), levels.end(), options.level) - levels.begin();
  if (level == static_cast<std::ptrdiff_t>(levels.size()))
    throw Error(Trouble::usage, "watch.checks", "\"" + options.level + "\"", "one of: " + listed(levels, " "));
  for (const std::string& name : options.only)
    if (!shelf.find(name))
      throw Error(Trouble::usage, "check", "\"" + name + "\"", "one of: " + listed(shelf.names(), " "),
                  hint_about(name, shelf.names()));
  std::vector<std::shared_ptr<const CheckEntry>> all;
  for (const std::string& name : shelf.names()) {
    auto check = shelf.make(Value(name), "check");
    const bool is_named = std::find(options.only.begin(), options.only.end(), name) != options.only.end();
    if (options.only.empty() ? static_cast<std::ptrdiff_t>(check->effort()) < level : is_named) all.push_back(std::move(check));
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a->place() < b->place(); });
  return all;
}

double seconds_of_step(const Training& training) {
  Run fork = training.engine().fork();
  fork.step();  // the first one allocates
  const double began = seconds_now();
  fork.step();
  return seconds_now() - began;
}

CheckResult without_time(double seconds, double most_seconds) {
  return CheckResult::skipped("it takes about " + short_number(seconds) + " s, and there is time for " +
                              short_number(most_seconds) + " s.");
}

Value number(const std::optional<double>& v) { return v && std::isfinite(*v) ? Value(*v) : Value(); }
Value word(const std::string& text) { return text.empty() ? Value() : Value(text); }

}  // namespace

const char* name_of(Verdict verdict) {
  static constexpr const char* names[] = {"pass", "warn", "fail", "skipped"};
  return names[static_cast<int>(verdict)];
}

PreflightReport preflight(const Training& training, const PreflightOptions& options) {
  PreflightReport report;
  const double began = seconds_now();
  const FirstMember first(training.engine());
  const Setup setup(first.run()), whole(training);
  const double step = options.most_seconds > 0 ? seconds_of_step(training) : 0;
  for (const auto& check : chosen(options)) {
    if (options.before) options.before(check->name());
    const double start = seconds_now();
    const double wanted = static_cast<double>(check->batches()) * step;
    std::vector<CheckResult> results = step == 0 || wanted <= options.most_seconds
                                           ? check->run(check->sees_all_members() ? whole : setup)
                                           : std::vector{without_time(wanted, options.most_seconds)};
    TEND_EXPECTS(!results.empty());
    const double seconds = seconds_now() - start;
    for (CheckResult& result : results) {
      TEND_EXPECTS(!result.is_alarm() || is_cause(result.cause));
      TEND_EXPECTS(!result.is_alarm() || result.changes.empty() != result.advice.empty());
      setup.remember(check->name(), result);
      report.lines.push_back({std::string(check->name()), seconds, std::move(result)});
    }
  }
  report.seconds = seconds_now() - began;
  return report;
}

bool PreflightReport::has_failed() const {
  return std::any_of(lines.begin(), lines.end(), [](const CheckLine& l) { return l.result.verdict == Verdict::fail; });
}

bool PreflightReport::has_alarm() const {
  return std::any_of(lines.begin(), lines.end(), [](const CheckLine& l) { return l.result.is_alarm(); });
}

Value PreflightReport::to_value() const {
  Value all = Value::array();
  for (const CheckLine& line : lines) {
    const CheckResult& r = line.result;
    Value v = Value::table();
    v["check"] = line.check;
    v["verdict"] = name_of(r.verdict);
    v["value"] = number(r.value);
    v["expected"] = number(r.expected);
    v["cause"] = word(r.cause);
    v["message"] = r.message;
    v["layer"] = word(r.layer);
    v["changes"] = changes_to_value(r.changes);
    v["advice"] = word(r.advice);
    v["seconds"] = line.seconds;
    if (!r.record.is_null()) v["record"] = r.record;
    all.push_back(std::move(v));
  }
  return all;
}

}  // namespace tend
