#pragma once
#include <string>
#include <vector>

#include "tend/experiment/experiment.h"

namespace tend {

/// One change of an experiment as data. A check advises changes, a remedy proposes them, and a search tries them.
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

/// The experiment after the changes, applied in their order. Layers without an explicit name keep their present names (dense_1,
/// dense_2 ...) when others are inserted, removed or replaced. Throws Error{usage} if a path does not exist, or names what a run
/// cannot change: the data apart from data.target_range, the seed, the search.
Experiment changed(const Experiment& experiment, const std::vector<Change>& changes);

/// "set", "insert", "remove".
const char* name_of(Change::Kind kind);
/// For JSON: [{field, value, kind}].
Value changes_to_value(const std::vector<Change>& changes);
/// One line for people: "update.optimizer.learning_rate = 0.01", "insert { batch_norm = true } before network.layers.relu_1".
std::string text_of(const Change& change);

}  // namespace tend
