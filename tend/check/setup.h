#pragma once
#include <memory>
#include <string>
#include <vector>

#include "tend/base/text.h"
#include "tend/check/check.h"
#include "tend/check/neighbours.h"
#include "tend/train/training.h"
#include "tend/trial/context.h"

namespace tend {

/// What checks read of a training, and what they share: samples, the layers by kind, the activations before the first step.
/// Expensive parts are computed at their first use. For one thread.
class Setup : public TrialContext {
 public:
  explicit Setup(const Run& run) : TrialContext(run) {}
  explicit Setup(const Training& training) : Setup(training.engine()) {}

  /// With fewer held-out rows nothing can be measured.
  static constexpr std::int64_t enough_held_out = 30;

  std::int64_t classes() const { return static_cast<std::int64_t>(plan().like().classes.size()); }
  bool is_binary_output() const { return plan().coding().outputs == 1 && task() == Task::classification; }

  /// The loss of a constant guess on the training sample: the same score for every class, or the mean target. Nothing where
  /// it is not finite.
  std::optional<double> chance_loss() const;
  /// That guess in words: "the mean target".
  std::string constant_guess() const;

  const Neighbours& neighbours() const;
  /// How well the 7 nearest training rows predict the targets of validation rows: accuracy (labels: of all of them), for values
  /// R2. Empty where there are no validation rows or distances are not meaningful.
  std::optional<double> neighbour_skill() const;

  /// Results of the checks that ran before, this run.
  void remember(std::string_view check, const CheckResult& result) const { results_.emplace_back(std::string(check), result); }
  bool has_alarm(std::string_view cause) const { return alarm_about(cause) != nullptr; }
  /// The first alarm of an earlier check that names this cause; nullptr where there is none.
  const CheckResult* alarm_about(std::string_view cause) const;
  /// The first alarm of the checks that ran before, failures first, with the check's name, whose cause can keep a network from
  /// memorizing rows: wrong labels, or how rows are drawn, do not.
  std::optional<std::pair<std::string, CheckResult>> first_alarm_against_memory() const;

 private:
  mutable std::unique_ptr<Neighbours> neighbours_;
  mutable std::vector<std::pair<std::string, CheckResult>> results_;
};

/// A share in a message: "12.5 %".
std::string percent(double share);
/// What became of a loss: "falls from 2.3 to 0.5", "stays near 2.3", "rises from 2.3 and overflows".
std::string course_of(double start, double end);

}  // namespace tend
