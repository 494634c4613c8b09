#pragma once
#include "tend/network/pooling.h"

namespace tend {

/// AveragePool2d: y[n,i,j,c] = the sum of x over the window / its size; padded zeros count. x [N,H,W,C]  y [N,H',W',C].
/// dx = dy / size for every place of the window.
struct AveragePool2d : Pooling {
  static constexpr std::string_view about = "The mean of each window of an image, by channel.";
  static constexpr auto fields = pooling_fields<AveragePool2d>();
  static constexpr std::string_view value_field = "size";
  static constexpr bool takes_epilogue = false, backward_takes_epilogue = true, pools = true;

  static std::vector<LayerCase<AveragePool2d>> cases() {
    AveragePool2d two, overlapping;
    overlapping.size = 3, overlapping.stride = 2, overlapping.padding = 1;
    return {{two, {{5, 4, 2}}}, {overlapping, {{5, 5, 3}}}};
  }

  Layout layout(const std::vector<Shape>& inputs) const { return Pooling::layout(inputs, "average_pool2d"); }
  void forward(Pass& p) const { p.backend->average_pool_forward(*p.emitter, spec(p), p.inputs[0], p.output); }
  void backward(Pass& p) const {
    if (p.input_gradients[0])
      p.backend->average_pool_backward(*p.emitter, spec(p), p.output_gradient, p.input_gradients[0], p.epilogue);
  }
};

}  // namespace tend
