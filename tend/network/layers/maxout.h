#pragma once
#include "tend/network/layer.h"

namespace tend {

/// Maxout: y[n,k] = the largest of the P pieces z[n,k,p], z = x W + b.   x [N,F]  W [F,K P]  b [K P]  y [N,K].
/// dz is dy at the largest piece, the first of equals, 0 elsewhere; the rest as in dense. NaN among the pieces gives NaN. Kinks
/// where two pieces are equal. Goodfellow et al., 2013, sec. 3. Default: 2 pieces.
struct Maxout : Weighted {
  static constexpr std::string_view about = "Each output is the largest of several weighted sums of the inputs.";
  int units = 1, pieces = 2;

  static constexpr auto fields = std::tuple_cat(
      std::tuple{field_of<Maxout>("units", &Maxout::units, at_least(1), "units", "The width of the output."),
                 field_of<Maxout>("pieces", &Maxout::pieces, between(1, 255), "pieces",
                                  "The number of linear functions of a unit, the largest of which is its output.")},
      weighted_fields<Maxout>());
  static constexpr std::string_view value_field = "units";
  static constexpr bool takes_epilogue = false, backward_takes_epilogue = true;

  static std::vector<LayerCase<Maxout>> cases() {
    Maxout two, three;
    two.units = 3;
    three.units = 2, three.pieces = 3, three.bias = false;
    return {{two, {{5}}}, {three, {{4}}}};
  }

  Layout layout(const std::vector<Shape>& inputs) const {
    const Shape& x = only_input(inputs, "maxout", 1, "rows of features [F]", "put \"flatten\" before it");
    return {.output = {units}, .parameters = parameters({x[0], width()}, x[0], width())};
  }
  void forward(Pass& p) const {
    const Slot z = pieces_of(p);
    p.backend->dense_forward(*p.emitter, spec(p), p.inputs[0], p.parameter("weights"), bias ? p.parameter("bias") : Slot{}, z);
    p.backend->piece_max_forward(*p.emitter, p.rows * units, pieces, z, p.output, p.training ? where(p) : Slot{});
  }
  void backward(Pass& p) const {
    const Slot dz = pieces_of(p);
    p.backend->piece_max_backward(*p.emitter, p.rows * units, pieces, p.output_gradient, where(p), dz);
    p.backend->dense_backward_weights(*p.emitter, spec(p), p.inputs[0], dz, p.gradient("weights"),
                                      bias ? p.gradient("bias") : Slot{}, p.accumulate);
    if (p.input_gradients[0])
      p.backend->dense_backward_data(*p.emitter, spec(p), dz, p.parameter("weights"), p.input_gradients[0], p.epilogue);
  }

 private:
  std::int64_t width() const { return static_cast<std::int64_t>(units) * pieces; }
  DenseSpec spec(const Pass& p) const { return {.rows = p.rows, .inputs = p.input_shapes[0][0], .outputs = width()}; }
  Slot pieces_of(Pass& p) const { return p.emitter->temporary(p.rows * width() * p.element_bytes()); }
  Slot where(Pass& p) const { return p.keep("where", p.rows * units); }
};

}  // namespace tend
