#pragma once
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "tend/train/plan.h"

namespace tend {

/// The metrics measured for a state, by part.
struct MeasuredPart {
  WantedMetrics wanted;
  Metrics metrics;
};
using Measured = std::array<std::optional<MeasuredPart>, 3>;

/// The whole run at one moment: its plan, and the block that it changes. A rollback, a fork and a checkpoint are copies of it.
struct Snapshot {
  std::shared_ptr<const Plan> plan;
  Block state;
  Measured measured = {};
};

/// The result of a step.
struct StepReport {
  double loss = 0;  ///< mean over the batch, before the update, without penalties
  double learning_rate = 0;
  std::int64_t rows = 0;
  std::int64_t not_finite = 0;  ///< number of gradient elements that are not finite
  bool is_spoilt = false;       ///< after the step, a gradient or a weight is not finite
  bool ends_epoch = false;
  std::int64_t revived = 0;  ///< hidden units that an intervention before the step drew anew
  double loading_seconds = 0, seconds = 0;
};

/// Measurements of one parameter in a step; sums are in double, in an order fixed by shape.
struct ParameterSignals {
  double gradient_squares = 0, change_squares = 0,
         weight_squares = 0;  ///< squares of the gradient as given, of the change of the weights, of the weights after it
  double not_finite = 0;      ///< number of gradient elements that are not finite
};

/// The gradients of two batches of a parameter at the same weights: sums over its elements.
struct GradientPair {
  double product = 0;   ///< of the two: in the mean over draws the square of the norm of the gradient of all rows
  double variance = 0;  ///< half of the squares of their difference: in the mean the variance of the gradient of a batch
};

struct RunOptions {
  bool loads_ahead = false;                                ///< a separate thread makes the batches
  std::function<void(std::span<float> gradient)> between;  ///< called between gradient and update of each step: a sum over ranks
};

/// A training run that steps: one block of state, a workspace, a shared executor. The bits of a step depend only on the plan and
/// the block, not on threads, time or the run's history. Epochs follow one another without end; the loop (train/training.h)
/// decides when to stop. For one thread.
class Run {
 public:
  /// Starts from a fresh state with the seed of the plan's experiment. `executor` must outlive the run.
  Run(std::shared_ptr<const Plan> plan, Executor& executor, RunOptions options = {});
  Run(const Snapshot& snapshot, Executor& executor, RunOptions options = {});
  Run(Run&&) = default;

  /// Makes one update on the next batch, at the schedule's rate or at the given one.
  StepReport step() { return step(learning_rate()); }
  StepReport step(double learning_rate);
  /// Of the next step: that of the schedule, times the factors of the interventions so far.
  double learning_rate() const {
    return plan_->learning_rate_at(counters_->schedule_step) * plan_->rate_factor_at(counters_->step);
  }
  /// The parts of a step: forward, loss and backward of the next batch; the gradient, which may be changed; the update with it.
  void compute_gradient();
  std::span<float> gradient() {
    return {reinterpret_cast<float*>(gradient_.data()), static_cast<std::size_t>(plan_->layout().parameter_elements)};
  }
  StepReport update(double learning_rate);

  /// The state as inference sees it: with the moving averages as weights, if they are kept. Valid until the next call that
  /// changes the run.
  const Block& shown();
  /// Metrics in inference of the present state (with the moving averages as weights, if they are kept): on the plan's sample of
  /// training rows, or on all rows of another part. Of a pack with folds, the validation rows are the training rows, each
  /// answered by the members that left it out. Empty if the part has no rows. Measured once for each state, as long as the same
  /// metrics are wanted.
  const Metrics& evaluate(PartName part, const WantedMetrics& wanted = {});
  /// Metrics of some rows of a part. They are not stored.
  Metrics evaluate(PartName part, const std::vector<std::int64_t>& rows, const WantedMetrics& wanted = {});
  /// Outputs [rows, outputs of the network] in inference for prepared rows x.
  std::vector<float> outputs(const float* x, std::int64_t rows);

