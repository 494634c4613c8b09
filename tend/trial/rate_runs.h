#pragma once
#include <map>
#include <vector>

#include "tend/trial/context.h"

namespace tend {

/// Short runs of one training at many learning rates, each from the start. A rate's figure is made once.
class RateRuns {
 public:
  /// About ten rates within `flops`: fewer steps, then one seed in place of two, where a step is dear.
  RateRuns(const TrialContext& context, double flops);

  /// From 1e-3 outwards by half decades: up until two rates in a row end above the start, down until two gain next to nothing.
  /// Where a step is dear, by decades, and then by half decades on both sides of the best.
  void walk();
  /// Mean loss at the end of the seeds' runs; +inf where one exploded. A rate that ends far above the start with the first seed
  /// is not run with others.
  double loss(double rate);
  double loss(double rate, int seed);  ///< seeds beyond those of the mean are run when asked for
  /// The mean of the seeds' losses on validation rows at the end, in inference; loss() where there are none, or running
  /// statistics, which so few steps do not bring up to date.
  double held_out(double rate);
  double held_out(double rate, int seed);
  double start() const { return start_; }  ///< the same batches at a rate of 0
  double best() const { return best_; }    ///< rate of the lowest loss
  double best_loss() { return loss(best_); }
  double gain(double rate);  ///< share of what the best rate takes off the loss
  double gain(double rate, int seed);
  /// A rate between those walked, by linear interpolation over log rate.
  double gain_between(double rate);
  /// The highest of the walked rates below this one that does not raise the loss; 0 if there is none.
  double calm_below(double rate);
  const std::vector<double>& rates() const { return rates_; }  ///< walked, from low to high
  std::int64_t steps() const { return steps_; }
  int seeds() const { return seeds_; }

 private:
  struct Figures {
    double loss = 0, held_out = 0;
  };
  const Figures& figures(double rate, int seed);
  bool one_seed_tells(double rate);  ///< the first seed's loss ends far above the start

  const TrialContext& context_;
  Trial trial_;
  std::vector<double> rates_;
  std::map<std::pair<double, int>, Figures> figures_;
  std::int64_t steps_ = 0;
  int seeds_ = 2;
  bool is_dear_ = false;
  double start_ = 0, best_ = 0;
};

}  // namespace tend
