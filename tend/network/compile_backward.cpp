#include "tend/network/compiler.h"

namespace tend {

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
  const std::int64_t count = rows_of(static_cast<int>(i)) * node.layout.output.count();
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
  // Where the members share an input, each has a gradient of its own for it, and they are added.
  const auto is_shared = [&](int input) { return is_own_[i] && !(input >= 0 && is_own_[static_cast<std::size_t>(input)]); };
  if (node.activation || is_passed_through(node) || node.traits.passes_gradient) {
    for (int input : node.inputs)
      for (int m = 0; m < (is_shared(input) ? members_ : 1); ++m) give(input, part_of(gradients_[i], static_cast<int>(i), m));
    return;
  }
  std::vector<std::vector<Slot>> given;
  for (std::size_t k = 0; k < node.inputs.size(); ++k) {
    const int input = node.inputs[k];
    given.emplace_back();
    if (!wants_gradient(input)) continue;
    const std::int64_t bytes = rows_of(input) * node.input_shapes[k].count() * element_;
    for (int m = 0; m < (is_shared(input) ? members_ : 1); ++m) give(input, given[k].emplace_back(temporary(bytes)));
  }
  int activation = -1;
  const Epilogue slope = given[0].size() == 1 ? slope_below(i, activation) : Epilogue{};  // a sum is bent as a whole
  if (activation >= 0) {
    slope_done_[static_cast<std::size_t>(activation)] = 1;
    of_ += " + " + nodes_[static_cast<std::size_t>(activation)].name;
  }
  for_members(is_own_[i], [&](int m) {
    Pass pass = pass_of(i, m);
    pass.output = part_of(values_[i], static_cast<int>(i), m);
    pass.output_gradient = part_of(gradients_[i], static_cast<int>(i), m);
    for (std::size_t k = 0; k < node.inputs.size(); ++k) {
      const std::vector<Slot>& of = given[k];
      pass.input_gradients.push_back(of.empty()      ? Slot{}
                                     : of.size() > 1 ? of[static_cast<std::size_t>(m)]
                                                     : part_of(of[0], node.inputs[k], m));
    }
    pass.epilogue = slope;
    pass.epilogue.z = part_of(slope.z, node.inputs[0], m);
    pass.epilogue.y = part_of(slope.y, node.inputs[0], m);
    node.layer->backward(pass);
  });
}

/// Calls emit(parameter, segment, place of its first weight_input) for each parameter of more than one axis.
template <class F>
void Compiler::for_each_weight(F emit) {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const Node& node = nodes_[i];
    std::int64_t place = first_layer_input_[i] + static_cast<std::int64_t>(node.layout.step_inputs.size());
    for (std::size_t k = 0; k < node.layout.parameters.size(); ++k) {
      if (node.layout.parameters[k].shape.rank() < 2) continue;
      for_members(members_ > 1,
                  [&](int m) { emit(node.layout.parameters[k], state_.segments[place_of_parameter(i, k, m)], place); });
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

}  // namespace tend
