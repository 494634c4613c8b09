#pragma once
#include <concepts>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tend/base/causes.h"
#include "tend/base/field.h"
#include "tend/base/value.h"
#include "tend/experiment/change.h"
#include "tend/monitor/history.h"

namespace tend {

enum class Severity { info, warning, critical };
const char* name_of(Severity severity);

/// What a rule found, as interface.md defines it.
struct Finding {
  std::string rule = {};  ///< set by diagnose()
  Severity severity = Severity::info;
  std::vector<std::pair<std::string, double>> causes = {};    ///< words of base/causes.h, the likeliest first; shares add up to 1
  std::string layer = {};                                     ///< or ""
  std::int64_t first_step = 0, step = 0;                      ///< where it began; where it was found
  std::vector<std::pair<std::string, double>> evidence = {};  ///< measured numbers by name, and the thresholds
  std::string message = {};                                   ///< the first sentence says what is wrong; the numbers follow
  std::vector<Change> changes = {};                           ///< a remedy, unverified
  std::string advice = {};                                    ///< where no change of the experiment helps
  bool is_alarm() const { return severity != Severity::info; }
};

/// Scales weights of causes to shares, the largest first; those of weight 0 are left out.
std::vector<std::pair<std::string, double>> ranked(std::vector<std::pair<std::string, double>> weights);

/// What a file on the shelf diagnose/rules must hold: a pure function of the history.
///   struct Overfitting {
///     static constexpr auto fields = std::tuple{...};    // thresholds
///     static constexpr int place = 50;                   // findings are listed from low to high: causes before their consequences
///     std::vector<Finding> find(const History& history) const;
///   };
template <class R>
concept Rule = HasFieldTuple<R> && requires(const R rule, const History& history) {
  { rule.find(history) } -> std::same_as<std::vector<Finding>>;
  { R::place } -> std::convertible_to<int>;
};

}  // namespace tend
