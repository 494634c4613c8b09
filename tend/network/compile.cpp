#include "tend/network/compile.h"

#include <algorithm>

#include "tend/network/arena_plan.h"

namespace tend {

/// Builds one Program: collects the calls that layers emit, decides which operations are fused, and plans the arena at the end.
class Compiler : public Emitter {
 public:
  Compiler(const Network& network, const StateLayout& state, const CompileOptions& options)
      : network_(network),
        state_(state),
        options_(options),
        nodes_(network.nodes()),
        element_(size_of(options.backend->element_type())) {
    TEND_EXPECTS(options.backend->element_type() == state.type);
    std::size_t parameter = 0;
    std::int64_t input = 0;
    for (const Node& node : nodes_) {
      first_parameter_.push_back(parameter);
      first_layer_input_.push_back(input);
      parameter += node.layout.parameters.size();
      input += static_cast<std::int64_t>(node.layout.step_inputs.size());
      for (const ParameterSpec& p : node.layout.parameters) input += p.shape.rank() > 1 ? weight_input::count : 0;
    }
    TEND_EXPECTS(input == static_cast<std::int64_t>(network.step_inputs().size()));
    program_.step_bytes_ = layer_input_slot(input).offset;
    const std::int64_t swept = options.sweep ? static_cast<std::int64_t>(state.segments.size()) : 0;
    program_.signal_count_ = signal_place::first_parameter + signal_place::per_parameter * swept;
  }

  Program compile();

  Slot temporary(std::int64_t bytes) override { return {Buffer::arena, plan_.add(bytes)}; }
  void call(std::unique_ptr<Kernel> kernel, std::vector<Slot> operands, Slot gate) override {
    program_.calls_.push_back({.kernel = std::move(kernel), .operands = std::move(operands), .gate = gate, .of = of_});
  }

 private:
  void lay_out_batch();
  void count_consumers();
  void emit_forward();
  void emit_forward(std::size_t i);
  void emit_loss();
  void emit_backward();
  void emit_backward(std::size_t i);
  void emit_penalties();
  void emit_limits();
  template <class F>
  void for_each_weight(F emit);
  void gather_gradient(std::size_t i);
  Pass pass_of(std::size_t i);
  bool is_passed_through(const Node& node) const;
  int fused_activation(std::size_t i) const;
  Epilogue slope_below(std::size_t i, int& activation) const;
  Slot new_value(std::size_t i) { return temporary(options_.rows * nodes_[i].layout.output.count() * element_); }
  PointwiseFunctions functions_of(std::size_t i) const {
    return nodes_[i].activation->functions(options_.backend->element_type(), options_.backend->isa());
  }
  Slot value_of(int i) const { return i < 0 ? Slot{Buffer::batch, 0} : values_[static_cast<std::size_t>(i)]; }
  bool wants_gradient(int i) const {
    return i < 0 ? options_.input_gradient : has_parameters_above_[static_cast<std::size_t>(i)];
  }
  /// Records that the value can be read after the last call so far. A trace does not keep the value alive.
  void trace(std::size_t i, Slot slot, bool is_gradient) {
    if (!options_.fuse)
      program_.traces_.push_back({.call = static_cast<std::ptrdiff_t>(program_.calls_.size()) - 1,
                                  .node = static_cast<int>(i),
                                  .is_gradient = is_gradient,
                                  .slot = slot});
  }
  void finish();

