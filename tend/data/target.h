#pragma once
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tend/data/settings.h"

namespace tend {

/// Where targets come from, for messages.
struct TargetSource {
  TargetSource(std::string its_name, std::function<std::string(std::int64_t)> its_place = {})
      : name(std::move(its_name)), place(std::move(its_place)) {}
  TargetSource(const char* its_name) : name(its_name) {}
  std::string name;                                ///< the file
  std::function<std::string(std::int64_t)> place;  ///< of a row of the source: "adult.csv line 17"
  std::string place_of(const Dataset& data, std::int64_t row) const;
};

/// Sets the targets, task and classes of a dataset from target values [N, T]: numbers, or codes of `levels` (text targets).
/// Anything that the settings leave open is inferred: text, or whole numbers with at most 20 distinct values = classification
/// (codes by sorted value; more than five values that are no codes 0, 1, 2 ... must have two rows each); several 0/1 columns =
/// multilabel, or classification if each row has exactly one 1 and settings.one_hot_is_classes; otherwise regression. If at least
/// 97 % of the cells fit one task and a few do not, that is an Error, as is classification with one class. If `like` is given, it
/// decides everything. NaN means an unknown target; it is allowed only in rows to predict.
void set_targets(Dataset& data, const Array& values, const std::vector<std::string>& levels, const DataSettings& settings,
                 const Dataset* like, bool target_may_be_absent, const TargetSource& source);

/// Leaves out the rows whose target in data.y is NaN, with a note that ends with `words`. Throws Error{data} if no target is
/// known or, where `must_teach`, nearly none.
void leave_out_unknown_targets(Dataset& data, const TargetSource& source, bool must_teach, const std::string& words = "");

/// Formats with the fewest digits that read back to the same number: 3 -> "3", 0.5 -> "0.5".
std::string number_text(double v);

}  // namespace tend
