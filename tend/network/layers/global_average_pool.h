#pragma once
#include "tend/network/layer.h"

namespace tend {

/// GlobalAveragePool: y[n,c] = mean over all places of x[n,..,c]. x [N,H,W,C] or [N,T,F], y [N,C]. dx = dy / places.
struct GlobalAveragePool {
  static constexpr std::string_view about = "The mean over all places of an image or a sequence, by channel.";
  static constexpr std::tuple<> fields{};
  static constexpr bool takes_epilogue = false, backward_takes_epilogue = true, pools = true;

  static std::vector<LayerCase<GlobalAveragePool>> cases() { return {{{}, {{3, 4, 2}}}, {{}, {{5, 3}}}}; }

  Layout layout(const std::vector<Shape>& inputs) const {
    if (inputs.size() != 1 || inputs[0].rank() < 2)
      throw Error(Trouble::usage, "global_average_pool", "an input of shape " + (inputs.empty() ? "none" : inputs[0].text()),
                  "images [H, W, C] or sequences [T, F]", "remove it after \"flatten\"");
    return {.output = {inputs[0][-1]}};
  }
  void forward(Pass& p) const { p.backend->average_pool_forward(*p.emitter, spec(p), p.inputs[0], p.output); }
  void backward(Pass& p) const {
    if (p.input_gradients[0])
      p.backend->average_pool_backward(*p.emitter, spec(p), p.output_gradient, p.input_gradients[0], p.epilogue);
  }

 private:
  PoolSpec spec(const Pass& p) const {
    const Shape& x = p.input_shapes[0];
    const std::int64_t height = x[0], width = x.rank() == 3 ? x[1] : 1;
    return {.rows = p.rows,
            .height = height,
            .width = width,
            .channels = x[-1],
            .window_height = height,
            .window_width = width,
            .stride_height = height,
            .stride_width = width,
            .out_height = 1,
            .out_width = 1};
  }
};

}  // namespace tend
