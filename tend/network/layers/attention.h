#pragma once
#include "tend/network/layer.h"

namespace tend {

/// Attention: multi-head self-attention. q, k, v = x W + b, side by side, each cut into `heads` pieces of d = F / heads. For each
/// head A = softmax over j of q_i . k_j / sqrt(d) (causal: over j <= i), m_i = sum over j of A_ij v_j; y = m W_o + b_o, heads
/// side by side.  x, y [N,T,F]  W [F,3F]  b [3F]  W_o [F,F]  b_o [F].  With dm = dy W_o^T: dv_j = sum over i of A_ij dm_i, dA_ij
/// = dm_i . v_j, ds = A (dA - sum over j of A dA) / sqrt(d), dq_i = sum over j of ds_ij k_j, dk_j = sum over i of ds_ij q_i.
/// Vaswani et al., 2017, eq. 1 and sec. 3.2.2. No dropout of A.
struct Attention : Weighted {
  static constexpr std::string_view about =
      "Multi-head self-attention: each place of a sequence becomes a weighted mean over all places.";
  int heads = 1;
  bool causal = false;

  static constexpr auto fields = std::tuple_cat(
      std::tuple{field_of<Attention>("heads", &Attention::heads, at_least(1), "heads",
                                     "The number of heads that the features are divided into."),
                 field_of<Attention>("causal", &Attention::causal, {}, "",
                                     "Whether a place sees only itself and the places before it.")},
      weighted_fields<Attention>());
  static constexpr std::string_view value_field = "heads";
  static constexpr bool takes_epilogue = true, backward_takes_epilogue = true;

  static std::vector<LayerCase<Attention>> cases() {
    Attention one, two, past, many;
    two.heads = 2, two.bias = false;
    past.heads = 2, past.causal = true;
    many.causal = true;
    return {{one, {{3, 2}}}, {two, {{4, 6}}}, {past, {{5, 4}}}, {many, {{30, 1}}}};
  }

  Layout layout(const std::vector<Shape>& inputs) const {
    const Shape& x = only_input(inputs, "attention", 2, "rows of places [T, F]",
                                "codes become places of features by \"embedding\"");
    if (x[1] % heads != 0)
      throw Error(Trouble::usage, "attention", std::to_string(heads) + " heads for " + std::to_string(x[1]) + " features",
                  "a number that divides them");
    Layout l{.output = x, .parameters = parameters({x[1], 3 * x[1]}, x[1], x[1])};
    for (ParameterSpec& p : parameters({x[1], x[1]}, x[1], x[1])) {
      p.name = "output_" + p.name;
      l.parameters.push_back(std::move(p));
    }
    return l;
  }
  void forward(Pass& p) const {
    const Slot qkv = projected(p), shares = p.training ? p.keep("shares", share_count(p) * p.element_bytes()) : Slot{};
    p.backend->dense_forward(*p.emitter, inward(p), p.inputs[0], p.parameter("weights"), bias ? p.parameter("bias") : Slot{},
                             qkv);
    p.backend->attention_forward(*p.emitter, spec(p), qkv, shares, mixed(p));
    p.backend->dense_forward(*p.emitter, outward(p), mixed(p), p.parameter("output_weights"),
                             bias ? p.parameter("output_bias") : Slot{}, p.output, p.epilogue);
  }
  void backward(Pass& p) const {
    const std::int64_t bytes = places(p) * p.input_shapes[0][1] * p.element_bytes();
    const Slot slope = p.emitter->temporary(bytes), slopes = p.emitter->temporary(3 * bytes);
    p.backend->dense_backward_weights(*p.emitter, outward(p), mixed(p), p.output_gradient, p.gradient("output_weights"),
                                      bias ? p.gradient("output_bias") : Slot{}, p.accumulate);
    p.backend->dense_backward_data(*p.emitter, outward(p), p.output_gradient, p.parameter("output_weights"), slope);
    p.backend->attention_backward(*p.emitter, spec(p), projected(p), p.keep("shares", 0), slope, slopes);
    p.backend->dense_backward_weights(*p.emitter, inward(p), p.inputs[0], slopes, p.gradient("weights"),
                                      bias ? p.gradient("bias") : Slot{}, p.accumulate);
    if (p.input_gradients[0])
      p.backend->dense_backward_data(*p.emitter, inward(p), slopes, p.parameter("weights"), p.input_gradients[0], p.epilogue);
  }

 private:
  std::int64_t places(const Pass& p) const { return p.rows * p.input_shapes[0][0]; }
  std::int64_t share_count(const Pass& p) const { return places(p) * heads * p.input_shapes[0][0]; }
  DenseSpec inward(const Pass& p) const {
    return {.rows = places(p), .inputs = p.input_shapes[0][1], .outputs = 3 * p.input_shapes[0][1]};
  }
  DenseSpec outward(const Pass& p) const {
    return {.rows = places(p), .inputs = p.input_shapes[0][1], .outputs = p.input_shapes[0][1]};
  }
  AttentionSpec spec(const Pass& p) const {
    return {
        .rows = p.rows, .places = p.input_shapes[0][0], .features = p.input_shapes[0][1], .heads = heads, .is_causal = causal};
  }
  Slot projected(Pass& p) const { return p.keep("projected", 3 * places(p) * p.input_shapes[0][1] * p.element_bytes()); }
  Slot mixed(Pass& p) const { return p.keep("mixed", places(p) * p.input_shapes[0][1] * p.element_bytes()); }
};

}  // namespace tend
