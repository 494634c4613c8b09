#pragma once
#include <string>
#include <vector>

#include "tend/experiment/experiment.h"

namespace tend {

/// One decision from the data, its reason, and how to decide otherwise.
struct Inferred {
  std::string field, chosen, reason, override_with;  ///< "train.batch_size", "128", "38,000 rows", "--batch-size N"
};

/// Fills everything that a file without [network] leaves open: columns to leave out, task, splits (.1/.1, stratified for
/// classes), preparation, network, loss, update, epochs with early stopping. Values from the file stay. The result is literal. If
/// it names columns to ignore, data from a source must be read again with it. `data` must have its target. The reasons are in the
/// order of the decisions.
Experiment infer(const Experiment& given, const Dataset& data, std::vector<Inferred>& reasons);

/// The same, but reads the data from given.data.source, as often as necessary: the target is found by its name first, and images
/// of different sizes are brought to one size. `data` ends as the result's [data] says. For a literal experiment it only reads
/// the data and returns the experiment unchanged. Throws Error{usage} with the names of the columns if the target of a table is
/// unknown.
Experiment infer_from_source(const Experiment& given, const DataPlaces& places, Dataset& data, std::vector<Inferred>& reasons);

}  // namespace tend
