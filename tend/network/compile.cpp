#include <algorithm>

#include "tend/network/compiler.h"
#include "tend/network/members_kernel.h"

namespace tend {

Program compile(const Network& network, const StateLayout& state, const CompileOptions& options) {
  return Compiler(network, state, options).compile();
}

Program Compiler::compile() {
  if (options_.last >= 0) groups_.resize(1);  // nodes of several graphs do not correspond
  TEND_EXPECTS(!is_several() || !options_.input_gradient);
  lay_out_batch();
  reserve_outputs();
  for_groups([&] {
    emit_forward();
    if (options_.training && options_.loss) emit_loss();
    if (options_.training && options_.backward && options_.last < 0) emit_backward();
  });
  if (!options_.training) {
    emit_join();
    if (options_.loss) emit_loss();
  }
  plan_.pin(program_.output_);
  if (losses_) options_.backend->mean_of_losses(*this, network_.members(), losses_);
  program_.first_update_call_ = program_.calls_.size();
  if (options_.sweep || options_.penalties) for_groups([&] { emit_penalties(); });
  if (options_.sweep) {
    of_ = "update";
    options_.backend->sweep(*this, *options_.sweep, state_.segments, state_.optimizer_slots);
    for_groups([&] { emit_limits(); });
    of_ = "average";
    for (const StateLayout::Averages& run : state_.averages)
      options_.backend->average(*this, run.count, step_slot(&StepInputs::average_share), run.values, run.averages);
  }
  finish();
  return std::move(program_);
}

/// Turns to a group of members: what follows is emitted for its nodes and parameters.
void Compiler::select(std::size_t group) {
  parameters_before_ = 0;
  for (std::size_t g = 0; g <= group; ++g) {
    parameters_before_ += parameters_of_member_ * static_cast<std::size_t>(g > 0 ? members_ : 0);
    nodes_ = groups_[g].network->nodes();
    members_ = groups_[g].members, first_member_ = groups_[g].first;
    parameters_of_member_ = 0;
    for (const Node& node : nodes_) parameters_of_member_ += node.layout.parameters.size();
  }
  first_parameter_.clear(), first_layer_input_.clear();
  std::size_t parameter = 0;
  std::int64_t input = groups_[group].first_step_input;
  for (const Node& node : nodes_) {
    first_parameter_.push_back(parameter);
    first_layer_input_.push_back(input);
    parameter += node.layout.parameters.size();
    input += static_cast<std::int64_t>(node.layout.step_inputs.size());
    for (const ParameterSpec& p : node.layout.parameters) input += p.shape.rank() > 1 ? weight_input::count : 0;
  }
  const std::size_t n = nodes_.size();
  values_.assign(n, {}), is_fused_.assign(n, 0), kept_.assign(n * static_cast<std::size_t>(members_), {});
  contributions_.assign(n, {}), slope_done_.assign(n, 0), gradients_.assign(n, {}), input_contributions_.clear();
  count_consumers();
}

/// The c-th calls of all groups become one call, or several where they have too many operands or other gates. Groups do not read
/// what others write.
void Compiler::join_groups(std::vector<std::vector<Call>>& calls) {
  std::size_t longest = 0;
  for (const std::vector<Call>& of : calls) longest = std::max(longest, of.size());
  if (!options_.fuse) {  // traces name calls of the first group
    for (std::vector<Call>& of : calls)
      for (Call& one : of) program_.calls_.push_back(std::move(one));
    return;
  }
  for (std::size_t c = 0; c < longest; ++c) {
    std::vector<Call*> left, later;
    for (std::vector<Call>& of : calls)
      if (c < of.size()) left.push_back(&of[c]);
    for (; !left.empty(); left = std::move(later)) {
      later.clear();
      std::vector<MembersKernel::Part> parts;
      Call joined{.kernel = nullptr, .operands = {}, .gate = left[0]->gate, .of = left[0]->of};
      for (Call* one : left) {
        if (one->gate != joined.gate || joined.operands.size() + one->operands.size() > Program::most_operands) {
          later.push_back(one);
          continue;
        }
        parts.push_back({.kernel = std::move(one->kernel), .operands = one->operands.size()});
        joined.operands.insert(joined.operands.end(), one->operands.begin(), one->operands.end());
      }
      joined.kernel = parts.size() > 1 ? std::make_unique<MembersKernel>(std::move(parts)) : std::move(parts[0].kernel);
      program_.calls_.push_back(std::move(joined));
    }
  }
}

void Compiler::lay_out_batch() {
  const auto round_up = [](std::int64_t bytes) { return (bytes + 63) / 64 * 64; };
  const std::int64_t width = options_.loss ? options_.target_width : network_.output_shape().count();
  program_.rows_ = options_.rows;
  program_.target_offset_ = round_up(options_.rows * network_.input_shape().count() * element_);
  program_.weight_offset_ = program_.target_offset_ + round_up(options_.rows * width * element_);
  program_.batch_bytes_ = program_.weight_offset_ +
                          (options_.weighted ? round_up(options_.weight_sets * options_.rows * element_) : 0);
}

void Compiler::count_consumers() {
  consumers_.assign(nodes_.size(), {});
  is_own_.clear();
  has_parameters_above_.assign(nodes_.size(), 0);
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    has_parameters_above_[i] = !nodes_[i].layout.parameters.empty();
    const Layout& layout = nodes_[i].layout;
    bool is_own = members_ > 1 && !is_passed_through(nodes_[i]) &&
                  !(layout.parameters.empty() && layout.statistics.empty() && layout.step_inputs.empty());
    for (const int input : nodes_[i].inputs) is_own = is_own || (input >= 0 && is_own_[static_cast<std::size_t>(input)]);
    is_own_.push_back(is_own);
    for (int input : nodes_[i].inputs) {
      if (input >= 0) consumers_[static_cast<std::size_t>(input)].push_back(i);
      if (wants_gradient(input)) has_parameters_above_[i] = 1;
    }
  }
}

