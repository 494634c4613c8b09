#include <algorithm>
#include <cstring>

#include "tend/train/data_scale.h"
#include "tend/train/run.h"

namespace tend {

namespace {

/// True for the parameter or statistic "dense_1.weights" itself and for its slots and average.
bool is_of(const Place& place, const std::string& layer) {
  return place.name.starts_with(layer + ".") && place.kind != PlaceKind::counter;
}

void copy(const Place& place, const Block& from, Block& to) {
  std::memcpy(to.data() + place.offset_bytes, from.data() + place.offset_bytes, static_cast<std::size_t>(place.bytes()));
}

/// Which units of a node, the elements of its last axis, are 0 for each of some training rows.
std::vector<char> dead_units(const Plan& plan, const Block& state, int node, const SomeRows& rows, Executor& executor) {
  const std::vector<float> values = values_at(plan, state, node, false, rows.x.data(), rows.count, executor);
  std::vector<char> is_dead(static_cast<std::size_t>(plan.network().nodes()[static_cast<std::size_t>(node)].layout.output[-1]),
                            1);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i] != 0) is_dead[i % is_dead.size()] = 0;
  return is_dead;
}

/// The nodes whose parameters make the units of an activation: those before it up to the first that mixes its inputs, as long as
/// each reads one node and has as many units.
std::vector<const Node*> makers_of_units(const Network& network, const Node& activation) {
  std::vector<const Node*> makers;
  const std::int64_t units = activation.layout.output[-1];
  for (int at = activation.inputs.size() == 1 ? activation.inputs[0] : -1; at >= 0;) {
    const Node& node = network.nodes()[static_cast<std::size_t>(at)];
    if (node.layout.output[-1] != units) break;
    makers.push_back(&node);
    if (node.traits.is_product) return makers;
    at = node.inputs.size() == 1 ? node.inputs[0] : -1;
  }
  return {};  // nothing below it has weights of just these units
}

}  // namespace

/// Draws the dead hidden units anew: parameters and statistics by unit of the layers that make them. Layers above keep their
/// weights: what they expect of a unit that is 0 is lost in any case. Returns how many.
std::int64_t Run::revive_units(const Block& drawn) {
  constexpr std::int64_t most_rows = 512;
  const std::vector<Node>& nodes = plan_->network().nodes();
  const SomeRows rows = some_rows(*plan_, most_rows);
  std::int64_t revived = 0;
  for (std::size_t i = 0; i + 1 < nodes.size(); ++i) {
    if (!nodes[i].activation) continue;
    const std::vector<const Node*> makers = makers_of_units(plan_->network(), nodes[i]);
    if (makers.empty()) continue;
    const std::vector<char> is_dead = dead_units(*plan_, state_, static_cast<int>(i), rows, *executor_);
    const auto units = static_cast<std::int64_t>(is_dead.size());
    revived += std::count(is_dead.begin(), is_dead.end(), 1);
    for (const Node* maker : makers)
      for (const Place& place : state_.directory().places()) {
        const bool is_learnt = place.kind == PlaceKind::parameter || place.kind == PlaceKind::statistic;
        if (!is_learnt || !is_of(place, maker->name) || place.type != ElementType::float32 || place.shape.rank() == 0 ||
            place.shape[-1] != units)
          continue;
        auto* to = state_.at<float>(place);
        const auto* from = drawn.at<float>(place);
        for (std::int64_t e = 0; e < place.shape.count(); ++e)
          if (is_dead[static_cast<std::size_t>(e % units)]) to[e] = from[e];
      }
  }
  return revived;
}

/// Before a step. Making it a second time at the same step changes nothing more.
void Run::make(const Intervention& intervention) {
  const std::uint64_t seed = static_cast<std::uint64_t>(counters_->seed);
  Random random(seed, purpose("interventions"), static_cast<std::uint32_t>(counters_->step));
  const std::uint64_t high = random.word();
  const bool changes_state = intervention.draws() || intervention.reset_optimizer;
  if (!changes_state) return;
  const Block drawn = plan_->initial_state(high << 32 | random.word(), *executor_);
  if (intervention.revive_units) revived_ += revive_units(drawn);
  for (const Place& place : state_.directory().places()) {
    const bool is_learnt = place.kind == PlaceKind::parameter || place.kind == PlaceKind::statistic;
    if (is_learnt && std::any_of(intervention.redraw_layers.begin(), intervention.redraw_layers.end(),
                                 [&](const std::string& layer) { return is_of(place, layer); }))
      copy(place, drawn, state_);
    // All slots begin anew: after the bias correction has ended, fresh slots of some would make steps several times too large.
    if (place.kind == PlaceKind::slot && !is_average(place)) copy(place, drawn, state_);
  }
  counters_->update = 0;
  if (intervention.draws()) {
    copy_to_averages(state_, [](const Place&) { return true; });
    counters_->averaged = 0;
  }
  measured_ = {};
}

}  // namespace tend
