#pragma once
#include <string>

#include "tend/base/value.h"
#include "tend/report/run_page.h"

namespace tend {

/// Adds what the model of a run answers: how often it takes each class for each, recall and precision of the classes, and the
/// rows with the highest loss. The data are read again, and split as in training; where that is not possible, or gives other
/// rows than those of the summary, the page says so.
void add_answers(RunPage& page, const std::string& run, const Value& summary);

}  // namespace tend