  const Network& network_;
  const StateLayout& state_;
  CompileOptions options_;
  const std::vector<Node>& nodes_;
  std::int64_t element_;
  Program program_;
  ArenaPlan plan_;
  std::string of_;
  std::vector<std::size_t> first_parameter_;
  std::vector<std::int64_t> first_layer_input_;
  std::vector<std::vector<std::size_t>> consumers_;
  std::vector<char> has_parameters_above_;
  std::vector<Slot> values_;    // of each node's output
  std::vector<char> is_fused_;  // the kernel before it computes the activation
  std::vector<std::map<std::string, Slot>> kept_;
  std::vector<std::vector<Slot>> contributions_;  // terms of the gradient of each node's output
  std::vector<Slot> input_contributions_;
  std::vector<char> slope_done_;  // the gradient already contains the activation's slope
  std::vector<Slot> gradients_;
};

Program compile(const Network& network, const StateLayout& state, const CompileOptions& options) {
  return Compiler(network, state, options).compile();
}

Program Compiler::compile() {
  const std::size_t n = nodes_.size();
  values_.resize(n), is_fused_.resize(n), kept_.resize(n), contributions_.resize(n), slope_done_.resize(n), gradients_.resize(n);
  lay_out_batch();
  count_consumers();
  emit_forward();
  if (options_.loss) emit_loss();
  if (options_.training && options_.backward && options_.last < 0) emit_backward();
  program_.first_update_call_ = program_.calls_.size();
  if (options_.sweep || options_.penalties) emit_penalties();
  if (options_.sweep) {
    of_ = "update";
    options_.backend->sweep(*this, *options_.sweep, state_.segments, state_.optimizer_slots);
    emit_limits();
    of_ = "average";
    for (const StateLayout::Averages& run : state_.averages)
      options_.backend->average(*this, run.count, step_slot(&StepInputs::average_share), run.values, run.averages);
  }
  finish();
  return std::move(program_);
}

void Compiler::lay_out_batch() {
  const auto round_up = [](std::int64_t bytes) { return (bytes + 63) / 64 * 64; };
  const std::int64_t width = options_.loss ? options_.target_width : network_.output_shape().count();
  program_.rows_ = options_.rows;
  program_.target_offset_ = round_up(options_.rows * network_.input_shape().count() * element_);
  program_.weight_offset_ = program_.target_offset_ + round_up(options_.rows * width * element_);
  program_.batch_bytes_ = program_.weight_offset_ + (options_.weighted ? round_up(options_.rows * element_) : 0);
}

void Compiler::count_consumers() {
  consumers_.resize(nodes_.size());
  has_parameters_above_.assign(nodes_.size(), 0);
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    has_parameters_above_[i] = !nodes_[i].layout.parameters.empty();
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

Pass Compiler::pass_of(std::size_t i) {
  const Node& node = nodes_[i];
  Pass pass;
  pass.backend = options_.backend;
  pass.emitter = this;
  pass.rows = options_.rows;
  pass.training = options_.training;
  pass.accumulate = options_.accumulate;
  pass.layer_name = node.name;
  pass.input_shapes = node.input_shapes;
  pass.output_shape = node.layout.output;
  pass.kept = &kept_[i];
  for (int input : node.inputs) pass.inputs.push_back(value_of(input));
  std::int64_t input = first_layer_input_[i];
  for (const auto& [name, value] : node.layout.step_inputs) pass.step_inputs[name] = layer_input_slot(input++);
  for (std::size_t k = 0; k < node.layout.parameters.size(); ++k) {
    pass.parameters[node.layout.parameters[k].name] = state_.parameter(first_parameter_[i] + k);
    pass.gradients[node.layout.parameters[k].name] = state_.gradient(first_parameter_[i] + k);
  }
  for (const StatisticSpec& s : node.layout.statistics)
    pass.statistics[s.name] = {Buffer::state, state_.directory->at(node.name + "." + s.name).offset_bytes};
  return pass;
}

void Compiler::emit_forward() {
  const std::size_t last = options_.last < 0 ? nodes_.size() - 1 : static_cast<std::size_t>(options_.last);
  for (std::size_t i = 0; i <= last; ++i) emit_forward(i);
  program_.output_ = values_[last];
  plan_.pin(program_.output_);
}

void Compiler::emit_forward(std::size_t i) {
  const Node& node = nodes_[i];
  of_ = node.name;
  if (is_passed_through(node)) {
    values_[i] = value_of(node.inputs[0]);
  } else if (node.activation) {
    if (is_fused_[i]) return;
    values_[i] = new_value(i);
    options_.backend->pointwise_forward(*this, options_.rows * node.layout.output.count(), functions_of(i),
                                        value_of(node.inputs[0]), values_[i]);
  } else {
    Pass pass = pass_of(i);
    values_[i] = pass.output = new_value(i);
    if (const int next = fused_activation(i); next >= 0) {
      const auto at = static_cast<std::size_t>(next);
      const PointwiseFunctions functions = functions_of(at);
      is_fused_[at] = 1;
      values_[at] = options_.training && functions.needs_input ? new_value(at) : values_[i];
      pass.epilogue = {.functions = functions, .z = pass.output, .y = values_[at]};
      of_ += " + " + nodes_[at].name;
    }
    node.layer->forward(pass);
  }
  trace(i, values_[i], false);
}

void Compiler::emit_loss() {
  of_ = "loss";
  const std::int64_t rows = options_.rows * options_.places, outputs = network_.output_shape().count() / options_.places;
  TEND_EXPECTS(options_.places == 1 || !options_.weighted);
  program_.values_ = temporary(rows * 8);
  plan_.pin(program_.values_);
  Slot slope;
  if (options_.training) contributions_.back().push_back(slope = temporary(rows * outputs * element_));
  options_.backend->loss(*this, *options_.loss, rows, outputs, options_.mean, values_.back(),
                         {Buffer::batch, program_.target_offset_},
                         options_.weighted ? Slot{Buffer::batch, program_.weight_offset_} : Slot{}, program_.values_, slope);
}

void Compiler::emit_backward() {
  if (!options_.loss) contributions_.back().push_back({Buffer::batch, program_.target_offset_});
  for (std::size_t i = nodes_.size(); i-- > 0;)
    if (has_parameters_above_[i] || options_.input_gradient) emit_backward(i);
  if (!options_.input_gradient) return;
  of_ = "input backward";
  Slot sum = input_contributions_.at(0);
  if (input_contributions_.size() > 1 || sum.buffer != Buffer::arena) {
    const std::int64_t count = options_.rows * network_.input_shape().count();
    sum = temporary(count * element_);
    options_.backend->add(*this, count, input_contributions_, sum);
  }
  program_.input_gradient_ = sum;
  plan_.pin(sum);
}

/// Sums the gradients from the consumers of node i. The same pass applies the slope of an activation.
void Compiler::gather_gradient(std::size_t i) {
  const Node& node = nodes_[i];
  const std::vector<Slot>& given = contributions_[i];
  const std::int64_t count = options_.rows * node.layout.output.count();
  const bool bends = node.activation && !is_passed_through(node);
  gradients_[i] = given.at(0);
  if (given.size() > 1) {
    gradients_[i] = temporary(count * element_);
    Epilogue slope;
    if (bends && options_.fuse) {
      slope = {.functions = functions_of(i), .backward = true, .z = value_of(node.inputs[0]), .y = values_[i]};
      if (!slope.functions.needs_input) slope.z = {};
      slope_done_[i] = 1;
    }
    options_.backend->add(*this, count, given, gradients_[i], slope);
  }
  trace(i, gradients_[i], true);
  if (bends && !slope_done_[i]) {
    const PointwiseFunctions functions = functions_of(i);
    const Slot dy = gradients_[i], z = functions.needs_input ? value_of(node.inputs[0]) : Slot{};
    gradients_[i] = temporary(count * element_);
    options_.backend->pointwise_backward(*this, count, functions, z, values_[i], dy, gradients_[i]);
  }
}

/// Returns the slope that a kernel can apply while it writes the gradient of node i's input: that of the nearest activation
/// below, past views, if that has no other consumer.
Epilogue Compiler::slope_below(std::size_t i, int& activation) const {
  activation = -1;
  if (!options_.fuse || !nodes_[i].traits.backward_takes_epilogue) return {};
  for (int below = nodes_[i].inputs[0]; below >= 0;) {
    const auto at = static_cast<std::size_t>(below);
    if (consumers_[at].size() != 1) return {};
    if (is_passed_through(nodes_[at])) {
      below = nodes_[at].inputs[0];
      continue;
    }
    if (!nodes_[at].activation) return {};
    activation = below;
    Epilogue slope{.functions = functions_of(at), .backward = true, .z = value_of(nodes_[at].inputs[0]), .y = values_[at]};
    if (!slope.functions.needs_input) slope.z = {};
    return slope;
  }
  return {};
}

void Compiler::emit_backward(std::size_t i) {
  const Node& node = nodes_[i];
  if (contributions_[i].empty()) return;  // the loss does not depend on it
  of_ = node.name + " backward";
  gather_gradient(i);
  const auto give = [&](int input, Slot gradient) {
    if (input >= 0) contributions_[static_cast<std::size_t>(input)].push_back(gradient);
    else if (options_.input_gradient) input_contributions_.push_back(gradient);
  };
  if (node.activation || is_passed_through(node) || node.traits.passes_gradient) {
    for (int input : node.inputs) give(input, gradients_[i]);
    return;
  }
  Pass pass = pass_of(i);
  pass.output = values_[i];
  pass.output_gradient = gradients_[i];
  int activation = -1;
  for (std::size_t k = 0; k < node.inputs.size(); ++k) {
    const bool wanted = wants_gradient(node.inputs[k]);
    pass.input_gradients.push_back(wanted ? temporary(options_.rows * node.input_shapes[k].count() * element_) : Slot{});
    if (wanted) give(node.inputs[k], pass.input_gradients[k]);
  }
  if (pass.input_gradients[0]) pass.epilogue = slope_below(i, activation);
  if (activation >= 0) {
    slope_done_[static_cast<std::size_t>(activation)] = 1;
    of_ += " + " + nodes_[static_cast<std::size_t>(activation)].name;
  }
  node.layer->backward(pass);
}

/// Calls emit(parameter, segment, place of its first weight_input) for each parameter of more than one axis.
template <class F>
void Compiler::for_each_weight(F emit) {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const Node& node = nodes_[i];
    std::int64_t place = first_layer_input_[i] + static_cast<std::int64_t>(node.layout.step_inputs.size());
    for (std::size_t k = 0; k < node.layout.parameters.size(); ++k) {
      if (node.layout.parameters[k].shape.rank() < 2) continue;
      emit(node.layout.parameters[k], state_.segments[first_parameter_[i] + k], place);
      place += weight_input::count;
    }
  }
}

void Compiler::emit_penalties() {
  of_ = "penalty";
  for_each_weight([&](const ParameterSpec&, const SweepSegment& segment, std::int64_t place) {
    options_.backend->penalty(*this, segment, layer_input_slot(place + weight_input::l2));
    options_.backend->sign_penalty(*this, segment, layer_input_slot(place + weight_input::l1));
  });
}

void Compiler::emit_limits() {
  of_ = "limit";
  for_each_weight([&](const ParameterSpec& parameter, const SweepSegment& segment, std::int64_t place) {
    options_.backend->max_norm(*this, segment, parameter.shape[-1], layer_input_slot(place + weight_input::max_norm));
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
