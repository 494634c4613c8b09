#include "tend/check/checks/gradient_check.h"

#include <algorithm>
#include <cmath>

#include "tend/trial/gradients.h"

namespace tend {

namespace {

/// Relative error of the training kernels' gradient, where it is more than float32 explains: rounding can change small gradients
/// by a quarter.
double error_as_trained(const TensorCheck& t) {
  const double size = std::fabs(t.numeric), apart = std::fabs(t.trained - t.numeric);
  return t.at >= 0 && size > 1e-4 && !(apart <= 0.4 * size) ? apart / std::max(size, std::fabs(t.trained)) : 0;
}

}  // namespace

std::vector<CheckResult> GradientCheck::run(const Setup& setup) const {
  constexpr double large = 1e6;  // differences of larger losses are mostly rounding errors
  if (!(setup.start().loss < large))
    return {CheckResult::skipped("the loss before training is " + short_number(setup.start().loss) +
                                 ", too large for accurate differences.")};
  const Plan& plan = setup.plan();
  GradientCheckOptions options;
  options.seconds = 1e6;  // what is checked must not depend on the clock
  options.rows = plan.network().mixes_rows() ? 2 : 1;
  options.burn_in_steps = 2;
  // A step costs about three forward passes; an element takes two, and now and then some more.
  const double forward = static_cast<double>(options.rows) * plan.program().flops() / 3 / static_cast<double>(plan.batch_size()) +
                         2e3 * static_cast<double>(plan.network().nodes().size());
  const double each = 2.5 * forward * static_cast<double>(plan.layout().segments.size());
  options.elements = static_cast<int>(std::clamp(flops / each, 0.0, 6.0));
  if (options.elements == 0) {
    if (each > 10 * flops) return {CheckResult::skipped("the network is too large for this check. Run tend gradcheck instead.")};
    options.elements = 1;
  }
  const GradientReport report = check_gradients(setup.run(), options);
  if (!std::isfinite(report.loss))
    return {CheckResult::skipped("the loss is not finite after two steps, so there are no gradients to compare.")};
  const TensorCheck* worst = nullptr;
  double error = 0;
  int checked = 0;
  for (const TensorCheck& t : report.tensors) {
    checked += t.checked;
    const double own = std::max(t.error, error_as_trained(t));
    if (!worst || own > error) worst = &t, error = own;
  }
  if (!worst) return {CheckResult::skipped("the network has no parameters.")};
  const std::string seen = "compared: " + counted(checked, "element") + " of " +
                           counted(static_cast<std::int64_t>(report.tensors.size()), "tensor") + " on " +
                           counted(report.rows, "row");
  if (!(error > 1e-2))
    return {CheckResult::pass("The gradients agree with central differences: the largest relative error is " +
                              short_number(error) + " (" + seen + ").")
                .with(error, 1e-2)};
  const bool is_trained = worst->error <= 1e-2;
  const std::string layer = worst->tensor.substr(0, worst->tensor.rfind('.'));
  return {
      CheckResult::alarm(Verdict::fail, "gradient-bug",
                         "The gradient of " + worst->tensor +
                             " is wrong: " + (is_trained ? "the training kernels compute " : "backpropagation computes ") +
                             short_number(is_trained ? worst->trained : worst->analytic) + ", central differences " +
                             short_number(worst->numeric) + " (relative error " + short_number(error) + "; " + seen + ")." +
                             (worst->mistake.empty() ? "" : " Probable mistake: " + worst->mistake + "."),
                         "Correct the backward function of the layer " + layer + ": it must compute the derivative of forward.")
          .with(error, 1e-2)
          .at(layer)};
}

}  // namespace tend
