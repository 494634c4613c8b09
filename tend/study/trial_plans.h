#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "tend/train/plan.h"
#include "tend/tune/space.h"

namespace tend {

/// The experiment with these values: {"update.optimizer.learning_rate": 0.01, ...}, applied so that a whole entry stands before
/// its settings. A new name of the optimizer or the schedule keeps only the learning rate. Throws Error{usage} if a path does not
/// exist, a value is not allowed, or the path names what the trials of a search must share: the data, the seed, the metric.
Experiment experiment_with(const Experiment& base, const Value& parameters, const SearchSpace& space);

/// The place of an experiment's own values in a space; the middle for those that it does not have or that lie outside. Empty if
/// it has none of them.
std::vector<double> place_of(const Experiment& base, const SearchSpace& space);

/// The plans of a study's trials. They share the prepared data, and Programs where trials differ only in inputs of a step. May be
/// used from many threads.
class TrialPlans {
 public:
  /// `base`: the plan of the experiment as it was given.
  TrialPlans(std::shared_ptr<const Plan> base, SearchSpace space) : base_(std::move(base)), space_(std::move(space)) {}
  const Plan& base() const { return *base_; }

  /// The plan of a trial, for this number of epochs. Throws Error{usage} if the experiment does not fit the data.
  std::shared_ptr<const Plan> plan(const Value& parameters, std::int64_t epochs);
  /// The same experiment from another seed, on the same parts of the data.
  std::shared_ptr<const Plan> plan(const Value& parameters, std::int64_t epochs, std::uint64_t seed);

  /// What an epoch costs: the floating-point operations of its steps. The same on every machine.
  static double flops_of_epoch(const Plan& plan);

 private:
  std::shared_ptr<const Plan> base_;
  SearchSpace space_;  ///< for the paths of its parameters
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Plan>> alike_;  ///< a plan for each network and preparation
};

}  // namespace tend
