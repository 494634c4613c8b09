#pragma once
#include <concepts>
#include <optional>
#include <string>
#include <vector>

#include "tend/base/field.h"
#include "tend/base/value.h"
#include "tend/experiment/change.h"

namespace tend {

class Setup;  // check/setup.h

enum class Verdict { pass, warn, fail, skipped };
const char* name_of(Verdict verdict);

/// How much a check may cost: from which level on it runs.
enum class Effort { still, standard, thorough };  ///< still: reads the experiment and statistics of the data, takes no step

/// What a check found. `warn` and `fail` are alarms, only for what does harm; fail where training cannot succeed. An alarm has
/// either `changes` or `advice`.
struct CheckResult {
  Verdict verdict = Verdict::pass;
  std::optional<double> value, expected;
  std::string message;          ///< the first sentence says what is wrong or fine; the numbers follow
  std::string cause;            ///< of alarms: a word of the vocabulary (base/causes.h)
  std::string layer;            ///< where there is one: "dense_2"
  std::vector<Change> changes;  ///< of alarms: the best remedy, to be applied as a whole: changed(experiment, changes)
  std::string advice;           ///< of alarms without changes: what to do about the data or the code, one sentence
  Value record;                 ///< curves and tables, for reports

  static CheckResult pass(std::string message) { return of(Verdict::pass, std::move(message)); }
  /// `reason`: a clause; the message is "Skipped: the network is nonlinear."
  static CheckResult skipped(const std::string& reason) { return of(Verdict::skipped, "Skipped: " + reason); }
  /// `changes`: where there may be none, `advice` says what to do then.
  static CheckResult alarm(Verdict verdict, std::string cause, std::string message, std::vector<Change> changes,
                           std::string advice = {}) {
    CheckResult r = of(verdict, std::move(message));
    r.cause = std::move(cause);
    if (changes.empty()) r.advice = std::move(advice);
    r.changes = std::move(changes);
    return r;
  }
  template <std::convertible_to<std::string> Sentence>
  static CheckResult alarm(Verdict verdict, std::string cause, std::string message, const Sentence& advice) {
    return alarm(verdict, std::move(cause), std::move(message), std::vector<Change>{}, advice);
  }
  CheckResult&& with(double v, double e) && {
    value = v;
    expected = e;
    return std::move(*this);
  }
  CheckResult&& at(std::string name) && {
    layer = std::move(name);
    return std::move(*this);
  }
  bool is_alarm() const { return verdict == Verdict::warn || verdict == Verdict::fail; }

 private:
  static CheckResult of(Verdict verdict, std::string message) {
    CheckResult r;
    r.verdict = verdict;
    r.message = std::move(message);
    return r;
  }
};

/// What a file on the shelf check/checks must hold. A check reads; what it trains are trials. Its result is a function of the
/// experiment, the data and the instruction set, never of the clock: where steps are dear it takes fewer by their FLOPs, not by
/// their seconds.
///   struct ChanceLoss {
///     static constexpr auto fields = std::tuple{};     // thresholds
///     static constexpr Effort effort = Effort::standard;
///     static constexpr int place = 40;                 // checks run from low to high: causes before their consequences
///     std::vector<CheckResult> run(const Setup& setup) const;   // one result or more; alarms in the order of their weight
///   };
/// Optional: `static constexpr bool sees_all_members = true` (of a pack it gets the whole; other checks get its first member);
/// `static constexpr std::int64_t batches = 100` (about how many whole batches it trains on, for callers with little time).
/// Places: 0-9 data, 10-19 preparation, 20-29 network and loss as written, 30-39 settings, 40-59 the start, 60-99 forked steps.
template <class C>
concept Check = HasFieldTuple<C> && requires(const C check, const Setup& setup) {
  { check.run(setup) } -> std::same_as<std::vector<CheckResult>>;
  { C::effort } -> std::convertible_to<Effort>;
  { C::place } -> std::convertible_to<int>;
};

}  // namespace tend
