#pragma once
#include <string_view>
#include <vector>

#include "tend/train/run.h"

namespace tend {

/// How a trial differs from its run.
struct TrialOptions {
  Feed feed;  ///< the rows that it learns from; the rest of an epoch after its last whole batch is always skipped
  std::int64_t batch_size = 0;  ///< 0: the run's
  bool is_fresh = false;        ///< weights drawn anew from the experiment's seed; otherwise the run's, by name and shape
};

/// A short experiment on a fork of a run: stepped by hand, restarted, with settings turned off. It does not change a bit of the
/// run. Trials of one run share its executor, so one of them steps at a time; moving averages are not kept. For one thread.
class Trial {
 public:
  /// `changed`: the run's experiment but for [network], [loss], [update], train.batch_size and seed. Throws Error{usage} as Plan
  /// does.
  Trial(const Run& of, const Experiment& changed, TrialOptions options = {});
  explicit Trial(const Run& of, TrialOptions options = {}) : Trial(of, of.plan().experiment(), std::move(options)) {}

  /// One update on the next batch; the batch's mean loss before it. At the schedule's rate, in a run as long as the whole one, or
  /// another.
  double step() { return run_.step().loss; }
  double step(double learning_rate) { return run_.step(learning_rate).loss; }
  /// Back to the start: the first state, the first batch.
  void restart();
  void restart(std::uint64_t seed);  ///< weights, order of rows and dropout of another seed
  /// Sets all step inputs whose name has this ending: set(".l2", 0), set(".rate", 0).
  void set(std::string_view ending, double value) { run_.go_by(run_.plan().with_inputs(ending, value)); }
  /// Leaves out the next steps: the step after them takes the batch, and draws the dropout, that it would take if they had been
  /// done at a learning rate of 0.
  void skip(std::int64_t steps);
  /// Multiplies the inputs of every row; 0 hides them from the network.
  void scale_inputs(float factor);

  /// Metrics of rows of a part, in inference, with the state as it is now.
  Metrics measure(PartName part, const std::vector<std::int64_t>& rows) { return run_.evaluate(part, rows); }
  std::vector<float> outputs(const float* x, std::int64_t rows) { return run_.outputs(x, rows); }
  /// Mean loss of the next batch as training computes it. The trial stays where it is.
  double training_loss();
  double penalty() const;  ///< l2 and l1 of the weights as they are, as training adds them

  const Plan& plan() const { return run_.plan(); }
  const Experiment& experiment() const { return plan().experiment(); }
  const Network& network() const { return plan().network(); }
  const Block& state() const { return run_.state(); }
  const Run& run() const { return run_; }
  std::int64_t steps() const { return run_.counters().step; }
  std::int64_t batch_size() const { return plan().batch_size(); }
  /// Writes the inputs and the targets as reported losses take them, neither smoothed nor weighted, of `rows` training rows.
  void write_batch(const std::vector<std::int64_t>& rows, std::int64_t target_offset, std::byte* data) const;

 private:
  Run run_;
  Block first_;
};

}  // namespace tend