bool Compiler::is_passed_through(const Node& node) const {
  return node.traits.is_view || (node.traits.only_in_training && !options_.training) || node.traits.is_identity;
}

/// Returns the activation that node i's own kernel applies to its output, or -1.
int Compiler::fused_activation(std::size_t i) const {
  if (!options_.fuse || !nodes_[i].traits.takes_epilogue || consumers_[i].size() != 1) return -1;
  const std::size_t next = consumers_[i][0];
  return nodes_[next].activation && !is_passed_through(nodes_[next]) ? static_cast<int>(next) : -1;
}

void Compiler::join_calls() {
  for (std::size_t c = 0; c < collected_[0].size(); ++c) {
    const std::size_t operands = collected_[0][c].operands.size();
    const auto at_once = std::max<std::size_t>(1, Program::most_operands / std::max<std::size_t>(operands, 1));
    for (std::size_t first = 0; first < collected_.size(); first += at_once) {
      std::vector<MembersKernel::Part> parts;
      std::vector<Slot> slots;
      for (std::size_t m = first; m < std::min(first + at_once, collected_.size()); ++m) {
        MemberCall& of = collected_[m][c];
        TEND_EXPECTS(collected_[m].size() == collected_[0].size() && of.operands.size() == operands &&
                     of.gate == collected_[0][c].gate);
        parts.push_back({.kernel = std::move(of.kernel), .operands = operands});
        slots.insert(slots.end(), of.operands.begin(), of.operands.end());
      }
      call(std::make_unique<MembersKernel>(std::move(parts)), std::move(slots), collected_[0][c].gate);
    }
  }
}

/// `member`: 0 where all members share the node's value.
Pass Compiler::pass_of(std::size_t i, int member) {
  const Node& node = nodes_[i];
  Pass pass;
  pass.backend = options_.backend;
  pass.emitter = this;
  pass.rows = options_.rows;
  pass.training = options_.training;
  pass.accumulate = options_.accumulate;
  const int of_all = first_member_ + member;
  pass.layer_name = (of_all > 0 ? network_.prefix(of_all) : "") +
                    node.name;  // the first member drops what a single network would
  pass.input_shapes = node.input_shapes;
  pass.output_shape = node.layout.output;
  pass.kept = &kept_[i * static_cast<std::size_t>(members_) + static_cast<std::size_t>(member)];
  for (int input : node.inputs) pass.inputs.push_back(part_of(value_of(input), input, member));
  std::int64_t input = first_layer_input_[i];
  for (const auto& [name, value] : node.layout.step_inputs) pass.step_inputs[name] = layer_input_slot(input++);
  for (std::size_t k = 0; k < node.layout.parameters.size(); ++k) {
    const std::size_t at = place_of_parameter(i, k, member);
    pass.parameters[node.layout.parameters[k].name] = state_.parameter(at);
    pass.gradients[node.layout.parameters[k].name] = state_.gradient(at);
  }
  for (const StatisticSpec& s : node.layout.statistics)
    pass.statistics[s.name] = {Buffer::state,
                               state_.directory->at(network_.prefix(of_all) + node.name + "." + s.name).offset_bytes};
  return pass;
}

