#pragma once
#include <string>
#include <vector>

#include "tend/record/run_list.h"

namespace tend {

/// KEY=VALUE, KEY!=VALUE, KEY<VALUE, KEY<=VALUE, KEY>VALUE or KEY>=VALUE. KEY: state, data, name, epochs, steps, seconds, best, a
/// metric (accuracy: of the test rows, otherwise of the validation or training rows; validation.loss), or a key of
/// experiment.toml (train.epochs, network.layers.1.dense).
struct RunFilter {
  std::string key, relation, value;
};
/// Throws Error{usage}.
RunFilter parse_filter(const std::string& text);

/// What a run has for a key; null if nothing.
Value value_of_run(const ListedRun& run, const std::string& key);
/// The runs that pass all filters. Throws Error{usage} if no run has a key, or a text is to be compared by < or >.
std::vector<ListedRun> filtered(std::vector<ListedRun> runs, const std::vector<RunFilter>& filters);

/// Sorts by "age" (the newest first), "name", "time" (the longest first) or "metric" (the best first; runs of one metric
/// together).
void sort_runs(std::vector<ListedRun>& runs, const std::string& by);

/// The metrics of a run by their names "test.accuracy".
std::vector<std::pair<std::string, double>> metrics_of_run(const ListedRun& run);
/// The experiment file of a run as "section.key" = value; layers one by one; empty if it cannot be read.
std::vector<std::pair<std::string, Value>> keys_of_run(const ListedRun& run);

}  // namespace tend
