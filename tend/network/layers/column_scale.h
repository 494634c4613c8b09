#pragma once
#include "tend/network/layer.h"

namespace tend {

/// ColumnScale: y[n,f] = s[f] x[n,f].   x [N,F]  s [F]  y [N,F].   dx = s dy,  ds[f] = sum over N of x[n,f] dy[n,f].
/// As the first layer it learns how much each column counts. Holzmueller et al., 2024 ("Better by default"), sec. 3: s starts at
/// 1 and learns at 6 times the rate of the other parameters.
struct ColumnScale {
  static constexpr std::string_view about = "Multiplies each column by a learned factor.";
  double rate_factor = 6;

  static constexpr auto fields = std::tuple{field_of<ColumnScale>("rate_factor", &ColumnScale::rate_factor, above(0), "",
                                                                  "The factors learn at this many times the learning rate.")};
  static constexpr std::string_view value_field = "rate_factor";
  static constexpr bool takes_epilogue = true, backward_takes_epilogue = true, passes_through = true;

  static std::vector<LayerCase<ColumnScale>> cases() { return {{{}, {{5}}}, {{.rate_factor = 1}, {{1}}}, {{}, {{37}}}}; }

  Layout layout(const std::vector<Shape>& inputs) const {
    const Shape& x = only_input(inputs, "column_scale", 1, "rows of features [F]", "put \"flatten\" before it");
    return {.output = x, .parameters = {{.name = "factors", .shape = x, .initializer = "ones", .rate_factor = rate_factor}}};
  }
  void forward(Pass& p) const {
    p.backend->depthwise_forward(*p.emitter, spec(p), p.inputs[0], p.parameter("factors"), {}, p.output, p.epilogue);
  }
  void backward(Pass& p) const {
    p.backend->depthwise_backward_weights(*p.emitter, spec(p), p.inputs[0], p.output_gradient, p.gradient("factors"), {},
                                          p.accumulate);
    if (p.input_gradients[0])
      p.backend->depthwise_backward_data(*p.emitter, spec(p), p.output_gradient, p.parameter("factors"), p.input_gradients[0],
                                         p.epilogue);
  }

 private:
  /// Each row is an image of one pixel.
  ConvolutionSpec spec(const Pass& p) const {
    const std::int64_t columns = p.output_shape.count();
    return {.rows = p.rows,
            .height = 1,
            .width = 1,
            .channels = columns,
            .filters = columns,
            .kernel_height = 1,
            .kernel_width = 1,
            .out_height = 1,
            .out_width = 1};
  }
};

}  // namespace tend
