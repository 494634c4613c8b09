#include "tend/check/checks/zero_input.h"

#include <algorithm>
#include <cmath>

#include "tend/trial/advice.h"
#include "tend/trial/fit.h"

namespace tend {

namespace {

struct Pair {
  Fit seeing, blind;
  double apart() const { return seeing.output_size > 0 ? seeing.output_differences / seeing.output_size : 0; }
  std::string losses() const {
    return "after " + counted(seeing.steps, "step") + " on " + counted(seeing.rows, "row") + " the loss is " +
           short_number(seeing.last) + " when it trains on the inputs and " + short_number(blind.last) +
           " when it trains on zeros in their place";
  }
};

Pair fitted(const Setup& setup, double rate) {
  FitOptions options;
  options.flops = 3e8;
  options.least_steps = 10;
  options.most_steps = 40;
  options.rate = rate;
  Pair pair;
  pair.seeing = fit_few_rows(setup, setup.experiment(), options);
  options.sees_inputs = false;
  pair.blind = fit_few_rows(setup, setup.experiment(), options);
  return pair;
}

/// An alarm of an earlier check may be the cause. Otherwise it is an output activation that makes different rows equal, a deep
/// stack, or inputs so large that useful steps destroy the weights.
std::string cause_of(const Setup& setup) {
  constexpr std::ptrdiff_t deep = 8;
  for (const char* cause : {"data-quality", "activation-output", "data-scale", "init", "depth", "activation-hidden", "numerics"})
    if (setup.has_alarm(cause)) return cause;
  const std::vector<NodeLook>& nodes = setup.start().nodes;
  if (output_activation(setup.network()) && nodes.size() > 1 && nodes.back().row_deviation == 0 &&
      nodes[nodes.size() - 2].row_deviation > 0)
    return "activation-output";
  const auto depth = std::count_if(nodes.begin(), nodes.end(), [](const NodeLook& n) { return n.node->activation != nullptr; });
  if (depth >= deep) return "depth";
  double squares = 0;
  for (float v : setup.training_sample().x) squares += static_cast<double>(v) * static_cast<double>(v);
  return !setup.has_codes() && squares > 100 * static_cast<double>(setup.training_sample().x.size()) ? "data-scale"
                                                                                                     : "architecture";
}

/// The remedy of the earlier alarm that causes this one; otherwise a remedy for the cause.
CheckResult advised(const Setup& setup, const std::string& cause, const std::string& message) {
  if (const CheckResult* earlier = setup.alarm_about(cause))
    return CheckResult::alarm(Verdict::warn, cause, message, earlier->changes, earlier->advice);
  Changes changes;
  if (cause == "activation-output") changes = {without(setup, *output_activation(setup.network()))};
  else if (cause == "depth") changes = first_of({suitable_weights(setup), normalized_activations(setup)});
  else if (cause == "data-scale") changes = standardized_inputs(setup);
  else changes = suitable_weights(setup);
  return CheckResult::alarm(Verdict::warn, cause, message, std::move(changes),
                            "Make the layers wider, or add a connection from the input to the output.");
}

}  // namespace

std::vector<CheckResult> ZeroInput::run(const Setup& setup) const {
  if (setup.training_sample().count() < 4) return {CheckResult::skipped("there are fewer than 4 training rows.")};
  const auto is_blind = [this](const Pair& p) {
    return std::isfinite(p.seeing.last) && p.seeing.last > least * p.blind.last && p.apart() < differences;
  };
  Pair pair = fitted(setup, 0.01);
  if (is_blind(pair)) pair = fitted(setup, 0.001);  // large steps may have killed the units: the steps' fault, not the network's
  if (!std::isfinite(pair.seeing.last) || !std::isfinite(pair.blind.last))
    return {CheckResult::skipped("a loss is not finite: " + pair.losses() + ".")};
  if (!is_blind(pair))
    return {
        CheckResult::pass("The outputs depend on the inputs: " + pair.losses() + ".").with(pair.seeing.last, pair.blind.last)};
  const std::string cause = cause_of(setup);
  return {advised(setup, cause,
                  (pair.seeing.last > 1.1 * pair.blind.last ? "The network learns nothing from its inputs: "
                                                            : "The network ignores its inputs: ") +
                      pair.losses() + ". Its outputs differ between rows by " + percent(pair.apart()) + " of their size.")
              .with(pair.seeing.last, pair.blind.last)};
}

}  // namespace tend
