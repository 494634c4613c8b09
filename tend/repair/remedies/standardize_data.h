#pragma once
#include <cmath>

#include "tend/prepare/step.h"
#include "tend/repair/remedy.h"

namespace tend {

/// Inputs, targets of a regression, or both, with mean 0 and deviation 1. Inputs that have them already, or whose last step
/// scales them, are left as they are.
struct StandardizeData {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "data-scale init numerics learning-rate-high learning-rate-low";
  static constexpr int place = 15;

  std::vector<Changes> propose(const TrialContext& run) const {
    const Changes inputs = is_scaled(run.experiment().prepare.steps) || is_standardized(run.training_sample())
                               ? Changes{}
                               : standardized_inputs(run);
    if (run.task() != Task::regression || run.experiment().prepare.target != "none") return {inputs};
    const Changes targets{{.path = "prepare.target", .value = "standardize"}};
    return {inputs, targets, inputs.empty() ? Changes{} : joined(inputs, targets)};
  }

 private:
  /// By the last step that changes rows in inference, too; bins and categories only add columns.
  static bool is_scaled(const Value& steps) {
    if (!steps.is_array()) return false;
    for (auto step = steps.array_items().rbegin(); step != steps.array_items().rend(); ++step) {
      const auto made = builtin_steps().make(*step, "prepare.steps");
      if (!made->augments() && !made->adds_columns()) return made->scales();
    }
    return false;
  }
  /// In the mean over the inputs that vary, means are near 0 and deviations near 1. The sample has at most some thousand rows, so
  /// that both scatter.
  static bool is_standardized(const SampleRows& sample) {
    constexpr double near = 0.05;
    double means = 0, deviations = 0, varying = 0;
    const auto rows = static_cast<double>(sample.count());
    for (std::int64_t column = 0; column < sample.row_size; ++column) {
      double sum = 0, squares = 0;
      for (std::int64_t r = 0; r < sample.count(); ++r) {
        const auto v = static_cast<double>(sample.x[static_cast<std::size_t>(r * sample.row_size + column)]);
        sum += v, squares += v * v;
      }
      const double mean = sum / rows, variance = squares / rows - mean * mean;
      if (!(variance > 1e-12)) continue;
      means += std::fabs(mean), deviations += std::fabs(std::sqrt(variance) - 1), ++varying;
    }
    return varying > 0 && means < near * varying && deviations < near * varying;
  }
};

}  // namespace tend
