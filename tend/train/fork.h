#pragma once
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "tend/train/inference.h"
#include "tend/train/loader.h"
#include "tend/train/training_view.h"

namespace tend {

/// What a fork does otherwise than the training that it branches off.
struct ForkOptions {
  std::vector<std::int64_t> rows;  ///< training rows that it learns from; empty: all
  std::int64_t batch_size = 0;     ///< 0: the training's
  std::vector<std::int64_t>
      targets_of;         ///< for each training row the row whose targets it learns; empty, and in measure(): its own
  bool is_plain = false;  ///< rows as they are: neither augmented nor slid along their text
  bool is_fresh =
      false;  ///< the state drawn anew from the experiment's seed; else what the training's state has by name and shape
};

/// A branch of a training: its data, and a state, Programs and memory of its own; stepped by hand. The training is left as it is,
/// to the bit, and must outlive the fork. For one thread; forks of one training share its executor, so one of them steps at a
/// time.
class Fork {
 public:
  /// `changed`: the training's experiment but for [network], [loss], [update], train.batch_size and seed. Throws Error{usage} as
  /// Training does.
  Fork(const TrainingView& of, const Experiment& changed, ForkOptions options = {});
  explicit Fork(const TrainingView& of, ForkOptions options = {}) : Fork(of, of.experiment, std::move(options)) {}
  Fork(const Fork&) = delete;

  /// One update on the next batch; the batch's mean loss before it. The rows' order is the training's own where `rows` is empty;
  /// what is left of an epoch behind its last whole batch is skipped.
  double step(double learning_rate);
  double step() { return step(scheduled_rate()); }
  double scheduled_rate() const;  ///< of the next step, in a run as long as the training's
  std::int64_t steps() const { return step_count_; }
  /// Back to the start: the first state (or `state`, of this fork's layout), the first batch.
  void restart();
  void restart(const Block& state);
  void restart(std::uint64_t seed);  ///< weights, order of rows and dropout of another seed
  /// Settings that steps are given, all whose name ends so: set(".l2", 0), set(".rate", 0).
  void set(std::string_view ending, double value);
  /// Multiplies every row's input by this; 0 shows the network nothing of it.
  void scale_inputs(float factor) { input_factor_ = factor; }

  /// Metrics of rows of a part, in inference, with the state as it is now.
  Metrics measure(const Part& part, const std::vector<std::int64_t>& rows);
  /// Outputs [rows, outputs of the network] for prepared rows x.
  std::vector<float> outputs(const float* x, std::int64_t rows);
  /// Mean loss of the next batch as training computes it, without an update.
  double training_loss();
  double penalty() const;  ///< l2 and l1 of the weights as they are, as training adds them

  const Experiment& experiment() const { return experiment_; }
  const Network& network() const { return *network_; }
  const StateLayout& layout() const { return *layout_; }
  const TargetCoding& coding() const { return coding_; }
  const LossEntry& loss() const { return *loss_; }
  const Program& program() const { return *program_; }
  const TrainingView& training() const { return of_; }
  Block& state() { return state_; }
  const Block& state() const { return state_; }
  std::int64_t batch_size() const { return batch_size_; }
  const double* signals() { return workspace_->signals(); }  ///< of the last step (kernels/backend.h)
  const std::vector<double>& step_settings() const { return settings_; }
  /// Writes the inputs and the targets as coding() has them, neither smoothed nor weighted, of `rows` training rows.
  void write_batch(const std::vector<std::int64_t>& rows, std::int64_t target_offset, std::byte* data) const;

 private:
  const std::int64_t* next_rows();
  void set_step_inputs(double rate);
  void compile_program(bool is_plain);

  TrainingView of_;
  Experiment experiment_;
  std::shared_ptr<const LossEntry> loss_;
  std::shared_ptr<const OptimizerEntry> optimizer_;
  std::unique_ptr<LearningRate> rate_;
  std::unique_ptr<Network> network_;
  TargetCoding coding_;
  Array targets_, validation_targets_;
  TrainingTargets learnt_;  // coded: empty unless it differs from targets_
  std::unique_ptr<StateLayout> layout_;
  Block first_, state_;
  AlignedBytes gradient_, batch_;
  std::unique_ptr<Program> program_;
  std::unique_ptr<Workspace> workspace_;
  std::unique_ptr<Inference> inference_;
  std::unique_ptr<BatchWriter> writer_;
  std::vector<std::int64_t> rows_, order_, which_;
  std::vector<double> settings_;  // of network().step_inputs(), in their order
  std::uint64_t seed_;
  float input_factor_ = 1;
  std::int64_t batch_size_ = 1, step_count_ = 0, epoch_ = -1, next_in_epoch_ = 0;
};

}  // namespace tend
