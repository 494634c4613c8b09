#pragma once
#include "tend/network/layer.h"

namespace tend {

/// The common part of lstm and gru: one product maps all places to the gates, a kernel steps through the places, and one product
/// does the backward pass.
struct Recurrence : Weighted {
  int units = 1;
  bool last = false;
  Value recurrent_initializer = "orthogonal";

  Layout recurrence_layout(const std::vector<Shape>& inputs, std::string_view layer, std::int64_t gates_of_cell) const {
    const Shape& x = only_input(inputs, layer, 2, "rows of places [T, F]", "codes become places of features by \"embedding\"");
    const std::int64_t k = units, width = gates_of_cell * k;
    Layout l{.output = last ? Shape{k} : Shape{x[0], k}, .parameters = parameters({x[1], width}, x[1], k)};
    ParameterSpec again = l.parameters[0];
    again.name = "recurrent_weights", again.shape = {k, width}, again.fan_in = k, again.initializer = recurrent_initializer;
    l.parameters.insert(l.parameters.begin() + 1, std::move(again));
    return l;
  }

 protected:
  RecurrentSpec spec(const Pass& p, Cell cell) const {
    return {.rows = p.rows, .places = p.input_shapes[0][0], .units = units, .cell = cell, .only_last = last};
  }
  static std::int64_t bytes(const Pass& p, const RecurrentSpec& s, std::int64_t width) {
    return s.rows * s.places * s.units * width * p.element_bytes();
  }
  Slot gates(Pass& p, const RecurrentSpec& s) const { return p.keep("gates", bytes(p, s, s.gates())); }
  Slot kept(Pass& p, const RecurrentSpec& s) const { return p.keep("cells", bytes(p, s, 1)); }
  Slot outputs(Pass& p, const RecurrentSpec& s) const { return last ? p.keep("outputs", bytes(p, s, 1)) : p.output; }
  DenseSpec inward(const Pass& p, const RecurrentSpec& s) const {
    return {.rows = s.rows * s.places, .inputs = p.input_shapes[0][1], .outputs = s.gates() * s.units};
  }
  static DenseSpec again(const RecurrentSpec& s) {
    return {.rows = s.rows * s.places, .inputs = s.units, .outputs = s.gates() * s.units};
  }

  void project(Pass& p, const RecurrentSpec& s) const {
    p.backend->dense_forward(*p.emitter, inward(p, s), p.inputs[0], p.parameter("weights"), bias ? p.parameter("bias") : Slot{},
                             gates(p, s));
  }
  void give_last(Pass& p, const RecurrentSpec& s) const {
    if (last) p.backend->split(*p.emitter, s.rows, {(s.places - 1) * s.units, s.units}, outputs(p, s), {Slot{}, p.output});
  }
  void project_backward(Pass& p, const RecurrentSpec& s, Slot slopes) const {
    p.backend->dense_backward_weights(*p.emitter, inward(p, s), p.inputs[0], slopes, p.gradient("weights"),
                                      bias ? p.gradient("bias") : Slot{}, p.accumulate);
    if (p.input_gradients[0])
      p.backend->dense_backward_data(*p.emitter, inward(p, s), slopes, p.parameter("weights"), p.input_gradients[0], p.epilogue);
  }
};
template <class L>
constexpr auto recurrence_fields() {
  return std::tuple_cat(
      std::tuple{field_of<L>("units", &L::units, at_least(1), "units", "The width of the output."),
                 field_of<L>("last", &L::last, {}, "", "Whether the layer returns the output of the last place only."),
                 field_of<L>("recurrent_initializer", &L::recurrent_initializer, {}, "",
                             "The initializer of the weights from one place to the next.", "<initializer>")},
      weighted_fields<L>());
}

}  // namespace tend
