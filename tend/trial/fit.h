#pragma once
#include "tend/trial/context.h"

namespace tend {

struct FitOptions {
  std::int64_t rows = 32;  ///< of the training sample, all in each step
  double rate = 0.01;      ///< of Adam, without a schedule and without clipping
  double flops = 1e9;      ///< about what the steps may cost, within these bounds
  std::int64_t least_steps = 20, most_steps = 100;
  bool sees_inputs = true;      ///< false: the inputs are zeros
  bool has_penalties = false;   ///< false: without l2, l1 and weight decay
  bool has_dropout = false;     ///< false: without dropout
  int seed = 0;                 ///< above the experiment's, of weights, order of rows and dropout
  bool is_fresh = false;        ///< weights drawn for `changed`; false: the weights of the training
  bool has_own_update = false;  ///< the experiment's optimizer, first rate and clipping, in place of Adam
};

/// The result. Targets of a regression are standardized, so that losses of values compare whatever their unit.
struct Fit {
  double first = 0, last = 0;  ///< mean loss of the rows as training computes it, without dropout and penalties
  double output_size = 0,
         output_differences = 0;  ///< in inference afterwards: root of the mean square; of the variance among rows
  std::int64_t rows = 0, steps = 0;
};

/// The experiment with this optimizer at this rate and without anything that holds weights back: no schedule, clipping, decay,
/// smoothing or class weights; the mean over rows.
Experiment with_plain_update(const Experiment& experiment, const char* optimizer, double rate);

/// Short training of a trial on a few rows with an update that suits most networks: how far they can be fitted, whatever [update]
/// says. `changed` as for a trial; its update is replaced. Numbers that are not finite are results.
Fit fit_few_rows(const TrialContext& context, const Experiment& changed, const FitOptions& options);

}  // namespace tend
