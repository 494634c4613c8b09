#include "tend/trial/look.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tend {

namespace {

/// Sums over values x [rows, count] of float32.
void describe(const float* x, std::int64_t rows, std::int64_t count, NodeLook& look) {
  double sum = 0, squares = 0, between = 0;
  std::int64_t zeros = 0, seen = 0;
  look.lowest = std::numeric_limits<double>::infinity();
  look.highest = -look.lowest;
  std::vector<char> is_alive(static_cast<std::size_t>(look.units), 0);
  std::vector<double> own(static_cast<std::size_t>(count), 0), own_squares(own.size(), 0);
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t e = 0; e < count; ++e) {
      const auto v = static_cast<double>(x[r * count + e]);
      if (!std::isfinite(v)) {
        ++look.not_finite;
        continue;
      }
      own[static_cast<std::size_t>(e)] += v;
      own_squares[static_cast<std::size_t>(e)] += v * v;
      zeros += v == 0;
      ++seen;
      if (v != 0) is_alive[static_cast<std::size_t>(e % look.units)] = 1;
      look.lowest = std::min(look.lowest, v);
      look.highest = std::max(look.highest, v);
    }
  const auto all = static_cast<double>(rows);
  for (std::size_t e = 0; e < own.size(); ++e) {
    sum += own[e];
    squares += own_squares[e];
    between += std::max(0.0, own_squares[e] / all - own[e] / all * (own[e] / all));
  }
  const double n = std::max<double>(1, static_cast<double>(seen));
  look.mean = sum / n;
  look.deviation = std::sqrt(std::max(0.0, squares / n - look.mean * look.mean));
  look.row_deviation = std::sqrt(between / static_cast<double>(count));
  look.zero_fraction = static_cast<double>(zeros) / n;
  look.dead_fraction = 1 - static_cast<double>(std::count(is_alive.begin(), is_alive.end(), 1)) / static_cast<double>(look.units);
}

void describe_slopes(const PointwiseFunctions& f, const float* z, const float* y, std::int64_t n, double known_steepest,
                     NodeLook& look) {
  std::vector<float> ones(static_cast<std::size_t>(n), 1), slopes(static_cast<std::size_t>(n));
  f.backward(f.self, z, y, ones.data(), slopes.data(), n);
  double sum = 0, steepest = 0;
  for (float s : slopes)
    if (std::isfinite(s)) {
      sum += std::fabs(static_cast<double>(s));
      steepest = std::max(steepest, std::fabs(static_cast<double>(s)));
    }
  if (std::isfinite(known_steepest)) steepest = std::max(steepest, known_steepest);  // where no value comes near it
  std::int64_t flat = 0;
  for (float s : slopes) flat += !(std::fabs(static_cast<double>(s)) >= 0.01 * steepest) || steepest == 0;
  look.slope = sum / static_cast<double>(n);
  look.flat_fraction = static_cast<double>(flat) / static_cast<double>(n);
}

/// Rank 2 or more: the last axis counts units.
double one_signed(const float* g, std::int64_t count, std::int64_t units) {
  std::int64_t one_signed = 0, living = 0;
  for (std::int64_t u = 0; u < units; ++u) {
    bool has_plus = false, has_minus = false;
    for (std::int64_t i = u; i < count; i += units) {
      has_plus |= g[i] > 0;
      has_minus |= g[i] < 0;
    }
    living += has_plus || has_minus;
    one_signed += has_plus != has_minus;
  }
  return living ? static_cast<double>(one_signed) / static_cast<double>(living) : 0;
}

/// One Program that looks, with its memory.
class Looker {
 public:
  Looker(const Trial& trial, const std::vector<std::int64_t>& rows)
      : trial_(trial),
        rows_(static_cast<std::int64_t>(rows.size())),
        state_(trial.state()),
        program_(trial.plan().programs().inspection(rows_)),
        workspace_({&program_}, trial.run().executor().threads()),
        gradient_(trial.plan().layout().parameter_elements * size_of(ElementType::float32)),
        batch_(program_.batch_bytes()) {
    trial.write_batch(rows, program_.target_offset(), batch_.data());
    trial.plan().fill(workspace_, trial.experiment().seed, 1);
  }

