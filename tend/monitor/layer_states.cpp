#include "tend/monitor/layer_states.h"

#include <algorithm>
#include <cmath>

#include "tend/train/data_scale.h"

namespace tend {

namespace {

LayerState state_of(const Node& node, const std::vector<float>& values) {
  LayerState state{
      .name = node.name, .kind = std::string(node.kind()), .units = std::max<std::int64_t>(1, node.layout.output[-1])};
  std::vector<char> is_alive(static_cast<std::size_t>(state.units));
  double sum = 0, squares = 0;
  std::int64_t zeros = 0, at_ends = 0;
  const bool is_bounded = node.traits.is_bounded();
  const double near = is_bounded ? 0.05 * (node.traits.highest - node.traits.lowest) / 2 : 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto v = static_cast<double>(values[i]);
    sum += v;
    squares += v * v;
    zeros += v == 0;
    at_ends += is_bounded && (v < node.traits.lowest + near || v > node.traits.highest - near);
    if (v != 0) is_alive[i % is_alive.size()] = 1;
  }
  const double n = static_cast<double>(std::max<std::size_t>(1, values.size()));
  state.mean = sum / n;
  state.zero_fraction = static_cast<double>(zeros) / n;
  state.at_ends = is_bounded ? static_cast<double>(at_ends) / n : std::nan("");
  state.dead_fraction = static_cast<double>(std::count(is_alive.begin(), is_alive.end(), 0)) / static_cast<double>(state.units);
  state.deviation = std::sqrt(std::max(0.0, squares / n - sum / n * (sum / n)));
  return state;
}

}  // namespace

std::int64_t steps_between_looks(const Plan& plan, std::int64_t most_rows) {
  constexpr double share = 0.005;
  constexpr std::int64_t least = 200;
  // The program up to an activation costs, on average, half of a forward pass, which is a third of a step.
  double activations = 1;
  for (const Node& node : plan.network().nodes()) activations += node.activation != nullptr;
  const double passes = activations / 2 * static_cast<double>(most_rows) / static_cast<double>(plan.batch_size()) / 3;
  return std::max(least, static_cast<std::int64_t>(passes / share));
}

namespace {

std::vector<LayerState> states_in(const Run& run, std::int64_t most_rows, bool training) {
  const Plan& plan = run.plan();
  std::vector<LayerState> layers;
  const SomeRows rows = some_rows(plan, most_rows);
  const std::vector<Node>& nodes = plan.network().nodes();
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (nodes[i].activation && i + 1 < nodes.size())
      layers.push_back(state_of(
          nodes[i], values_at(plan, run.state(), static_cast<int>(i), training, rows.x.data(), rows.count, run.executor())));
  return layers;
}

}  // namespace

std::vector<LayerState> layer_states(const Run& run, std::int64_t most_rows) { return states_in(run, most_rows, false); }

std::vector<LayerState> layer_states_of_training(const Run& run) {
  constexpr std::int64_t rows = 512;
  const std::vector<Node>& nodes = run.plan().network().nodes();
  return states_in(run, rows,
                   std::any_of(nodes.begin(), nodes.end(), [](const Node& n) { return n.traits.normalizes_over_rows(); }));
}

}  // namespace tend
