#include "tend/check/checks/chance_loss.h"

#include <cmath>

namespace tend {

namespace {

constexpr double small_targets = 1.0 / 30;

/// Rows as targets are on average in size: what an output of 0 would cost a squared error.
double size_of_targets(const Plan& plan) {
  double squares = 0;
  const std::int64_t n = plan.train_targets().shape().count();
  for (std::int64_t i = 0; i < n; ++i)
    squares += static_cast<double>(plan.train_targets().as<float>()[i]) * static_cast<double>(plan.train_targets().as<float>()[i]);
  return std::sqrt(squares / static_cast<double>(n));
}

}  // namespace

std::vector<CheckResult> ChanceLoss::run(const Setup& setup) const {
  const std::optional<double> chance = setup.chance_loss();
  const double loss = setup.start().loss;
  if (!std::isfinite(loss))
    return {CheckResult::alarm(
        Verdict::fail, "numerics",
        "The loss is not finite before the first step: a number overflows on the way from the input to the loss.",
        "network.layers", "smaller weights, scaled inputs, or an activation that cannot overflow")};
  if (!chance) return {CheckResult::skipped("What chance gives is not known for this loss on these targets.")};
  double bound = *chance;
  if (setup.plan().loss().kind() == "values") {  // targets far from 0 cost a start near 0 more than their spread
    const double size = size_of_targets(setup.plan());
    bound = std::max(bound, setup.plan().loss().error_power() == 2 ? size * size : size);
  }
  if (loss > most * bound && bound > 0) {
    const bool has_small_targets = setup.plan().loss().kind() == "values" && size_of_targets(setup.plan()) < small_targets;
    if (has_small_targets)
      return {CheckResult::alarm(Verdict::warn, "data-scale",
                                 "The targets are " + short_number(size_of_targets(setup.plan())) +
                                     " in size, and outputs begin near 1: the loss at the start is " + short_number(loss) +
                                     ", where outputs that know nothing give " + short_number(*chance) + ".",
                                 "prepare.target", "standardize")
                  .with(loss, *chance)};
    const bool is_data = setup.has_alarm("data-scale");
    return {CheckResult::alarm(Verdict::warn, is_data ? "data-scale" : "init",
                               "The loss at the start is " + short_number(loss) + ", where outputs that know nothing give " +
                                   short_number(*chance) + ": the first steps will only undo it.",
                               is_data ? "prepare.steps" : "network.initializer",
                               is_data ? "standardize" : "he_normal before relu, glorot_uniform else")
                .with(loss, *chance)};
  }
  return {CheckResult::pass("The loss at the start is " + short_number(loss) + "; outputs that know nothing give " +
                            short_number(*chance) + ".")
              .with(loss, *chance)};
}

}  // namespace tend
