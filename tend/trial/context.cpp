#include "tend/trial/context.h"

#include <algorithm>
#include <cmath>

namespace tend {

namespace {

constexpr std::int64_t most_rows = 2000, most_numbers = 4'000'000, rows_looked_at = 128, fewest_looked_at = 8,
                       most_look_bytes = 256 << 20;

}  // namespace

TrialContext::TrialContext(const Run& run) : run_(run) {
  std::vector<bool> is_input;  // the input itself, under another shape
  for (const Node& node : plan().network().nodes()) {
    const bool sees_input = std::any_of(node.inputs.begin(), node.inputs.end(),
                                        [&](int i) { return i < 0 || is_input[static_cast<std::size_t>(i)]; });
    is_input.push_back(sees_input && node.traits.is_view);
    if (sees_input && node.layer)
      for (const LayerSample& sample : node.layer->cases()) takes_codes_ |= sample.codes > 0;
  }
}

Drawn TrialContext::drawn_by(const InitializerEntry& initializer, const ParameterSpec& spec) const {
  constexpr double enough = 10000;
  const std::string key = to_json(initializer.to_value(), -1) + spec.shape.text() + "/" + std::to_string(spec.fan_in) + "/" +
                          std::to_string(spec.fan_out);
  if (const auto known = drawn_.find(key); known != drawn_.end()) return known->second;
  Random random(1, purpose("advice"));
  std::vector<double> w(static_cast<std::size_t>(spec.shape.count()));
  double sum = 0, squares = 0, count = 0;
  while (count < enough) {
    initializer.fill(w.data(), {spec.shape, spec.fan_in, spec.fan_out}, random);
    for (double v : w) sum += v, squares += v * v;
    count += static_cast<double>(w.size());
  }
  return drawn_[key] = {sum / count, std::sqrt(squares / count)};
}

SampleRows TrialContext::sample_of(const Part& part, std::uint64_t purpose) const {
  SampleRows s;
  const std::int64_t n = part.rows();
  s.row_size = n ? part.x.row_size() : 0;
  s.targets = n ? std::max<std::int64_t>(1, part.y.row_size()) : 1;
  const std::int64_t wanted = std::min(
      n, std::min(most_rows, std::max<std::int64_t>(64, most_numbers / std::max<std::int64_t>(1, s.row_size))));
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  order_of_epoch(experiment().seed + purpose, 0, true, order);
  s.rows.assign(order.begin(), order.begin() + wanted);
  s.x.resize(static_cast<std::size_t>(wanted * s.row_size));
  if (wanted) part.gather(s.rows.data(), 0, wanted, s.x.data());
  for (std::int64_t row : s.rows)
    for (std::int64_t t = 0; t < s.targets; ++t) s.y.push_back(part.y.as<double>()[row * s.targets + t]);
  return s;
}

const SampleRows& TrialContext::training_sample() const {
  if (!training_sample_) training_sample_ = std::make_unique<SampleRows>(sample_of(plan().parts().train, 101));
  return *training_sample_;
}

const SampleRows& TrialContext::validation_sample() const {
  if (!validation_sample_) validation_sample_ = std::make_unique<SampleRows>(sample_of(plan().parts().validation, 103));
  return *validation_sample_;
}

const SampleRows& TrialContext::test_sample() const {
  if (!test_sample_) test_sample_ = std::make_unique<SampleRows>(sample_of(plan().parts().test, 107));
  return *test_sample_;
}

std::vector<std::int64_t> TrialContext::few_rows(std::int64_t most) const {
  const SampleRows& s = training_sample();
  return {s.rows.begin(), s.rows.begin() + std::min(most, s.count())};
}

const Look& TrialContext::start() const {
  if (!start_) {
    Trial still(run_);
    still.set(".rate", 0);
    // A row's share of the arena, twice, as the look keeps some of what passes.
    const std::int64_t each = 2 * plan().program().arena_bytes() / plan().batch_size() + 1;
    start_ = std::make_unique<Look>(
        look_inside(still, few_rows(std::clamp(most_look_bytes / each, fewest_looked_at, rows_looked_at))));
    for (std::size_t i = 0; i < start_->nodes.size(); ++i)
      start_->nodes[i].node = &network().nodes()[i];  // which outlives the trial
  }
  return *start_;
}

std::int64_t TrialContext::affordable_steps(const Trial& trial, double flops, std::int64_t least, std::int64_t most) {
  const double each = trial.plan().program().flops() +
                      flops_of_a_call * static_cast<double>(trial.plan().program().calls().size());
  return std::clamp(static_cast<std::int64_t>(flops / each), least, most);
}

std::string layer_field(const Node& node) { return "network.layers." + node.name; }

std::string kind_of(const Node& node) { return std::string(node.kind()); }

const Node* output_activation(const Network& network) {
  std::size_t at = network.nodes().size() - 1;  // a view or dropout after the activation does not change it
  while ((network.nodes()[at].traits.is_view || network.nodes()[at].traits.only_in_training) &&
         network.nodes()[at].inputs[0] >= 0)
    at = static_cast<std::size_t>(network.nodes()[at].inputs[0]);
  const Node& last = network.nodes()[at];
  if (last.traits.is_identity || !last.layout.parameters.empty()) return nullptr;
  return last.activation || last.traits.output != OutputKind::values ? &last : nullptr;
}

bool is_fixed_map(const Node& node) {
  return node.traits.is_identity || node.traits.is_view || node.traits.only_in_training || node.traits.normalizes_over_rows();
}

bool is_linear(const Network& network) {
  return std::all_of(network.nodes().begin(), network.nodes().end(), [&](const Node& node) {
    return &node == &network.nodes().back() || is_fixed_map(node) || node.traits.is_product;
  });
}

}  // namespace tend
