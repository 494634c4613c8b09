#pragma once
#include <string>
#include <vector>

#include "tend/experiment/experiment.h"

namespace tend {

/// One change of an experiment, as data: what a check advises, what a remedy proposes, what a search tries.
///   set     path as `--set` writes it: "update.optimizer.learning_rate", "network.layers.dense_2.dense"; the path of a whole layer,
///           "network.layers.relu_1", replaces that layer
///   insert  a layer, `value`, before the one at the path: "network.layers.relu_1", "network.layers.3"; the number of layers appends
///   remove  the layer at the path, or any key: its default holds again
struct Change {
  enum class Kind { set, insert, remove };
  std::string path;
  Value value;
  Kind kind = Kind::set;
  bool operator==(const Change&) const = default;
};

/// The experiment after the changes, in their order. Layers that are not named keep the names that they have (dense_1, dense_2
/// ...) when others are inserted, removed or replaced. Throws Error{usage} where a path leads nowhere, or to what a run cannot
/// change on its way: the data, the seed, the search.
Experiment changed(const Experiment& experiment, const std::vector<Change>& changes);

/// "set", "insert", "remove".
const char* name_of(Change::Kind kind);
/// "update.optimizer.learning_rate = 0.01", "insert { batch_norm = true } before network.layers.relu_1": one line for people.
std::string text_of(const Change& change);

}  // namespace tend