  Look run() {
    look_.rows = rows_;
    look_.nodes.resize(trial_.network().nodes().size());
    for (std::size_t i = 0; i < look_.nodes.size(); ++i) {
      look_.nodes[i].node = &trial_.network().nodes()[i];
      look_.nodes[i].units = std::max<std::int64_t>(1, look_.nodes[i].node->layout.output[-1]);
    }
    const Memory memory = workspace_.memory(state_.data(), gradient_.data(), batch_.data());
    std::size_t next = 0;
    const auto read_until = [&](std::ptrdiff_t call) {
      for (; next < program_.traces().size() && program_.traces()[next].call <= call; ++next)
        read(program_.traces()[next], memory);
    };
    read_until(-1);
    program_.run(memory, trial_.run().executor(),
                 [&](std::size_t call, void* const*) { read_until(static_cast<std::ptrdiff_t>(call)); });
    read_until(static_cast<std::ptrdiff_t>(program_.calls().size()));
    look_.loss = workspace_.signals()[signal_place::loss];
    read_parameters(memory);
    return std::move(look_);
  }

 private:
  void read(const Trace& trace, const Memory& memory) {
    NodeLook& look = look_.nodes[static_cast<std::size_t>(trace.node)];
    const std::int64_t count = look.node->layout.output.count();
    const float* values = values_in<float>(memory, trace.slot, rows_ * count).data();
    if (trace.is_gradient) {
      NodeLook of_gradient;
      of_gradient.units = look.units;
      describe(values, rows_, count, of_gradient);
      const auto scale = static_cast<double>(rows_);
      look.gradient_mean = of_gradient.mean * scale;
      look.gradient_deviation = of_gradient.deviation * scale;
      look.has_gradient = true;
      return;
    }
    outputs_.resize(look_.nodes.size());
    describe(values, rows_, count, look);
    if (feeds_activation(trace.node)) outputs_[static_cast<std::size_t>(trace.node)].assign(values, values + rows_ * count);
    if (!look.node->activation || look.node->traits.is_identity) return;
    const int input = look.node->inputs[0];
    const float* z = input < 0 ? values_in<float>(memory, {Buffer::batch, 0}, rows_ * count).data()
                               : outputs_[static_cast<std::size_t>(input)].data();
    describe_slopes(look.node->activation->functions(ElementType::float32, trial_.plan().backend().isa()), z, values,
                    rows_ * count, look.node->traits.steepest_slope, look);
  }

  bool feeds_activation(int node) const {
    return std::any_of(look_.nodes.begin(), look_.nodes.end(),
                       [&](const NodeLook& n) { return n.node->activation && n.node->inputs[0] == node; });
  }

  void read_parameters(const Memory& memory) {
    std::size_t p = 0;
    for (const Node& node : trial_.network().nodes())
      for (const ParameterSpec& spec : node.layout.parameters) {
        const SweepSegment& segment = trial_.plan().layout().segments[p];
        const float* w = values_in<float>(memory, trial_.plan().layout().parameter(p), segment.count).data();
        const float* g = values_in<float>(memory, trial_.plan().layout().gradient(p), segment.count).data();
        ParameterLook look{.name = trial_.plan().layout().parameter_names[p], .shape = spec.shape};
        double sum = 0, squares = 0, gradients = 0;
        for (std::int64_t i = 0; i < segment.count; ++i) {
          sum += static_cast<double>(w[i]);
          squares += static_cast<double>(w[i]) * static_cast<double>(w[i]);
          gradients += static_cast<double>(g[i]) * static_cast<double>(g[i]);
        }
        const auto n = static_cast<double>(segment.count);
        look.weight_norm = std::sqrt(squares);
        look.weight_deviation = std::sqrt(std::max(0.0, squares / n - sum / n * (sum / n)));
        look.gradient_norm = std::sqrt(gradients);
        if (spec.shape.rank() > 1) look.one_signed_fraction = one_signed(g, segment.count, spec.shape[-1]);
        look_.parameters.push_back(std::move(look));
        ++p;
      }
  }

  const Trial& trial_;
  std::int64_t rows_;
  Block state_;
  const Program& program_;
  Workspace workspace_;
  AlignedBytes gradient_, batch_;
  std::vector<std::vector<float>> outputs_;
  Look look_;
};

}  // namespace

SpreadOfRows spread_of_rows(const float* x, std::int64_t rows, std::int64_t width) {
  double squares = 0, between = 0;
  const auto n = static_cast<double>(rows);
  for (std::int64_t e = 0; e < width; ++e) {
    double own = 0, own_squares = 0;
    for (std::int64_t r = 0; r < rows; ++r) {
      const auto v = static_cast<double>(x[r * width + e]);
      own += v;
      own_squares += v * v;
    }
    squares += own_squares;
    between += std::max(0.0, own_squares - own / n * own);
  }
  const double count = n * static_cast<double>(width);
  return {std::sqrt(squares / count), std::sqrt(between / count)};
}

Look look_inside(const Trial& trial, const std::vector<std::int64_t>& rows) { return Looker(trial, rows).run(); }

}  // namespace tend
