#include "tend/check/checks/gradient_check.h"

#include <algorithm>
#include <cmath>

#include "tend/trial/gradients.h"

namespace tend {

namespace {

/// Of the gradient by the kernels that train, where it is off by more than float32 explains: rounding reaches a quarter of small
/// gradients.
double error_as_trained(const TensorCheck& t) {
  const double size = std::fabs(t.numeric), apart = std::fabs(t.trained - t.numeric);
  return t.at >= 0 && size > 1e-4 && !(apart <= 0.4 * size) ? apart / std::max(size, std::fabs(t.trained)) : 0;
}

}  // namespace

std::vector<CheckResult> GradientCheck::run(const Setup& setup) const {
  constexpr double large = 1e6;  // differences of larger losses are their rounding
  if (!(setup.start().loss < large))
    return {CheckResult::skipped("The loss at the start is " + short_number(setup.start().loss) +
                                 ": its differences would say nothing.")};
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
    if (each > 10 * flops) return {CheckResult::skipped("A network this large is checked by itself: tend gradcheck.")};
    options.elements = 1;
  }
  const GradientReport report = check_gradients(setup.run(), options);
  if (!std::isfinite(report.loss))
    return {CheckResult::skipped("The loss is not finite after two steps: there are no gradients to compare.")};
  const TensorCheck* worst = nullptr;
  double error = 0;
  int checked = 0;
  for (const TensorCheck& t : report.tensors) {
    checked += t.checked;
    const double own = std::max(t.error, error_as_trained(t));
    if (!worst || own > error) worst = &t, error = own;
  }
  if (!worst) return {CheckResult::skipped("There are no parameters.")};
  const std::string seen = std::to_string(checked) + " elements of " + std::to_string(report.tensors.size()) + " tensors on " +
                           std::to_string(report.rows) + (report.rows == 1 ? " row" : " rows");
  if (!(error > 1e-2))
    return {CheckResult::pass("Gradients agree with central differences: " + seen + ", relative error at most " +
                              short_number(error) + ".")
                .with(error, 1e-2)};
  const bool is_trained = worst->error <= 1e-2;
  const std::string layer = worst->tensor.substr(0, worst->tensor.rfind('.'));
  return {CheckResult::alarm(
              Verdict::fail, "gradient-bug",
              "The gradient of " + worst->tensor + " is wrong by " + short_number(error) + ": central differences give " +
                  short_number(worst->numeric) + ", backward gives " +
                  short_number(is_trained ? worst->trained : worst->analytic) + (is_trained ? " as trained" : "") + " (" +
                  (worst->mistake.empty() ? "" : worst->mistake + "; ") + seen + ").",
              "Correct the backward of the kind of layer that " + layer + " is: it must be the derivative of its forward.")
              .with(error, 1e-2)
              .at(layer)};
}

}  // namespace tend
