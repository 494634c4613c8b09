#pragma once
#include <string>

#include "tend/base/value.h"
#include "tend/report/run_page.h"

namespace tend {

/// What tend/record/column_effects.h writes, as lines with bars; nothing for null.
void print_importance(const Value& importance);
/// `answer`: what the model answers, "probability" or "value".
void print_dependence(const Value& dependence, const std::string& answer);
/// "Columns that matter most (growth of the loss when permuted, on held-out rows): alcohol 0.12, sulphates 0.05": those of at
/// most five that matter by more than twice their deviation; "" if there are none.
std::string important_columns(const Value& importance);

/// The same as a table with bars, and as charts (of numbers) and tables (of categories), for the page of a run.
void add_columns(RunPage& page, const Value& importance, const Value& dependence);

}  // namespace tend
