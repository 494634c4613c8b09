#pragma once
#include <string>
#include <vector>

#include "tend/data/settings.h"

namespace tend {

/// Sets the targets, task and classes of a dataset from target values [N, T]: numbers, or codes of `levels` (text targets).
/// Anything that the settings leave open is inferred: text, or whole numbers with at most 20 distinct values = classification
/// (codes by sorted value); several 0/1 columns = multilabel, or classification if each row has exactly one 1 and
/// settings.one_hot_is_classes; otherwise regression. Classification with one class is an Error. If `like` is given, it decides
/// everything. NaN means an unknown target; it is allowed only in rows to predict and in regressions of arrays.
void set_targets(Dataset& data, const Array& values, const std::vector<std::string>& levels, const DataSettings& settings,
                 const Dataset* like, bool target_may_be_absent, const std::string& where);

/// Formats with the fewest digits that read back to the same number: 3 -> "3", 0.5 -> "0.5".
std::string number_text(double v);

}  // namespace tend
