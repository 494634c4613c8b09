#pragma once
#include "tend/network/layer.h"

namespace tend {

/// Dropout: in training y = x mask / (1 - rate), mask 0 with probability `rate`; in inference y = x. dx = dy mask / (1 - rate).
/// The mask is a function of (seed, step, row in the whole step, element) and is drawn again for backward. Srivastava et al.,
/// 2014 (inverted form).
struct Dropout {
  static constexpr std::string_view about =
      "In training, sets a random share of the values to 0 and scales up the others; does nothing in inference.";
  double rate = 0.5;

  static constexpr auto fields = std::tuple{
      field_of<Dropout>("rate", &Dropout::rate, fraction(), "", "The fraction of the inputs that is set to 0 in training.")};
  static constexpr std::string_view value_field = "rate";
  static constexpr bool takes_epilogue = false, backward_takes_epilogue = true, only_in_training = true;

  static std::vector<LayerCase<Dropout>> cases() { return {{{0.5}, {{7}}}, {{0.2}, {{3, 3, 2}}}, {{0.0}, {{3}}}}; }

  Layout layout(const std::vector<Shape>& inputs) const { return {.output = inputs.at(0), .step_inputs = {{"rate", rate}}}; }
  void forward(Pass& p) const { p.backend->dropout_forward(*p.emitter, spec(p), p.step_input("rate"), p.inputs[0], p.output); }
  void backward(Pass& p) const {
    if (p.input_gradients[0])
      p.backend->dropout_backward(*p.emitter, spec(p), p.step_input("rate"), p.output_gradient, p.input_gradients[0], p.epilogue);
  }

 private:
  DropoutSpec spec(const Pass& p) const {
    return {.rows = p.rows, .row_size = p.output_shape.count(), .purpose = purpose(p.layer_name)};
  }
};

}  // namespace tend
