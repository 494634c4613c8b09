#pragma once
#include <vector>

#include "tend/train/importance.h"

namespace tend {

/// {"metric", "value", "rows", "columns": [{"column", "mean", "deviation"}]}: the most important 100 columns.
Value importance_to_value(const Importance& found);

/// [{"column", "is_category", "of", "lowest", "highest", "points": [{"value", "number", "mean": {answer: mean}}]}]. `of`: the
/// answer that varies most, with its lowest and its highest mean; of more than 10 answers, `mean` has this one only.
Value dependence_to_value(const std::vector<Dependence>& found);

}  // namespace tend
