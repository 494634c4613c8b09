#include "tend/check/checks/hidden_activations.h"

#include <algorithm>
#include <cmath>

#include "tend/trial/advice.h"
#include "tend/trial/fit.h"

namespace tend {

namespace {

bool may_cost(const LayerTraits& t) { return t.is_bounded() || t.is_steep() || t.output != OutputKind::values; }

/// The suspects among the nodes: bounded or steep activations with a layer with weights after them.
std::vector<std::size_t> suspects(const Network& network) {
  std::size_t last = 0;
  for (std::size_t i = 0; i < network.nodes().size(); ++i)
    if (!network.nodes()[i].layout.parameters.empty()) last = i;
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < last; ++i)
    if (may_cost(network.nodes()[i].traits)) found.push_back(i);
  return found;
}

std::string words_for(const Network& network, const std::vector<std::size_t>& places) {
  std::string kind = kind_of(network.nodes()[places[0]]);
  for (std::size_t i : places)
    if (kind_of(network.nodes()[i]) != kind) kind = "bounded or steep";
  return places.size() == 1 ? "hidden " + kind + " layer" : std::to_string(places.size()) + " hidden " + kind + " layers";
}

/// The same steps on the network as it is, with relu, and blind.
struct WithoutSuspects {
  Fit own, other, blind;
  /// How far the loss falls below the blind network's, as a share of its fall with relu; 0 where it is not finite.
  double share() const { return std::isfinite(own.last) ? (blind.last - own.last) / (blind.last - other.last) : 0; }
  bool tells(double learns) const { return other.last < learns * (std::isfinite(blind.last) ? blind.last : other.first); }
};

WithoutSuspects tried_activations(const Setup& setup, const Experiment& other, bool has_own_update) {
  FitOptions options;
  options.flops = 3e8;
  options.most_steps = 300;
  options.has_own_update = has_own_update;
  WithoutSuspects t;
  t.own = fit_few_rows(setup, setup.experiment(), options);
  options.is_fresh = true;
  t.other = fit_few_rows(setup, other, options);
  options.is_fresh = options.sees_inputs = false;
  t.blind = fit_few_rows(setup, setup.experiment(), options);
  return t;
}

}  // namespace

std::vector<CheckResult> HiddenActivations::run(const Setup& setup) const {
  const std::vector<std::size_t> places = suspects(setup.network());
  if (places.empty()) return {CheckResult::pass("No hidden layer uses sigmoid, tanh, softmax or exponential.")};
  if (setup.training_sample().count() < 4) return {CheckResult::skipped("there are fewer than 4 training rows.")};
  const Changes changes = activations_at(setup, places, "relu");  // what is advised is what is tried
  const Experiment other = changed(setup.experiment(), changes);
  WithoutSuspects t = tried_activations(setup, other, false);
  bool costs = t.tells(learns) && t.share() < least;
  if (costs && std::isfinite(t.own.last)) {
    t = tried_activations(setup, other, true);
    costs = t.tells(learns) && t.share() < least_as_written;
  }
  const std::string layers = words_for(setup.network(), places),
                    losses = ": after " + counted(t.own.steps, "step") + " on " + counted(t.own.rows, "row") + " the loss is " +
                             short_number(t.own.last) + ", with relu instead " + short_number(t.other.last) +
                             ", and with zeros as inputs " + short_number(t.blind.last) + ".";
  if (!costs) return {CheckResult::pass("The network learns with its " + layers + losses).with(t.own.last, t.other.last)};
  const std::string harm = std::isfinite(t.own.last) ? "The network hardly learns with its " : "Values overflow with the ";
  const Node& first = setup.network().nodes()[places[0]];
  return {CheckResult::alarm(std::isfinite(t.own.last) ? Verdict::warn : Verdict::fail, "activation-hidden",
                             harm + layers + losses, changes)
              .at(first.name)
              .with(t.own.last, t.other.last)};
}

}  // namespace tend
