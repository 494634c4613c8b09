#include "tend/check/checks/chance_loss.h"

#include <algorithm>
#include <cmath>

#include "tend/check/advice.h"

namespace tend {

namespace {

constexpr double small_targets = 1.0 / 30;

/// Rows as targets are on average in size: what an output of 0 would cost a squared error.
double size_of_targets(const Plan& plan) {
  double squares = 0;
  const std::int64_t n = plan.train_targets().shape().count();
  for (std::int64_t i = 0; i < n; ++i)
    squares += static_cast<double>(plan.train_targets().as<float>()[i]) *
               static_cast<double>(plan.train_targets().as<float>()[i]);
  return std::sqrt(squares / static_cast<double>(n));
}

/// What keeps numbers finite: inputs that are, relu in place of activations that overflow, weights that suit.
Changes finite_numbers(const Setup& setup) {
  const std::vector<float>& x = setup.training_sample().x;
  if (std::any_of(x.begin(), x.end(), [](float v) { return std::isnan(v); })) return imputed_inputs(setup);
  std::vector<std::size_t> steep;
  for (std::size_t i = 0; i < setup.network().nodes().size(); ++i)
    if (setup.network().nodes()[i].traits.is_steep()) steep.push_back(i);
  const bool is_large = std::any_of(x.begin(), x.end(), [](float v) { return std::fabs(v) > 1e6f; });
  return joined(is_large ? standardized_inputs(setup) : Changes{}, relu_at(setup, steep));
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
    return {CheckResult::alarm(
        Verdict::fail, "numerics",
        "The loss is not finite before the first step: a number overflows on the way from the input to the loss.",
        finite_numbers(setup), "Find the layer that overflows with tend check --only initialization.")};
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
                                 {{.path = "prepare.target", .value = "standardize"}})
                  .with(loss, *chance)};
    const bool is_data = setup.has_alarm("data-scale");
    return {CheckResult::alarm(Verdict::warn, is_data ? "data-scale" : "init",
                               "The loss at the start is " + short_number(loss) + ", where outputs that know nothing give " +
                                   short_number(*chance) + ": the first steps will only undo it.",
                               is_data ? first_of({setup.alarm_about("data-scale")->changes, standardized_inputs(setup)})
                                       : first_of({suitable_weights(setup), small_outputs(setup)}),
                               "Draw smaller weights for the last layer.")
                .with(loss, *chance)};
  }
  return {CheckResult::pass("The loss at the start is " + short_number(loss) + "; outputs that know nothing give " +
                            short_number(*chance) + ".")
              .with(loss, *chance)};
}

}  // namespace tend