void Compiler::emit_forward() {
  const std::size_t last = options_.last < 0 ? nodes_.size() - 1 : static_cast<std::size_t>(options_.last);
  for (std::size_t i = 0; i <= last; ++i) emit_forward(i);
  if (!is_several()) {
    program_.output_ = values_[last];
    return;
  }
  of_ = "outputs";
  const std::int64_t of_member = options_.rows * network_.output_shape().count();
  Slot part = program_.output_;
  part.within += first_member_ * of_member * element_;
  options_.backend->add(*this, members_ * of_member, {values_[last]}, part);
}

void Compiler::emit_join() {
  if (network_.members() == 1 || !options_.joined || options_.last >= 0) return;
  of_ = "join";
  const std::int64_t outputs = network_.output_shape().count() / options_.places, rows = options_.rows * options_.places;
  const Slot joined = temporary(rows * outputs * element_);
  options_.backend->join_members(*this, {.members = network_.members(), .rows = rows, .outputs = outputs, .join = options_.join},
                                 program_.output_, state_.shares, joined);
  program_.output_ = joined;
}

/// Memory for what all groups write a part of.
void Compiler::reserve_outputs() {
  const std::int64_t members = network_.members();
  const bool is_apart = members > 1 && options_.training && options_.loss;  // each member has a loss of its own
  if (is_several()) program_.output_ = temporary(members * options_.rows * network_.output_shape().count() * element_);
  if (is_apart) losses_ = temporary(8 * members);
  if (!options_.loss) return;
  program_.values_ = temporary((is_apart ? members : 1) * options_.rows * options_.places * 8);
  plan_.pin(program_.values_);
}

void Compiler::emit_forward(std::size_t i) {
  const Node& node = nodes_[i];
  of_ = node.name;
  if (is_passed_through(node)) {
    values_[i] = value_of(node.inputs[0]);
  } else if (node.activation) {
    if (is_fused_[i]) return;
    values_[i] = new_value(i);
    options_.backend->pointwise_forward(*this, rows_of(static_cast<int>(i)) * node.layout.output.count(), functions_of(i),
                                        value_of(node.inputs[0]), values_[i]);
  } else {
    values_[i] = new_value(i);
    const int next = fused_activation(i);
    PointwiseFunctions functions;
    if (next >= 0) {
      const auto at = static_cast<std::size_t>(next);
      functions = functions_of(at);
      is_fused_[at] = 1;
      values_[at] = options_.training && functions.needs_input ? new_value(at) : values_[i];
      of_ += " + " + nodes_[at].name;
    }
    for_members(is_own_[i], [&](int m) {
      Pass pass = pass_of(i, m);
      pass.output = part_of(values_[i], static_cast<int>(i), m);
      if (next >= 0) pass.epilogue = {.functions = functions, .z = pass.output, .y = part_of(value_of(next), next, m)};
      node.layer->forward(pass);
    });
  }
  trace(i, values_[i], false);
}

void Compiler::emit_loss() {
  of_ = "loss";
  const std::int64_t rows = options_.rows * options_.places, outputs = network_.output_shape().count() / options_.places;
  TEND_EXPECTS(options_.places == 1 || !options_.weighted);
  const int last = static_cast<int>(nodes_.size()) - 1;
  const bool is_apart{losses_};
  Slot slope;
  if (options_.training)
    contributions_.back().push_back(slope = temporary((is_apart ? members_ : 1) * rows * outputs * element_));
  for_members(is_apart, [&](int m) {
    const std::int64_t of_all = is_apart ? first_member_ + m : 0;
    Slot values = program_.values_;
    values.within += of_all * rows * 8;
    Slot weights;
    if (options_.weighted) weights = {Buffer::batch, program_.weight_offset_ + of_all % options_.weight_sets * rows * element_};
    options_.backend->loss(*this, *options_.loss, rows, outputs, options_.mean,
                           is_apart ? part_of(values_.back(), last, m) : program_.output_,
                           {Buffer::batch, program_.target_offset_}, weights, values, is_apart ? part_of(slope, last, m) : slope);
    if (!is_apart) return;
    for (MemberCall& c : collected_.back())
      for (Slot& slot : c.operands)
        if (slot.buffer == Buffer::signals) slot = {losses_.buffer, losses_.offset, 8 * of_all};
  });
}

void Compiler::finish() {
  program_.arena_bytes_ = plan_.place(program_.calls_);
  for (Slot* slot : {&program_.output_, &program_.values_, &program_.input_gradient_}) plan_.resolve(*slot);
  for (Trace& trace : program_.traces_) plan_.resolve(trace.slot);
  for (const Call& call : program_.calls_) {
    program_.scratch_bytes_ = std::max(program_.scratch_bytes_, (call.kernel->scratch_bytes() + 63) / 64 * 64);
    program_.most_operands_ = std::max(program_.most_operands_, call.operands.size());
  }
}

}  // namespace tend
