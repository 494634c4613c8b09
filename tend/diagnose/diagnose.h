#pragma once
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "tend/base/registry.h"
#include "tend/diagnose/rule.h"

namespace tend {

/// A rule behind one interface.
class RuleEntry {
 public:
  virtual ~RuleEntry() = default;
  virtual std::string_view name() const = 0;
  virtual int place() const = 0;
  virtual std::vector<Finding> find(const History& history) const = 0;
};

template <class R>
class RuleModel : public RuleEntry {
 public:
  explicit RuleModel(R entry, std::string name = std::string(entry_name<R>)) : entry_(std::move(entry)), name_(std::move(name)) {}
  std::string_view name() const override { return name_; }
  int place() const override { return R::place; }
  std::vector<Finding> find(const History& history) const override { return entry_.find(history); }

 private:
  R entry_;
  std::string name_;
};

const Registry<RuleEntry>& builtin_rules();

/// Applies all rules of a registry. Critical findings come first, then warnings, then what is worth knowing; within each by
/// place.
std::vector<Finding> diagnose(const History& history, const Registry<RuleEntry>& rules = builtin_rules());

/// What was wrong from the first step may come from what a check has found before it: then a finding says so, and the cause of
/// the check leads its causes. Findings that name a cause of these alarms first stay as they are, but advise no
/// learning rate where other checks advise other changes first.
void explain_by_checks(std::vector<Finding>& findings, const std::vector<StartAlarm>& alarms);

/// diagnose() of histories that a log of another program holds, by the names of their losses. What is found in several is one
/// finding, and each says in words what to change: the program has none of our settings.
std::vector<Finding> diagnose_logs(const std::vector<std::pair<std::string, History>>& losses);

/// The array "findings" of interface.md, and beside it the changes that each advises: {"field", "kind", "value"}.
Value findings_to_value(const std::vector<Finding>& findings);

}  // namespace tend
