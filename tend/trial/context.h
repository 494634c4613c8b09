#pragma once
#include <memory>
#include <vector>

#include "tend/trial/look.h"

namespace tend {

/// Rows of a part, as floats, with the targets as the data set has them.
struct SampleRows {
  std::vector<std::int64_t> rows;  ///< of the part
  std::vector<float> x;            ///< [rows, row_size]
  std::int64_t row_size = 0;
  std::vector<double> y;  ///< [rows, targets]: codes of classes, or values
  std::int64_t targets = 1;
  std::int64_t count() const { return static_cast<std::int64_t>(rows.size()); }
};

/// A run before its first step, as trials see it: the plan, samples of the rows, the activations. Expensive parts are computed at
/// their first use. The run is not changed and must outlive the context. For one thread.
class TrialContext {
 public:
  explicit TrialContext(const Run& run) : run_(run) {}

  const Run& run() const { return run_; }
  const Plan& plan() const { return run_.plan(); }
  const Experiment& experiment() const { return plan().experiment(); }
  const Network& network() const { return plan().network(); }
  Task task() const { return plan().like().task; }

  /// At most `most` rows, drawn by the seed; the same for everyone.
  const SampleRows& training_sample() const;  ///< at most 2,000 rows and 4 million numbers
  const SampleRows& validation_sample() const;
  /// The first rows of the training sample: few enough that a step on them is cheap. At least 2 where there are 2.
  std::vector<std::int64_t> few_rows(std::int64_t most) const;
  const Look& start() const;  ///< activations and gradients on up to 128 rows, without dropout
  std::unique_ptr<Trial> trial(const Experiment& changed, TrialOptions options = {}) const {
    return std::make_unique<Trial>(run_, changed, std::move(options));
  }
  /// How many steps of `trial` cost `flops`, within bounds.
  static std::int64_t affordable_steps(const Trial& trial, double flops, std::int64_t least, std::int64_t most);

 private:
  SampleRows sample_of(const Part& part, std::uint64_t purpose) const;

  const Run& run_;
  mutable std::unique_ptr<SampleRows> training_sample_, validation_sample_;
  mutable std::unique_ptr<Look> start_;
};

}  // namespace tend
