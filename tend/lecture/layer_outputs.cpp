#include "tend/lecture/layer_outputs.h"

#include <algorithm>

#include "tend/train/data_scale.h"

namespace tend {

namespace {

constexpr std::int64_t most_rows_of_outputs = 512;

std::vector<LayerOutputs> values_around(const Run& run, bool before) {
  const Plan& plan = run.plan();
  const Part& train = plan.parts().train;
  const std::int64_t rows = std::min(most_rows_of_outputs, train.rows());
  std::vector<float> x(static_cast<std::size_t>(rows * train.x.row_size()));
  train.gather(nullptr, 0, rows, x.data());
  std::vector<LayerOutputs> all;
  const std::vector<Node>& nodes = plan.network().nodes();
  for (std::size_t i = 0; i + 1 < nodes.size(); ++i) {
    const Node& node = nodes[i];
    if (!node.activation || (before && node.inputs[0] < 0)) continue;
    const int at = before ? node.inputs[0] : static_cast<int>(i);
    all.push_back({.node = &node,
                   .units = std::max<std::int64_t>(1, node.layout.output[-1]),
                   .values = values_at(plan, run.state(), at, false, x.data(), rows, run.executor())});
  }
  return all;
}

}  // namespace

std::vector<LayerOutputs> outputs_of_activations(const Run& run) { return values_around(run, false); }
std::vector<LayerOutputs> inputs_of_activations(const Run& run) { return values_around(run, true); }

}  // namespace tend
