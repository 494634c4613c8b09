#include "tend/check/checks/regularization_raises_loss.h"

#include <algorithm>
#include <cmath>

#include "tend/check/trial/fit.h"

namespace tend {

namespace {

/// What the file asks for.
struct Regularization {
  double penalty = 0, decay = 0, kept = 1, rate = 0;  // of the first weights; decoupled; of all dropout; the largest of it
  std::string layer, rate_layer;                      // with the largest l2 or l1; with the largest rate
};

/// decay w as a part of the gradient is the slope of decay / 2 w^2.
double decay_penalty(const TrainingView& view, double decay) {
  double squares = 0;
  std::size_t p = 0;
  for (const Node& node : view.network.nodes())
    for (const ParameterSpec& spec : node.layout.parameters) {
      const SweepSegment& segment = view.layout.segments[p++];
      const auto* w = reinterpret_cast<const float*>(view.state.data()) + segment.offset;
      for (std::int64_t i = 0; spec.shape.rank() > 1 && i < segment.count; ++i)
        squares += static_cast<double>(w[i]) * static_cast<double>(w[i]);
    }
  return decay / 2 * squares;
}

Regularization read(const Setup& setup) {
  Regularization r;
  const TrainingView& view = setup.training();
  const double decay = view.experiment.update.weight_decay.value_or(view.optimizer.default_weight_decay());
  r.penalty = setup.fork().penalty();
  if (view.optimizer.decoupled_decay())
    r.decay = decay;
  else
    r.penalty += decay_penalty(view, decay);
  double largest = 0;
  for (const Node& node : view.network.nodes()) {
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

/// Values are standardized in a fit: what outputs that know nothing give, there.
double loss_of_blind(const Setup& setup) {
  FitOptions options;
  options.sees_inputs = false;
  return fit_few_rows(setup, setup.experiment(), options).last;
}

std::string words_of(const Regularization& r) {
  std::string s = "penalties of the first weights are " + short_number(r.penalty);
  if (r.decay > 0) s = "decoupled decay is " + short_number(r.decay);
  return r.kept < 1 ? (r.penalty > 0 || r.decay > 0 ? s + ", and dropout" : std::string("dropout")) + " lets " +
                          short_number(r.kept) + " through in all"
                    : s;
}

}  // namespace

std::vector<CheckResult> RegularizationRaisesLoss::run(const Setup& setup) const {
  const Regularization r = read(setup);
  const double loss = setup.start().loss;
  if (r.penalty == 0 && r.decay == 0 && r.kept == 1)
    return {CheckResult::pass("There is no regularization: the loss stays " + short_number(loss) + ".").with(0, 0)};
  const std::string raised = "The loss at the start is " + short_number(loss) + "; " + words_of(r);
  const std::optional<double> chance = setup.chance_loss();
  const bool is_strong = r.penalty > worth * chance.value_or(loss) || r.decay >= 1, is_thin = r.kept < kept;
  if ((!is_strong && !is_thin) || setup.training_sample().count() < 4)
    return {CheckResult::pass(raised + ".").with(r.penalty, 0)};
  FitOptions options;
  const Fit without = fit_few_rows(setup, setup.experiment(), options);
  options.is_regularized = true;
  const Fit with = fit_few_rows(setup, setup.experiment(), options);
  const double ignorant = setup.task() == Task::regression || !chance ? loss_of_blind(setup) : *chance;
  const double share = with.last / ignorant, most = is_strong && is_thin ? stuck / 2 : stuck;
  const std::string fits = raised + ". After " + std::to_string(with.steps) + " steps on " + std::to_string(with.rows) +
                           " rows the loss is " + short_number(with.last) + " with regularization, " +
                           short_number(without.last) + " without.";
  const bool costs = share > most && (without.last < with.last / 2 || r.kept < little);
  if (!costs) return {CheckResult::pass(fits).with(share, most)};
  const bool is_dropout = is_thin && !(r.penalty > 20 * worth * chance.value_or(loss));
  const std::string field = r.decay >= 1      ? "update.weight_decay"
                            : is_dropout      ? "network.layers." + r.rate_layer + ".dropout"
                            : r.layer.empty() ? "update.weight_decay"
                                              : "network.layers." + r.layer + ".l2";
  return {CheckResult::alarm(Verdict::warn, "regularization", fits, field, is_dropout ? "0.2" : "1e-4")
              .at(is_dropout ? r.rate_layer : r.layer)
              .with(share, most)};
}

}  // namespace tend
