#pragma once
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "tend/train/plan.h"

namespace tend {

enum class PartName { train, validation, test };

/// What a state has been measured at; a state is measured once.
using Measured = std::array<std::optional<Metrics>, 3>;

/// All that a run is at one moment: what it goes by, and the block that it changes. A rollback, a fork and a checkpoint are
/// copies of it.
struct Snapshot {
  std::shared_ptr<const Plan> plan;
  Block state;
  Measured measured = {};
};

/// How a step went.
struct StepReport {
  double loss = 0;  ///< the batch's mean, before the update, without penalties
  double learning_rate = 0;
  std::int64_t rows = 0;
  std::int64_t not_finite = 0;  ///< elements of the gradient
  bool is_spoilt = false;       ///< it left a gradient or a weight not finite
  bool ends_epoch = false;
  double loading_seconds = 0, seconds = 0;
};

/// What a step leaves of one parameter; sums in double, in an order fixed by shape.
struct ParameterSignals {
  double gradient_squares = 0, change_squares = 0,
         weight_squares = 0;  ///< gradient as given, change of the weights, weights after
  double not_finite = 0;      ///< elements of the gradient
};

struct RunOptions {
  bool loads_ahead = false;                                ///< a thread of its own makes the batches
  std::function<void(std::span<float> gradient)> between;  ///< called between gradient and update of each step: a sum over ranks
};

/// A training run that steps: one block of state, a workspace, an executor that it shares. The bits of a step depend on the plan
/// and the block alone, not on threads, time or how the run came there. Epochs follow one another without end; the loop
/// (train/training.h) decides when to stop. For one thread.
class Run {
 public:
  /// At its beginning, with the seed of the plan's experiment. `executor` must outlive the run.
  Run(std::shared_ptr<const Plan> plan, Executor& executor, RunOptions options = {});
  Run(const Snapshot& snapshot, Executor& executor, RunOptions options = {});
  Run(Run&&) = default;

  /// One update on the next batch, at the schedule's rate or another.
  StepReport step() { return step(plan_->learning_rate_at(counters_->schedule_step)); }
  StepReport step(double learning_rate);
  /// The same in its parts: forward, loss and backward of the next batch; the gradient, which may be changed; the update by it.
  void compute_gradient();
  std::span<float> gradient() {
    return {reinterpret_cast<float*>(gradient_.data()), static_cast<std::size_t>(plan_->layout().parameter_elements)};
  }
  StepReport update(double learning_rate);

  /// Metrics in inference of the state as it is now (moving averages in the weights' places, where they are kept): of the plan's
  /// sample of training rows, of all rows of another part. Empty where the part has no rows. Measured once for each state.
  const Metrics& evaluate(PartName part);
  /// Metrics of some rows of a part, not remembered.
  Metrics evaluate(PartName part, const std::vector<std::int64_t>& rows);
  /// Outputs [rows, outputs of the network] in inference for prepared rows x.
  std::vector<float> outputs(const float* x, std::int64_t rows);

  Snapshot snapshot() const { return {.plan = plan_, .state = state_, .measured = measured_}; }
  void restore(const Snapshot& snapshot);
  /// An independent run that goes on from here with the same bits.
  Run fork() const { return Run(snapshot(), *executor_); }
  /// Goes on by the changed plan: tensors keep their values by name where their shapes agree and their initializer is the same,
  /// others are drawn; optimizer slots likewise; the epoch goes on with the rows not yet seen. A normalization that is inserted
  /// starts as the identity where it can. Returns what it was before: restore() takes the change back. Throws Error{usage} and
  /// leaves the run as it is where a change cannot be made.
  Snapshot change(const std::vector<Change>& changes);
  /// Goes by another plan of the same layout from now on.
  void go_by(std::shared_ptr<const Plan> plan);

  const Plan& plan() const { return *plan_; }
  const std::shared_ptr<const Plan>& shared_plan() const { return plan_; }
  const Block& state() const { return state_; }
  /// To be changed from outside: what was measured no longer holds.
  Block& state() { return measured_ = {}, state_; }
  const Counters& counters() const { return *counters_; }
  Counters& counters() { return *counters_; }
  Executor& executor() const { return *executor_; }
  /// Of the last step: of the parameter with this place in plan().layout().segments; the gradient's norm before clipping, 0 where
  /// clip_norm is off.
  ParameterSignals signals(std::size_t parameter) const;
  double gradient_norm() const;
  std::span<const float> weights(std::size_t parameter) const;
  /// Memory of the run's own beside its state: gradient, arena, scratch, signals, step inputs.
  std::int64_t workspace_bytes() const { return gradient_.size() + (workspace_ ? workspace_->bytes() : 0); }
  /// Are all weights, statistics and moving averages finite?
  bool is_finite() const;

 private:
  void bind();
  void migrate_from(const Block& old, const Plan& old_plan);
  void start_as_identity(const Plan& before);
  const Program& step_program();
  Workspace& workspace_for(const Program& program);
  Batch next_batch();
  const Block& shown();

  std::shared_ptr<const Plan> plan_;
  Executor* executor_;
  RunOptions options_;
  Block state_, shown_;           // shown: with the averages in their places
  Counters* counters_ = nullptr;  // in state_
  AlignedBytes gradient_, batch_data_;
  const Program* whole_ = nullptr;        // of a whole batch
  const Programs* bound_ = nullptr;       // whose Programs these are
  std::vector<const Program*> programs_;  // that the workspace is large enough for
  std::unique_ptr<Workspace> workspace_;
  std::unique_ptr<Loader> loader_;
  std::unique_ptr<BatchMaker> maker_;
  std::vector<std::int64_t> which_;
  Batch batch_;
  double loading_seconds_ = 0, gradient_seconds_ = 0;
  Measured measured_;
};

}  // namespace tend
