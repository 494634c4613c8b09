#pragma once
#include <string>
#include <vector>

#include "tend/data/settings.h"

namespace tend {

/// Gives a dataset its targets, task and classes out of target values [N, T]: numbers, or codes of `levels` (text targets).
/// What the settings leave open is inferred: text, or whole numbers with at most 20 distinct values = classification (codes by
/// sorted value); several 0/1 columns = multilabel; else regression. `like` decides everything where it is given. NaN stands
/// for an unknown target; only rows to predict may have it, and regressions of arrays.
void set_targets(Dataset& data, const Array& values, const std::vector<std::string>& levels, const DataSettings& settings,
                 const Dataset* like, bool target_may_be_absent, const std::string& where);

/// The fewest digits that read back the same: 3 -> "3", 0.5 -> "0.5".
std::string number_text(double v);

}  // namespace tend
