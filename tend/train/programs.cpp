#include "tend/train/programs.h"

#include <algorithm>

namespace tend {

namespace {

/// The settings of a layer or activation on which its kernels depend: no initializers, penalties or inputs of a step.
Value compiled_settings(const Node& node) {
  Value v = node.layer ? node.layer->to_value() : node.activation->to_value();
  if (!v.is_table()) return v;
  const std::string kind(node.layer ? node.layer->kind() : node.activation->name());
  for (const char* key : {"l2", "l1", "max_norm"}) v.erase(key);
  std::erase_if(v.items(), [](const auto& item) { return item.first.ends_with("initializer"); });
  for (const auto& [name, value] : node.layout.step_inputs) {
    v.erase(name);
    if (const Value* own = v.find(kind); own && own->is_number() && own->number() == value)
      v.erase(kind);  // { dropout = 0.5 }: the value is the rate
  }
  return v;
}

bool are_alike(const std::vector<Node>& a, const std::vector<Node>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Node &m = a[i], &n = b[i];
    const auto kind = [](const Node& node) { return node.layer ? node.layer->kind() : node.activation->name(); };
    if (m.name != n.name || kind(m) != kind(n) || m.inputs != n.inputs || m.layout.output != n.layout.output ||
        m.layout.step_inputs.size() != n.layout.step_inputs.size() || !(compiled_settings(m) == compiled_settings(n)) ||
        !std::equal(m.layout.parameters.begin(), m.layout.parameters.end(), n.layout.parameters.begin(),
                    n.layout.parameters.end(),
                    [](const ParameterSpec& p, const ParameterSpec& q) { return p.name == q.name && p.shape == q.shape; }))
      return false;
  }
  return true;
}

bool are_alike(const Network& a, const Network& b) {
  if (&a == &b) return true;
  if (a.members() != b.members() || a.input_shape() != b.input_shape()) return false;
  const std::vector<Network::Group> of_a = a.groups(), of_b = b.groups();
  return std::equal(of_a.begin(), of_a.end(), of_b.begin(), of_b.end(), [](const Network::Group& p, const Network::Group& q) {
    return p.members == q.members && are_alike(p.network->nodes(), q.network->nodes());
  });
}

}  // namespace

Programs::Programs(ProgramParts parts, const std::vector<CounterSpec>& counters)
    : parts_(std::move(parts)),
      layout_(*parts_.network, ElementType::float32, parts_.optimizer ? parts_.optimizer->slots() : std::vector<SlotSpec>{},
              parts_.has_averages, counters),
      loss_(parts_.loss->functions(ElementType::float32, parts_.backend->isa(), parts_.coding.takes_codes)),
      learnt_loss_(parts_.loss->functions(ElementType::float32, parts_.backend->isa(), parts_.takes_codes)) {
  TEND_EXPECTS(parts_.backend->element_type() == ElementType::float32);
  if (parts_.optimizer) sweep_ = parts_.optimizer->functions(ElementType::float32, parts_.backend->isa());
}

Join join_of(const std::string& kind) {
  return kind == "logits_classes" ? Join::softmax : kind == "logits_binary" ? Join::sigmoid : Join::values;
}

CompileOptions Programs::options_of(Use use, std::int64_t rows, int last) const {
  CompileOptions options;
  options.rows = rows;
  options.backend = parts_.backend;
  options.last = last;
  options.places = parts_.coding.places;
  options.join = join_of(parts_.coding.kind);
  if (use == Use::members) {
    options.joined = false;
    return options;
  }
  if (use == Use::forward || use == Use::forward_training) {
    options.fuse = false;
    options.training = use == Use::forward_training;
    return options;
  }
  options.loss = &loss_;
  options.target_width = parts_.coding.width;
  options.training = use != Use::evaluation;
  options.fuse = use != Use::inspection;
  if (use != Use::training) return options;
  TEND_EXPECTS(parts_.optimizer != nullptr);
  options.loss = &learnt_loss_;
  options.target_width = parts_.target_width;
  options.mean = parts_.mean;
  options.weighted = parts_.is_weighted;
  options.weight_sets = parts_.weight_sets;
  options.sweep = &sweep_;
  return options;
}

const Program& Programs::of(Use use, std::int64_t rows, int last) const {
  const std::lock_guard lock(mutex_);
  std::unique_ptr<const Program>& program = made_[{use, rows, last}];
  if (!program) program = std::make_unique<const Program>(compile(*parts_.network, layout_, options_of(use, rows, last)));
  return *program;
}

bool Programs::are_alike(const ProgramParts& a, const ProgramParts& b) {
  const auto optimizer = [](const ProgramParts& p) { return p.optimizer ? p.optimizer->name() : std::string_view(); };
  return tend::are_alike(*a.network, *b.network) && a.loss->to_value() == b.loss->to_value() &&
         a.coding.width == b.coding.width && a.coding.places == b.coding.places && a.coding.outputs == b.coding.outputs &&
         a.coding.takes_codes == b.coding.takes_codes && a.coding.task == b.coding.task && a.coding.shift == b.coding.shift &&
         a.coding.scale == b.coding.scale && a.backend == b.backend && optimizer(a) == optimizer(b) &&
         a.target_width == b.target_width && a.takes_codes == b.takes_codes && a.mean == b.mean &&
         a.is_weighted == b.is_weighted && a.weight_sets == b.weight_sets && a.has_averages == b.has_averages;
}

}  // namespace tend
