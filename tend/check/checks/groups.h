#pragma once
#include "tend/check/setup.h"
#include "tend/experiment/groups.h"

namespace tend {

/// Rows of one patient, speaker or the like in training and in held-out rows, where the group tells the target. Inferred runs
/// keep such groups together. warn, data-leak.
struct Groups {
  static constexpr auto fields = std::tuple<>{};
  static constexpr Effort effort = Effort::still;
  static constexpr int place = 7;

  std::vector<CheckResult> run(const Setup& setup) const {
    const DataSettings& data = setup.experiment().data;
    const Dataset& source = setup.plan().prepared().source();
    const bool is_dealt = data.validation.is_number() || data.test.is_number();
    if (source.columns.size() < 2 || !is_dealt || !data.group.is_null() || data.is_ordered())
      return {CheckResult::skipped("the rows are no table whose held-out rows are drawn at random, row by row.")};
    const std::optional<GroupColumn> found = find_group_column(source);
    if (!found) return {CheckResult::pass("No column names groups of rows that share their target.")};
    return {CheckResult::alarm(Verdict::warn, "data-leak",
                               "Rows of the same \"" + found->name +
                                   "\" are in training and in held-out rows, so the metrics show what is remembered of these "
                                   "groups, not what holds for new ones: the " +
                                   std::to_string(found->groups) + " groups tell " + percent(found->agreement) +
                                   (source.task == Task::classification ? " of the targets" : " of the target's variance") +
                                   " (by chance: " + percent(found->chance) + ").",
                               std::vector<Change>{{.path = "data.group", .value = found->name}})
                .with(found->agreement, found->chance)};
  }
};

}  // namespace tend
