#include "tend/check/checks/regularization_raises_loss.h"

#include <algorithm>
#include <cmath>

#include "tend/trial/advice.h"
#include "tend/trial/fit.h"

namespace tend {

namespace {

constexpr int seeds = 2;

/// decay w as a term of the gradient is the derivative of decay / 2 w^2.
double decay_penalty(const Run& run, double decay) {
  double squares = 0;
  std::size_t p = 0;
  for (const Node& node : run.plan().network().nodes())
    for (const ParameterSpec& spec : node.layout.parameters) {
      const std::span<const float> weights = run.weights(p++);
      if (spec.shape.rank() < 2) continue;
      for (float w : weights) squares += static_cast<double>(w) * static_cast<double>(w);
    }
  return decay / 2 * squares;
}

Regularization read(const Setup& setup) {
  Regularization r;
  const Plan& plan = setup.plan();
  const double decay = plan.experiment().update.weight_decay.value_or(plan.optimizer().default_weight_decay());
  r.penalty = setup.trial(setup.experiment())->penalty();
  if (plan.optimizer().decoupled_decay()) r.decay = decay;
  else r.penalty += decay_penalty(setup.run(), decay);
  double largest = 0;
  for (const Node& node : plan.network().nodes()) {
    for (const ParameterSpec& spec : node.layout.parameters)
      if (spec.l2 + spec.l1 > largest) largest = spec.l2 + spec.l1, r.layer = node.name;
    if (!node.layer || !node.layer->traits().only_in_training) continue;
    for (const auto& [name, value] : node.layout.step_inputs)
      if (name == "rate") {
        r.kept *= 1 - value;
        if (value > r.rate) r.rate = value, r.rate_layer = node.name;
      }
  }
  return r;
}

/// The loss of a network without inputs, fitted as the others are: on standardized targets.
double loss_of_blind(const Setup& setup) {
  FitOptions options;
  options.sees_inputs = false;
  return fit_few_rows(setup, setup.experiment(), options).last;
}

/// Usual sizes for the penalties and the decay that are larger.
Changes usual_penalties(const Setup& setup, const Regularization& r) {
  constexpr double usual = 1e-4;
  Changes changes;
  for (const Node& node : setup.network().nodes()) {
    double l2 = 0, l1 = 0;
    for (const ParameterSpec& spec : node.layout.parameters) l2 = std::max(l2, spec.l2), l1 = std::max(l1, spec.l1);
    if (l2 > usual) changes.push_back({.path = layer_field(node) + ".l2", .value = usual});
    if (l1 > usual) changes.push_back({.path = layer_field(node) + ".l1", .value = 0.0});
  }
  const double decay = setup.experiment().update.weight_decay.value_or(setup.plan().optimizer().default_weight_decay());
  if (r.decay >= 1 || (r.decay == 0 && decay > usual)) changes.push_back({.path = "update.weight_decay", .value = usual});
  return changes;
}

/// A usual rate for each layer that drops more: 0.2, or less in many layers, so that all of them together keep half.
Changes usual_dropout(const Setup& setup) {
  const auto& nodes = setup.network().nodes();
  const auto layers = static_cast<double>(
      std::count_if(nodes.begin(), nodes.end(), [](const Node& n) { return n.traits.only_in_training; }));
  const double usual = rounded(std::min(0.2, 1 - std::pow(0.5, 1 / layers)), 2);
  Changes changes;
  for (const Node& node : setup.network().nodes()) {
    if (!node.layer || !node.layer->traits().only_in_training) continue;
    for (const auto& [name, value] : node.layout.step_inputs)
      if (name == "rate" && value > usual) changes.push_back({.path = layer_field(node) + "." + kind_of(node), .value = usual});
  }
  return changes;
}

std::string words_of(const Regularization& r) {
  std::string s;
  if (r.penalty > 0) s += " The penalties of the initial weights are " + short_number(r.penalty) + ".";
  if (r.decay > 0) s += " The decoupled weight decay is " + short_number(r.decay) + ".";
  if (r.kept < 1) s += " The product of the keep rates of all dropout layers is " + percent(r.kept) + ".";
  return s;
}

std::string start_of(const Setup& setup, const Regularization& r) {
  return " The loss before training is " + short_number(setup.start().loss) + "." + words_of(r);
}

/// The same few rows fitted with a kind of regularization and without any.
struct Compared {
  Fit with, without;
  double share = 0;  ///< of the loss of a constant guess that is left with regularization
  bool halves() const { return without.last < with.last / 2; }
};

Compared compared(const Setup& setup, FitOptions options, double ignorant) {
  Compared c;
  c.with = fit_few_rows(setup, setup.experiment(), options);
  options.has_penalties = options.has_dropout = false;
  c.without = fit_few_rows(setup, setup.experiment(), options);
  c.share = c.with.last / ignorant;
  return c;
}

std::string words_of(const Compared& c, const std::string& what) {
  return "after " + counted(c.with.steps, "step") + " on " + counted(c.with.rows, "row") + " the loss is " +
         short_number(c.with.last) + " with " + what + " and " + short_number(c.without.last) + " without regularization.";
}

}  // namespace

CheckResult RegularizationRaisesLoss::of_penalties(const Setup& setup, const Regularization& r, double ignorant) const {
  const bool is_thin = r.kept < kept;
  const double most = is_thin ? stuck / 4 : stuck;
  FitOptions options;
  options.has_penalties = true;
  for (options.seed = 0;; ++options.seed) {
    options.has_dropout = false;
    Compared c = compared(setup, options, ignorant);
    bool costs = c.share > most && c.halves();
    if (costs && is_thin) {
      options.has_dropout = true;
      c = compared(setup, options, ignorant);
      costs = c.share > stuck / 2;
    }
    const bool is_decay = r.decay >= 1 || r.layer.empty();
    const std::string kind = is_decay ? "weight decay" : "penalties", what = options.has_dropout ? kind + " and dropout" : kind,
                      losses = words_of(c, what) + start_of(setup, r);
    if (!costs) return CheckResult::pass("The network learns with its regularization: " + losses).with(c.share, most);
    if (options.seed + 1 < seeds) continue;
    return CheckResult::alarm(
               Verdict::warn, "regularization", "The regularization is too strong, so the network learns much less: " + losses,
               options.has_dropout ? joined(usual_penalties(setup, r), usual_dropout(setup)) : usual_penalties(setup, r),
               "Use weaker penalties.")
        .at(is_decay ? "" : r.layer)
        .with(c.share, options.has_dropout ? stuck / 2 : stuck);
  }
}

CheckResult RegularizationRaisesLoss::of_dropout(const Setup& setup, const Regularization& r, double ignorant) const {
  const double most = r.kept < little ? stuck : blind;
  FitOptions options;
  options.has_dropout = true;
  for (options.seed = 0;; ++options.seed) {
    const Compared c = compared(setup, options, ignorant);
    const std::string losses = words_of(c, "dropout") + start_of(setup, r);
    if (!(c.share > most && (r.kept < little || c.halves())))
      return CheckResult::pass("The network learns with its dropout: " + losses).with(c.share, most);
    if (options.seed + 1 == seeds)
      return CheckResult::alarm(Verdict::warn, "regularization",
                                "Dropout is too strong, so the network learns much less: " + losses, usual_dropout(setup),
                                "Use less dropout.")
          .at(r.rate_layer)
          .with(c.share, most);
  }
}

std::vector<CheckResult> RegularizationRaisesLoss::run(const Setup& setup) const {
  const Regularization r = read(setup);
  const double loss = setup.start().loss;
  if (r.penalty == 0 && r.decay == 0 && r.kept == 1)
    return {CheckResult::pass("The network has no regularization: no penalties, no weight decay and no dropout.").with(0, 0)};
  const std::optional<double> chance = setup.chance_loss();
  const bool is_strong = r.penalty > worth * chance.value_or(loss) || r.decay >= 1, is_thin = r.kept < kept;
  if ((!is_strong && !is_thin) || setup.training_sample().count() < 4)
    return {CheckResult::pass("The regularization is not too strong." + start_of(setup, r)).with(r.penalty, 0)};
  const double ignorant = setup.task() == Task::regression || !chance ? loss_of_blind(setup) : *chance;
  CheckResult result;
  if (is_strong) result = of_penalties(setup, r, ignorant);
  if (is_thin && !result.is_alarm()) result = of_dropout(setup, r, ignorant);
  return {std::move(result)};
}

}  // namespace tend
