#include "tend/check/checks/chance_loss.h"

#include <algorithm>
#include <cmath>

#include "tend/trial/advice.h"

namespace tend {

namespace {

constexpr double small_targets = 1.0 / 30;

/// Root mean square of the targets: the root of the squared error of an output of 0.
double size_of_targets(const Plan& plan) {
  double squares = 0;
  const std::int64_t n = plan.train_targets().shape().count();
  for (std::int64_t i = 0; i < n; ++i)
    squares += static_cast<double>(plan.train_targets().as<float>()[i]) *
               static_cast<double>(plan.train_targets().as<float>()[i]);
  return std::sqrt(squares / static_cast<double>(n));
}

/// What keeps numbers finite: imputed inputs, or standardized ones and relu in place of activations that overflow.
Changes finite_numbers(const Setup& setup) {
  const std::vector<float>& x = setup.training_sample().x;
  if (std::any_of(x.begin(), x.end(), [](float v) { return std::isnan(v); })) return imputed_inputs(setup);
  std::vector<std::size_t> steep;
  for (std::size_t i = 0; i < setup.network().nodes().size(); ++i)
    if (setup.network().nodes()[i].traits.is_steep()) steep.push_back(i);
  const bool is_large = std::any_of(x.begin(), x.end(), [](float v) { return std::fabs(v) > 1e6f; });
  return joined(is_large ? standardized_inputs(setup) : Changes{}, activations_at(setup, steep, "relu"));
}

/// A start whose outputs are near 0.
Changes small_outputs(const Setup& setup) {
  const std::vector<Node>& nodes = setup.network().nodes();
  const auto last = std::find_if(nodes.rbegin(), nodes.rend(), [](const Node& n) { return n.traits.is_product; });
  if (last == nodes.rend()) return {};
  Value initializer = Value::table();
  initializer["normal"] = 0.01;
  return {{.path = layer_field(*last) + ".initializer", .value = initializer}};
}

}  // namespace

std::vector<CheckResult> ChanceLoss::run(const Setup& setup) const {
  const std::optional<double> chance = setup.chance_loss();
  const double loss = setup.start().loss;
  if (!std::isfinite(loss))
    return {CheckResult::alarm(Verdict::fail, "numerics",
                               "The loss before training is " + short_number(loss) +
                                   ": a value between the inputs and the loss overflows or is undefined.",
                               finite_numbers(setup), "Find the layer that overflows with tend check --only initialization.")};
  if (!chance)
    return {CheckResult::skipped("the loss of a constant guess is not known for this loss function and these targets.")};
  if (*chance == 0) return {CheckResult::skipped("a constant guess already has loss 0.")};
  const std::string losses = "it is " + short_number(loss) + ", and a constant guess (" + setup.constant_guess() + ") has loss " +
                             short_number(*chance) + ".";
  double bound = *chance;
  if (setup.plan().loss().kind() == "values") {  // targets far from 0 cost a start near 0 more than their spread
    const double size = size_of_targets(setup.plan());
    bound = std::max(bound, setup.plan().loss().error_power() == 2 ? size * size : size);
  }
  if (loss > most * bound && bound > 0) {
    const bool has_small_targets = setup.plan().loss().kind() == "values" && size_of_targets(setup.plan()) < small_targets;
    if (has_small_targets)
      return {CheckResult::alarm(Verdict::warn, "data-scale",
                                 "The targets are much smaller than the outputs before training: their root mean square is " +
                                     short_number(size_of_targets(setup.plan())) +
                                     ", that of the outputs is near 1. The loss before training is too high: " + losses,
                                 {{.path = "prepare.target", .value = "standardize"}})
                  .with(loss, *chance)};
    const bool is_data = setup.has_alarm("data-scale");
    return {CheckResult::alarm(Verdict::warn, is_data ? "data-scale" : "init",
                               "The loss before training is too high: " + losses + (is_data ? " The inputs are too large." : ""),
                               is_data ? first_of({setup.alarm_about("data-scale")->changes, standardized_inputs(setup)})
                                       : first_of({suitable_weights(setup), small_outputs(setup)}),
                               "Initialize the last layer with smaller weights.")
                .with(loss, *chance)};
  }
  return {CheckResult::pass("The loss before training is plausible (not above " + short_number(most) +
                            " times that of a constant guess" + (bound > *chance ? " or of outputs near 0" : "") + "): " + losses)
              .with(loss, *chance)};
}

}  // namespace tend
