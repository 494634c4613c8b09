#pragma once
#include <vector>

#include "tend/tune/study.h"

namespace tend {

/// How much each parameter of a study's space decides whether a trial is among the best tenth: shares that add up to 1. By
/// PED-ANOVA (Watanabe, Bansal, Hutter, 2023, "PED-ANOVA: efficiently quantifying hyperparameter importance in arbitrary
/// subspaces", eq. 16): the Pearson divergence of the distribution of the best trials from that of all trials, in one dimension.
/// A conditional parameter counts where it is active. Empty with fewer than 4 trials that have a value.
std::vector<double> parameter_importance(const Study& study);

}  // namespace tend
