#pragma once
#include <algorithm>

#include "tend/check/deciding_columns.h"
#include "tend/check/setup.h"
#include "tend/experiment/infer_columns.h"

namespace tend {

/// Columns of a table that repeat the target, or count rows that are split at random: inferred runs leave them out; a file that
/// names its own network keeps them. Columns that alone decide the class: they may be known only after it. warn, data-leak.
struct TellingColumns {
  static constexpr auto fields = std::tuple<>{};
  static constexpr Effort effort = Effort::still;
  static constexpr int place = 6;

  std::vector<CheckResult> run(const Setup& setup) const {
    const Dataset& source = setup.plan().prepared().source();
    if (source.columns.size() < 2 || source.rows() < Setup::enough_held_out || setup.plan().experiment().data.source.is_table())
      return {CheckResult::skipped("the rows are no table of at least two columns and 30 rows.")};
    std::vector<std::string> names;
    const bool is_shuffled = !setup.experiment().data.is_ordered();
    std::string text;
    for (const UselessColumn& column : useless_columns(source)) {
      if (!column.repeats_target && !(column.counts_rows && is_shuffled)) continue;
      text += (text.empty() ? "\"" : "; \"") + column.name + "\": " + column.reason;
      names.push_back("\"" + column.name + "\"");
    }
    for (const DecidingColumn& column : deciding_columns(source)) {
      const std::string quoted = "\"" + column.name + "\"";
      if (std::find(names.begin(), names.end(), quoted) != names.end()) continue;
      text += (text.empty() ? "" : "; ") + quoted + " alone decides the class: " + column.reason +
              "; if it is known only after the target, it is a leak, and if it names what a row belongs to, data.group = " +
              quoted + " keeps these rows together";
      names.push_back(quoted);
    }
    if (text.empty()) return {CheckResult::pass("No column repeats the target, decides it by itself or counts the rows.")};
    return {CheckResult::alarm(
        Verdict::warn, "data-leak",
        "Some columns tell more than a new row could know, so the metrics say little about new rows. " + text + ".",
        "Add " + listed(names) + " to data.ignore.")};
  }
};

}  // namespace tend
