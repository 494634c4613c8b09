#include "tend/network/data_scale.h"

#include <cmath>
#include <cstring>

#include "tend/network/compile.h"

namespace tend {

namespace {

/// With one less than the count below, as PyTorch's std().
double deviation_of(const float* x, std::int64_t count) {
  double mean = 0, square = 0;
  for (std::int64_t i = 0; i < count; ++i) mean += static_cast<double>(x[i]) / static_cast<double>(count);
  for (std::int64_t i = 0; i < count; ++i) square += (static_cast<double>(x[i]) - mean) * (static_cast<double>(x[i]) - mean);
  return std::sqrt(square / static_cast<double>(count - 1));
}

/// The deviation of what node `last` puts out.
double deviation_at(int last, const Network& network, const StateLayout& layout, const Backend& backend, std::int64_t rows,
                    const std::function<void(float*)>& fill, Executor& executor, Block state) {
  CompileOptions options;
  options.rows = rows;
  options.backend = &backend;
  options.training = true;
  options.fuse = false;
  options.last = last;
  const Program program = compile(network, layout, options);
  Workspace workspace({&program}, executor.threads());
  workspace.inputs().seed = static_cast<std::uint64_t>(*state.at<std::int64_t>("seed"));
  workspace.inputs().step = 0;  // before the first
  for (std::size_t i = 0; i < network.step_inputs().size(); ++i) workspace.layer_inputs()[i] = network.step_inputs()[i].second;
  AlignedBytes batch(program.batch_bytes());
  fill(reinterpret_cast<float*>(batch.data()));
  program.run(workspace.memory(state.data(), nullptr, batch.data()), executor);
  return deviation_of(reinterpret_cast<const float*>(workspace.arena() + program.output().offset),
                      rows * network.nodes()[static_cast<std::size_t>(last)].layout.output.count());
}

}  // namespace

void scale_by_data(const Network& network, const StateLayout& layout, const Backend& backend, std::int64_t rows,
                   const std::function<void(float*)>& fill, Executor& executor, Block& state) {
  TEND_EXPECTS(layout.type == ElementType::float32 && backend.element_type() == ElementType::float32);
  std::size_t parameter = 0;
  for (std::size_t i = 0; i < network.nodes().size(); ++i)
    for (const auto& initializer : network.nodes()[i].initializers) {
      const std::size_t place = parameter++;
      if (!initializer->needs_data()) continue;
      const double deviation = deviation_at(static_cast<int>(i), network, layout, backend, rows, fill, executor, state);
      if (!(deviation > 0) || !std::isfinite(deviation)) continue;
      auto* w = reinterpret_cast<float*>(state.data() + layout.parameter(place).offset);
      for (std::int64_t k = 0; k < layout.segments[place].count; ++k) w[k] = static_cast<float>(static_cast<double>(w[k]) / deviation);
    }
  for (const StateLayout::Averages& run : layout.averages)  // they start equal to what they are averages of
    std::memcpy(state.data() + run.averages.offset, state.data() + run.values.offset, static_cast<std::size_t>(run.count * size_of(layout.type)));
}

}  // namespace tend
