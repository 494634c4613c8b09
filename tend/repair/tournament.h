#pragma once
#include <optional>
#include <string>
#include <vector>

#include "tend/repair/remedy_registry.h"
#include "tend/trial/context.h"
#include "tend/trial/score.h"

namespace tend {

/// The result of a paired trial: the changed training beside the unchanged one, from the same seeds and on the same batches.
struct Comparison {
  double before = 0, after = 0;  ///< mean scores (trial/score.h) at the end
  double gain = 0, noise = 0;    ///< mean of the differences by seed, and what it must exceed
  std::int64_t steps = 0, rows = 0;
  int seeds = 0;
  bool is_on_held_out = true;  ///< false: the rows are training rows from which the trainings learnt
  bool is_better() const { return gain > noise; }
};

struct TournamentOptions {
  double share = 0.3;             ///< of the cost of the whole run, for all trials of a group together ...
  double least_flops = 4e9;       ///< ... but at least this: about a tenth of a second
  std::int64_t least_steps = 20;  ///< of each; where they cost much, fewer proposals are tried
  int most_groups = 3;            ///< where the budget does not allow all proposals at once, and the first ones do not help
  double most_cost = 3;       ///< FLOPs of the whole over those of the unchanged training: dearer proposals that cost more than
                              ///< `cheap_flops` are left out
  double cheap_flops = 5e10;  ///< a few seconds
  double least_gain = 0.02;   ///< of the score: less is no repair
  /// The score that the unchanged training has reached by rows_to_score(), if it is known; it then does not train again.
  std::optional<Score> known = {};
};

struct Winner {
  Proposal proposal;
  Comparison comparison;
};

/// Tries proposals against the experiment as it is: short trainings from fresh weights, with the experiment's seed, on the same
/// batches. All begin; the worse half ends, and the better half goes on for twice as many steps, until one is left beside the
/// unchanged training (successive halving, Jamieson and Talwalkar, 2016), and beside the best of what checks or rules advise
/// themselves. It ends earlier where the best is nearly perfect, or the budget is spent and there is a gain. Returns the best, or
/// a smaller change that is as good; nothing if none is better than the unchanged training by more than the noise, also with a
/// second seed where that is cheap. Proposals that do not fit, or make the training much dearer, are left out. The run is not
/// changed. `tried` grows by the number of proposals that were trained.
std::optional<Winner> best_of(const std::vector<Proposal>& proposals, const TrialContext& context,
                              const TournamentOptions& options = {}, std::int64_t* tried = nullptr);

}  // namespace tend
