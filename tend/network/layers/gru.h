#pragma once
#include "tend/network/recurrence.h"

namespace tend {

/// Gru: at each place t, with a = x_t W + b and u = h_(t-1) U + b' (side by side: r z n): r = sigmoid(a_r + u_r),
/// z = sigmoid(a_z + u_z), n = tanh(a_n + r u_n), h_t = (1 - z) n + z h_(t-1); h is 0 before the first place. PyTorch's formulas:
/// the reset gate applies after the product.
/// x [N,T,F]  W [F,3K]  U [K,3K]  b, b' [3K]  y = h [N,T,K], with last = true h_T [N,K].  Backward through time:
/// dn = dh (1 - z)(1 - n^2), dz = dh (h_(t-1) - n) z (1 - z), dr = dn u_n r (1 - r); du = (dr, dz, r dn);
/// dh_(t-1) = z dh + du U^T. Cho et al., 2014. U starts orthogonal, as in Keras.
struct Gru : Recurrence {
  static constexpr std::string_view about = "A recurrent layer with a reset gate and an update gate.";
  static constexpr auto fields = recurrence_fields<Gru>();
  static constexpr std::string_view value_field = "units";
  static constexpr bool takes_epilogue = false, backward_takes_epilogue = true;

  static std::vector<LayerCase<Gru>> cases() {
    Gru all, last;
    all.units = 3;
    last.units = 2, last.last = true, last.bias = false;
    return {{all, {{4, 2}}}, {last, {{3, 3}}}, {all, {{1, 1}}}};
  }

  Layout layout(const std::vector<Shape>& inputs) const {
    Layout l = recurrence_layout(inputs, "gru", 3);
    if (bias)
      l.parameters.push_back({.name = "recurrent_bias",
                              .shape = {3 * units},
                              .fan_in = units,
                              .fan_out = 3 * units,
                              .initializer = bias_initializer});
    return l;
  }
  void forward(Pass& p) const {
    const RecurrentSpec s = spec(p, Cell::gru);
    project(p, s);
    p.backend->recurrent_forward(*p.emitter, s, gates(p, s), p.parameter("recurrent_weights"),
                                 bias ? p.parameter("recurrent_bias") : Slot{}, kept(p, s), outputs(p, s));
    give_last(p, s);
  }
  void backward(Pass& p) const {
    const RecurrentSpec s = spec(p, Cell::gru);
    const Slot slopes = p.emitter->temporary(bytes(p, s, 3)), products = p.emitter->temporary(bytes(p, s, 3)),
               before = p.emitter->temporary(bytes(p, s, 1));
    p.backend->recurrent_backward(*p.emitter, s, gates(p, s), p.parameter("recurrent_weights"), kept(p, s), outputs(p, s),
                                  p.output_gradient, slopes, products, before);
    p.backend->dense_backward_weights(*p.emitter, again(s), before, products, p.gradient("recurrent_weights"),
                                      bias ? p.gradient("recurrent_bias") : Slot{}, p.accumulate);
    project_backward(p, s, slopes);
  }
};

}  // namespace tend
