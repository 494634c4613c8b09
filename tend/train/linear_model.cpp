#include "tend/train/linear_model.h"

#include <algorithm>
#include <cmath>

#include "tend/prepare/step.h"
#include "tend/train/run.h"

namespace tend {
namespace {

/// A dense layer in place of all layers with parameters, and what follows the last of them; null where there are fewer than two,
/// where what follows also takes the outputs of earlier layers, or where a layer reads codes: they are no amounts.
Value linear_layers(const Network& network) {
  const std::vector<Node>& nodes = network.nodes();
  const auto is_learned = [](const Node& node) { return !node.layout.parameters.empty(); };
  const auto reads_codes = [](const Node& node) {
    const std::vector<LayerSample> cases = node.layer ? node.layer->cases() : std::vector<LayerSample>{};
    return std::any_of(cases.begin(), cases.end(), [](const LayerSample& sample) { return sample.codes > 0; });
  };
  if (std::count_if(nodes.begin(), nodes.end(), is_learned) < 2 || std::any_of(nodes.begin(), nodes.end(), reads_codes))
    return {};
  const auto last = std::find_if(nodes.rbegin(), nodes.rend(), is_learned);
  const auto after = static_cast<std::size_t>(nodes.rend() - last);
  for (std::size_t i = after; i < nodes.size(); ++i)
    if (nodes[i].inputs != std::vector<int>{static_cast<int>(i) - 1}) return {};
  Value first = Value::table();
  first["dense"] = last->layout.output.count();
  Value layers = Value::array();
  layers.push_back(std::move(first));
  const Value::Array& entries = network.layers_value().array_items();
  layers.array_items().insert(layers.array_items().end(), entries.begin() + static_cast<std::ptrdiff_t>(after), entries.end());
  return layers;
}

/// Is the mean square of some input above 100, or that of each one below 0.01? One learning rate for all then does not suit.
bool has_odd_scale(const Plan& plan) {
  const std::vector<std::int64_t>& rows = plan.sample();
  const std::int64_t size = plan.parts().train.x.row_size(), count = std::min<std::int64_t>(1000, std::ssize(rows));
  std::vector<float> x(static_cast<std::size_t>(count * size));
  plan.parts().train.gather(rows.data(), 0, count, x.data());
  double largest = 0;
  for (std::int64_t c = 0; c < size; ++c) {
    double squares = 0;
    for (std::int64_t r = 0; r < count; ++r) squares += std::pow(x[static_cast<std::size_t>(r * size + c)], 2);
    largest = std::max(largest, squares / static_cast<double>(count));
  }
  return !(largest >= 0.01 && largest <= 100);
}

}  // namespace

Metrics linear_model_metrics(const Plan& plan, PartName part, Executor& executor) {
  constexpr std::int64_t most_rows_seen = 600'000, most_numbers_seen = 500'000'000, most_epochs = 100;
  constexpr double learning_rate = 0.01, weight_decay = 0.01;
  const std::int64_t rows = plan.parts().train.rows();
  const Value layers = linear_layers(plan.network());
  if (plan.pipeline().row_shape().rank() != 1 || plan.coding().places > 1 || layers.is_null() || rows == 0) return {};
  const std::int64_t seen = std::min(most_rows_seen, most_numbers_seen / plan.pipeline().row_shape().count());
  Value optimizer = Value::table();
  optimizer["name"] = "adamw";
  optimizer["learning_rate"] = learning_rate;
  Experiment e = plan.experiment();
  e.train.interventions = {};  // they are of its layers
  e.network.layers = layers;
  if (has_odd_scale(plan)) e.prepare.steps = with_row_step(e.prepare.steps, "standardize");
  // The loss is then in other units, and is left out.
  const bool scales_target = plan.coding().task == Task::regression && e.prepare.target == "none" &&
                             layers.array_items().size() == 1;
  if (scales_target) e.prepare.target = "standardize";
  e.network.pack = e.network.pack_folds = 1;
  e.update = {};
  e.update.optimizer = optimizer;
  e.update.weight_decay = weight_decay;
  e.update.schedule = "cosine";
  e.train.epochs = std::clamp<std::int64_t>(seen / rows, 1, most_epochs);
  e.train.weight_average = 0;
  Run run(plan.with(e), executor);
  for (std::int64_t step = 0; step < run.plan().total_steps(); ++step) run.step();
  Metrics metrics = run.is_finite() ? run.evaluate(part) : Metrics{};
  if (scales_target) std::erase_if(metrics, [](const auto& m) { return m.first == "loss"; });
  return metrics;
}

}  // namespace tend