  Snapshot snapshot() const { return {.plan = plan_, .state = state_, .measured = measured_}; }
  void restore(const Snapshot& snapshot);
  /// An independent run that continues from here with the same bits.
  Run fork() const { return Run(snapshot(), *executor_); }
  /// Continues with the changed plan. Tensors keep their values by name if their shapes and initializers agree; others are drawn.
  /// The same holds for optimizer slots. The epoch continues with the rows not yet used. An inserted normalization starts as the
  /// identity if it can. Returns the snapshot before the change: restore() undoes it. Throws Error{usage} if a change cannot be
  /// made, and then leaves the run as it is.
  Snapshot change(const std::vector<Change>& changes);
  /// Of a pack: gives equal shares to the members whose average is best on the held-out rows (Candidates::chosen), and none
  /// to the others; the evaluations that follow are of that average. Does nothing without validation rows.
  void choose_members();
  /// Of a pack: the members whose weights are not finite, and those whose held-out loss is not finite or far above that of most.
  std::vector<int> spoilt_members() const;
  std::vector<int> bad_members();
  /// Draws members anew. They have the settings of numbers not used before, with folds those of the members before them.
  void draw_anew(const std::vector<int>& members);
  /// Takes parameters and statistics by name where the shapes agree, and starts averages from them. Returns the names.
  std::vector<std::string> take_weights(const Block& from);
  /// Uses another plan of the same layout from now on.
  void go_by(std::shared_ptr<const Plan> plan);

  const Plan& plan() const { return *plan_; }
  const std::shared_ptr<const Plan>& shared_plan() const { return plan_; }
  const Block& state() const { return state_; }
  /// For changes from outside: discards the measured metrics.
  Block& state() { return measured_ = {}, state_; }
  const Counters& counters() const { return *counters_; }
  Counters& counters() { return *counters_; }
  Executor& executor() const { return *executor_; }
  /// Measurements of the last step: of the parameter at this index in plan().layout().segments; the gradient's norm before
  /// clipping, 0 if clip_norm is off.
  ParameterSignals signals(std::size_t parameter) const;
  double gradient_norm() const;
  std::span<const float> weights(std::size_t parameter) const;
  /// Computes the gradients of two whole batches at the present weights, and compares them, for each parameter. Their rows are
  /// drawn with replacement: a function of (seed, draw). Only between two steps. Costs two gradients of a step, and memory for
  /// one; changes no bit of the run. Empty where gradients are not of float32.
  std::vector<GradientPair> gradient_pair(std::uint32_t draw) const;
  /// Memory of the run besides its state: gradient, arena, scratch, signals, step inputs.
  std::int64_t workspace_bytes() const { return gradient_.size() + (workspace_ ? workspace_->bytes() : 0); }
  /// True if all weights, statistics and moving averages are finite.
  bool is_finite() const { return is_finite(""); }
  bool is_finite(std::string_view prefix) const;  ///< of the tensors whose names begin so: those of one member of a pack

 private:
  void bind();
  void migrate_from(const Block& old, const Plan& old_plan);
  void start_as_identity(const Plan& before);
  void make(const Intervention& intervention);
  std::int64_t revive_units(const Block& drawn);
  void fill_groups(Workspace& workspace);
  const Program& step_program();
  Workspace& workspace_for(const Program& program);
  Batch next_batch();

  std::shared_ptr<const Plan> plan_;
  Executor* executor_;
  RunOptions options_;
  Block state_, shown_;           // shown_: with the averages in place of the weights
  Counters* counters_ = nullptr;  // in state_
  AlignedBytes gradient_, batch_data_;
  const Program* whole_ = nullptr;        // for a whole batch
  const Programs* bound_ = nullptr;       // the owner of these Programs
  std::vector<const Program*> programs_;  // for which the workspace is large enough
  std::unique_ptr<Workspace> workspace_;
  std::unique_ptr<Loader> loader_;
  std::unique_ptr<BatchMaker> maker_;
  std::vector<std::int64_t> which_;
  Batch batch_;
  double loading_seconds_ = 0, gradient_seconds_ = 0;
  std::int64_t revived_ = 0;
  Measured measured_;
};

}  // namespace tend
