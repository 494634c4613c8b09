#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "tend/base/executor.h"
#include "tend/experiment/change.h"
#include "tend/experiment/intervention.h"
#include "tend/experiment/shelves.h"
#include "tend/train/batches.h"
#include "tend/train/inference.h"
#include "tend/train/prepared.h"
#include "tend/train/programs.h"
#include "tend/update/schedule_registry.h"

namespace tend {

/// Everything besides tensors that a run counts or remembers, in the layout of the run's block: integers and doubles.
struct Counters {
  std::int64_t step = 0;            ///< updates so far
  std::int64_t seed = 0;            ///< bits of the seed from which batches, dropout and augmentation are drawn
  std::int64_t epoch = 0, row = 0;  ///< where the next batch begins
  std::int64_t schedule_step =
      0;                    ///< the place of the next step on the schedule; differs from `step` after a change of the batch size
  std::int64_t update = 0;  ///< updates since the optimizer's slots were new
  std::int64_t averaged = 0;  ///< updates that the weights' moving averages include
  std::int64_t rows_seen = 0, epoch_steps = 0;
  std::int64_t spoilt_step = 0;                           ///< first step that made a gradient or a weight not finite; 0: none
  std::int64_t waited = 0, has_best = 0, best_epoch = 0;  ///< of the loop: epochs without improvement, and the best so far
  double epoch_loss = 0, best_value = 0;                  ///< sum of the epoch's losses; the watched metric of the best epoch
  /// All members after "step" and "seed", in their order.
  static std::vector<CounterSpec> specs();
};

struct PlanOptions {
  Isa isa = best_isa();
  const Shelves* shelves = nullptr;  ///< where names are looked up; outlives the plan; nullptr: builtin_shelves()
};

/// What a member of a pack has of its own besides its seed: factors of the learning rate and of the weight decay.
struct MemberSettings {
  double rate_factor = 1, decay_factor = 1;
};

/// What defines a run: network, loss, optimizer, schedule, the state's layout and the Programs. Immutable, and shared by all runs
/// of the plan. Plans made from one another share their common parts. Reference: house rule 4b.
class Plan {
 public:
  /// The experiment must be literal. Throws Error{usage} if it does not fit the data.
  static std::shared_ptr<const Plan> make(const Experiment& experiment, std::shared_ptr<const Prepared> prepared,
                                          const PlanOptions& options = {});
  /// The plan after the changes, or for another experiment on the same data. Programs are compiled again only if something that
  /// they depend on differs.
  std::shared_ptr<const Plan> with(const std::vector<Change>& changes) const { return with(changed(experiment(), changes)); }
  std::shared_ptr<const Plan> with(const Experiment& experiment) const;
  /// The plan for other rows, for rows read differently, or for another batch size (0: the experiment's). The schedule keeps its
  /// length.
  std::shared_ptr<const Plan> with(Feed feed, std::int64_t batch_size = 0) const;
  /// Sets all inputs of a step whose names have this ending: with_inputs(".l2", 0), with_inputs(".rate", 0).
  std::shared_ptr<const Plan> with_inputs(std::string_view ending, double value) const;

  const Experiment& experiment() const { return *experiment_; }
  const Prepared& prepared() const { return *prepared_; }
  const std::shared_ptr<const Prepared>& shared_prepared() const { return prepared_; }
  const Dataset& like() const { return prepared_->like(); }
  const Parts& parts() const { return prepared_->parts(); }
  const Pipeline& pipeline() const { return prepared_->pipeline(); }
  const Network& network() const { return *network_; }
  const LossEntry& loss() const { return *loss_; }
  const std::shared_ptr<const LossEntry>& shared_loss() const { return loss_; }
  const OptimizerEntry& optimizer() const { return *optimizer_; }
  const LearningRate& rate() const { return *rate_; }
  const TargetCoding& coding() const { return targets_->coding; }
  const CodedTargets& targets() const { return *targets_; }
  const Array& train_targets() const { return targets_->train; }
  const TrainingTargets& learnt() const { return targets_->learnt; }
  const StateLayout& layout() const { return programs_->layout(); }
  const Programs& programs() const { return *programs_; }
  const Program& program() const { return programs_->training(batch_size_); }  ///< for a whole batch
  Inference& inference() const { return *inference_; }
  const Backend& backend() const { return *programs_->parts().backend; }
  const Shelves& shelves() const { return *shelves_; }
  Isa isa() const { return isa_; }  ///< of the kernels
  const Feed& feed() const { return feed_; }
  /// Of a pack: the parts of the training rows of which each member leaves out one (member m: m % folds()); 1: it leaves out
  /// none.
  int folds() const { return folds_; }
  const std::vector<std::int32_t>& fold_of() const { return fold_of_; }  ///< by training row; empty with one fold
  /// Whether there are rows that decide which epoch is best: a validation part, or the rows that members of a pack left out.
  bool has_validation() const { return parts().validation.rows() > 0 || folds_ > 1; }
  std::int64_t batch_size() const { return batch_size_; }
  std::int64_t steps_per_epoch() const { return steps_per_epoch_; }  ///< of the schedule, as is total_steps()
  std::int64_t total_steps() const { return steps_per_epoch_ * experiment_->train.epochs; }
  double learning_rate_at(std::int64_t schedule_step) const { return rate_->at(schedule_step, steps_per_epoch_, total_steps()); }
  const std::vector<Intervention>& interventions() const { return interventions_; }
  /// The product of rate_factor of the interventions that are made before the step after `step` steps.
  double rate_factor_at(std::int64_t step) const;
  const std::vector<double>& layer_inputs() const { return layer_inputs_; }  ///< of network().step_inputs(), in their order
  const std::vector<std::int64_t>& sample() const {
    return prepared_->sample(coding().places);
  }  ///< training rows whose metrics are reported

  /// The batches of a run of this plan; the plan must outlive them.
  BatchSource batches(std::uint64_t seed) const;
  /// Writes the inputs of step number `step` (from 1), except those that only the update reads: learning rate, constants of the
  /// optimizer, averages.
  void fill(Workspace& workspace, std::uint64_t seed, std::int64_t step) const;
  /// The settings of number `number` of all members that were drawn: a function of the seed. Number 0 has those of the
  /// experiment.
  MemberSettings member(std::int64_t number) const;
  /// A fresh state: weights are drawn from the seed, and scaled by the data if an initializer needs this. Counters are 0, except
  /// the seed.
  Block initial_state(std::uint64_t seed, Executor& executor) const;
  static Counters& counters(Block& state);
  static const Counters& counters(const Block& state) { return counters(const_cast<Block&>(state)); }

 private:
  Plan() = default;
  void build(const Plan* like);
  void deal_folds();
  void plan_interventions();

  std::shared_ptr<const Experiment> experiment_;
  std::shared_ptr<const Prepared> prepared_;
  const Shelves* shelves_ = nullptr;
  Isa isa_{};
  std::shared_ptr<const Network> network_;
  std::shared_ptr<const LossEntry> loss_;
  std::shared_ptr<const OptimizerEntry> optimizer_;
  std::shared_ptr<const LearningRate> rate_;
  std::shared_ptr<const CodedTargets> targets_;
  std::shared_ptr<const Programs> programs_;
  std::shared_ptr<Inference> inference_;
  Feed feed_;
  int folds_ = 1;
  std::vector<std::int32_t> fold_of_;
  std::vector<double> layer_inputs_;
  std::vector<Intervention> interventions_;
  std::int64_t batch_size_ = 1, steps_per_epoch_ = 1;
};

}  // namespace tend
