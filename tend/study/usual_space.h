#pragma once
#include <vector>

#include "tend/experiment/infer.h"

namespace tend {

/// An experiment whose pack was inferred, as trials of a search train it: with the fewest networks, one, or one for each fold.
/// All of them are trained at the end (tune.final_pack).
Experiment with_small_trials(const Experiment& experiment, std::vector<Inferred>& reasons);

/// What `tend tune` searches where [tune] has no parameters: the learning rate, the weight decay, the width of hidden layers, the
/// dropout, each about its present value. The experiment must be literal. The result is it with tune.parameters, and with a
/// budget where nothing limits the search; each decision is added to the reasons.
Experiment with_usual_space(const Experiment& experiment, bool has_time_limit, std::vector<Inferred>& reasons);

}  // namespace tend
