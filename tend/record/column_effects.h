#pragma once
#include <vector>

#include "tend/train/importance.h"

namespace tend {

/// {"metric", "value", "rows", "columns": [{"column", "mean", "deviation"}]}, the most important first. `is_whole` false: 100 of
/// the columns.
Value importance_to_value(const Importance& found, bool is_whole = false);

/// [{"column", "is_category", "of", "lowest", "highest", "points": [{"value", "number", "mean": {answer: mean}}]}]. `of`: the
/// answer that varies most, with its lowest and its highest mean; `is_whole` false: of more than 10 answers, `mean` has this
/// one only.
Value dependence_to_value(const std::vector<Dependence>& found, bool is_whole = false);

}  // namespace tend
