#pragma once
#include <string>
#include <vector>

#include "tend/train/experiment.h"

namespace tend {

/// One thing that was decided from the data, why, and how to decide otherwise.
struct Inference {
  std::string field, chosen, reason, override_with;   ///< "train.batch_size", "128", "38,000 rows", "--set train.batch_size=64"
};

/// Fills everything that a file without [network] leaves open: target, columns to leave out, task, splits (.1/.1, stratified for
/// classes), preparation, network, loss, update, epochs with early stopping. What the file gives stays. The result is literal; where
/// it names another target or other columns to ignore, the data must be read again with it.
/// `data` was read with given.data. Throws Error{usage} naming the columns where the target of a table cannot be told.
/// The reasons are in the order in which things were decided.
Experiment infer(const Experiment& given, const Dataset& data, std::vector<Inference>& reasons);

}  // namespace tend
