#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "tend/experiment/experiment.h"
#include "tend/train/training.h"

namespace tend {

/// What lists of runs need beside the summary of training.

/// The name of the data: "digits", "flowers.csv", the generator's name.
std::string data_name(const Experiment& experiment);
/// train.metric; without validation rows that of the training rows.
std::string watched_metric_of(const std::string& metric, bool has_validation);
/// The value of a metric such as "validation.loss" after an epoch; after the last one if it is 0. NaN if there is none.
double value_at(const std::string& metric, const std::vector<EpochReport>& epochs, std::int64_t epoch);
/// The names of what raised an alarm in a summary (interface.md), as an array: checks and rules.
Value alarms_in(const Value& summary);
std::vector<std::string> names_of(const Value& array);

}  // namespace tend
