#pragma once
#include <string>
#include <vector>

#include "tend/experiment/experiment.h"

namespace tend {

/// One thing that was decided from the data, why, and how to decide otherwise.
struct Inferred {
  std::string field, chosen, reason, override_with;  ///< "train.batch_size", "128", "38,000 rows", "--batch-size N"
};

/// Fills everything that a file without [network] leaves open: columns to leave out, task, splits (.1/.1, stratified for
/// classes), preparation, network, loss, update, epochs with early stopping. What the file gives stays. The result is literal;
/// where it names columns to ignore, data that come from a source must be read again with it. `data` has its target. The reasons
/// are in the order in which things were decided.
Experiment infer(const Experiment& given, const Dataset& data, std::vector<Inferred>& reasons);

/// The same with the data read from given.data.source, as often as it takes: the target is known by its name before anything else
/// is looked at, and images of different sizes are brought to one. `data` ends as the result's [data] says. A literal experiment
/// comes back as it is, with its data read. Throws Error{usage} naming the columns where nobody said which one is the target of a
/// table.
Experiment infer_from_source(const Experiment& given, const DataPlaces& places, Dataset& data, std::vector<Inferred>& reasons);

}  // namespace tend
