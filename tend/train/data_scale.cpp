#include "tend/train/data_scale.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace tend {

namespace {

/// The divisor is the count minus one, as in PyTorch's std().
double deviation_of(const std::vector<float>& x) {
  const auto count = static_cast<double>(x.size());
  double mean = 0, square = 0;
  for (float v : x) mean += static_cast<double>(v) / count;
  for (float v : x) square += (static_cast<double>(v) - mean) * (static_cast<double>(v) - mean);
  return std::sqrt(square / (count - 1));
}

/// Members of several graphs have no common nodes whose values could be looked at.
void refuse_several_graphs(const Network& network) {
  const std::vector<Network::Group> groups = network.groups();
  if (groups.size() == 1) return;
  for (const Network::Group& group : groups)
    for (const Node& node : group.network->nodes())
      for (const auto& initializer : node.initializers)
        if (initializer->needs_data())
          throw Error(Trouble::usage, "network.initializer", "weights of " + node.name + " that are scaled by the data",
                      "another initializer, where networks of a pack have layers of their own",
                      "use for instance he_normal, or leave out the lists network.pack_widths and so on");
}

}  // namespace

SomeRows some_rows(const Plan& plan, std::int64_t most) {
  constexpr std::int64_t most_numbers = 4'000'000;
  const Part& part = plan.parts().train;
  const std::int64_t size = part.x.row_size(),
                     rows = std::min({most, std::ssize(plan.sample()), std::max<std::int64_t>(1, most_numbers / size)});
  SomeRows some{.x = std::vector<float>(static_cast<std::size_t>(rows * size)), .count = rows};
  part.gather(plan.sample().data(), 0, rows, some.x.data());
  return some;
}

std::vector<float> values_at(const Plan& plan, const Block& state, int node, bool training, const float* x, std::int64_t rows,
                             Executor& executor, int member) {
  const Program& program = plan.programs().up_to(node, training, rows);
  Workspace workspace({&program}, executor.threads());
  plan.fill(workspace, static_cast<std::uint64_t>(Plan::counters(state).seed), Plan::counters(state).step);
  AlignedBytes batch(program.batch_bytes());
  std::memcpy(batch.data(), x, static_cast<std::size_t>(rows * plan.network().input_shape().count()) * sizeof(float));
  Block copy;
  if (training) copy = state;  // its running statistics change
  std::byte* data = training ? copy.data() : const_cast<std::byte*>(state.data());
  const Memory memory = workspace.memory(data, nullptr, batch.data());
  program.run(memory, executor);
  const std::int64_t count = rows * plan.network().nodes()[static_cast<std::size_t>(node)].layout.output.count();
  const std::span<const float> values =
      values_in<float>(memory, program.output(), (member + 1) * count).last(static_cast<std::size_t>(count));
  return {values.begin(), values.end()};
}

void scale_by_data(const Plan& plan, Executor& executor, Block& state) {
  refuse_several_graphs(plan.network());
  const std::vector<Node>& nodes = plan.network().nodes();
  std::vector<float> x;
  const std::int64_t rows = std::min(plan.experiment().train.batch_size, plan.parts().train.rows());
  for (std::size_t i = 0; i < nodes.size(); ++i)
    for (std::size_t k = 0; k < nodes[i].initializers.size(); ++k) {
      if (!nodes[i].initializers[k]->needs_data()) continue;
      if (x.empty()) {
        x.resize(static_cast<std::size_t>(rows * plan.network().input_shape().count()));
        plan.parts().train.gather(nullptr, 0, rows, x.data());
      }
      for (int m = 0; m < plan.network().members(); ++m) {
        const double deviation = deviation_of(values_at(plan, state, static_cast<int>(i), true, x.data(), rows, executor, m));
        if (!(deviation > 0) || !std::isfinite(deviation)) continue;
        const Place& place = state.directory().at(plan.network().prefix(m) + nodes[i].name + "." +
                                                  nodes[i].layout.parameters[k].name);
        float* w = state.at<float>(place);
        for (std::int64_t e = 0; e < place.shape.count(); ++e) w[e] = static_cast<float>(static_cast<double>(w[e]) / deviation);
      }
    }
  copy_to_averages(state, [](const Place&) { return true; });
}

}  // namespace tend
