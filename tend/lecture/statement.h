#pragma once
#include <string>
#include <vector>

#include "tend/base/value.h"

namespace tend {

/// A run of a statement: the experiment with some keys set.
struct StatementRun {
  std::string name;  ///< letters, digits and underscores: conditions use it
  /// A search in place of one training: the keys of [tune] in a study file (sampler, trials, parameters, stopper, steps ...) and
  /// `metric`, "validation.loss" where it is absent. Null: one training. A step is an epoch, or, with steps = 1, a whole
  /// training.
  Value search = Value();
  Value set = Value::table();  ///< paths of keys, as --set writes them, with their values
};
/// What a statement claims, as a condition on the measures of its runs (condition.h, measures.h).
struct StatementClaim {
  std::string text, condition;
};
/// What is drawn: a curve of each run.
///   "loss"                       mean loss of windows of steps
///   "train.loss", "test.accuracy", ...   a metric after each epoch
///   "train.loss by second"       the same over the seconds of the training
///   "start.deviation", "end.zero_fraction", ...   of the output of each activation, by their order in the network
///   "path"                       of the first two weights over the surface of the loss (probe weight_path)
///   "best"                       of a search: the best value so far; "trials: PATH": the value of each trial at its parameter
/// and curves of probes.
struct LectureStatement {
  std::string name;    ///< of its folder
  std::string folder;  ///< where relative paths of its data start
  std::string part, slides, title;
  std::string text, look, change;  ///< what is claimed; what to look at; what to change and try
  std::int64_t order = 0;          ///< in the lecture
  Value experiment;
  std::vector<StatementRun> runs;
  std::vector<StatementClaim> claims;
  std::vector<std::string> charts;
  Value::Array probes;  ///< what is measured in each run beside what always is: entries of the shelf lecture/probes
};

/// Reads FOLDER/statement.toml. Throws Error{usage} that names the key, Error{missing}.
LectureStatement read_statement(const std::string& folder);
/// All statements below a folder, in the order of the lecture. Throws Error{missing}.
std::vector<LectureStatement> read_statements(const std::string& folder);

}  // namespace tend
