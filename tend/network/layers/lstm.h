#pragma once
#include "tend/network/recurrence.h"

namespace tend {

/// Lstm: at each place t, i, f, o are the sigmoid and g the tanh of x_t W + h_(t-1) U + b (side by side: i f g o, as in PyTorch):
/// c_t = f c_(t-1) + i g, h_t = o tanh(c_t); h and c are 0 before the first place.
/// x [N,T,F]  W [F,4K]  U [K,4K]  b [4K]  y = h [N,T,K], with last = true h_T [N,K].  Backward through time:
/// dc_t = dh_t o (1 - tanh^2 c_t) + f_(t+1) dc_(t+1), dh_t = dy_t + dz_(t+1) U^T, dz the gradient of the gates' inputs;
/// dW = x^T dz, dU = h_(t-1)^T dz. Hochreiter and Schmidhuber, 1997, with the forget gate of Gers et al., 2000.
/// One bias, where PyTorch adds two. U starts orthogonal, as in Keras.
struct Lstm : Recurrence {
  static constexpr std::string_view about = "A recurrent layer with a cell state and input, forget and output gates.";
  static constexpr auto fields = recurrence_fields<Lstm>();
  static constexpr std::string_view value_field = "units";
  static constexpr bool takes_epilogue = false, backward_takes_epilogue = true;

  static std::vector<LayerCase<Lstm>> cases() {
    Lstm all, last;
    all.units = 3;
    last.units = 2, last.last = true, last.bias = false;
    return {{all, {{4, 2}}}, {last, {{3, 3}}}, {all, {{1, 1}}}};
  }

  Layout layout(const std::vector<Shape>& inputs) const { return recurrence_layout(inputs, "lstm", 4); }
  void forward(Pass& p) const {
    const RecurrentSpec s = spec(p, Cell::lstm);
    project(p, s);
    p.backend->recurrent_forward(*p.emitter, s, gates(p, s), p.parameter("recurrent_weights"), {}, kept(p, s), outputs(p, s));
    give_last(p, s);
  }
  void backward(Pass& p) const {
    const RecurrentSpec s = spec(p, Cell::lstm);
    const Slot slopes = p.emitter->temporary(bytes(p, s, 4)), before = p.emitter->temporary(bytes(p, s, 1));
    p.backend->recurrent_backward(*p.emitter, s, gates(p, s), p.parameter("recurrent_weights"), kept(p, s), outputs(p, s),
                                  p.output_gradient, slopes, {}, before);
    p.backend->dense_backward_weights(*p.emitter, again(s), before, slopes, p.gradient("recurrent_weights"), {}, p.accumulate);
    project_backward(p, s, slopes);
  }
};

}  // namespace tend
