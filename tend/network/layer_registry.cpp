#include "tend/network/layer.h"
#include "tend/network/layers_in_parts.h"
#include "tend/network/pooling.h"

namespace tend {

const LayerRegistry& builtin_layers() {
  static const LayerRegistry all = [] {
    LayerRegistry registry;
    add_all_layers(registry);
    return registry;
  }();
  return all;
}

std::vector<ParameterSpec> Weighted::parameters(Shape weights, std::int64_t fan_in, std::int64_t fan_out) const {
  const std::int64_t outputs = weights[-1];
  std::vector<ParameterSpec> all{{.name = "weights",
                                  .shape = std::move(weights),
                                  .fan_in = fan_in,
                                  .fan_out = fan_out,
                                  .initializer = initializer,
                                  .l2 = l2,
                                  .l1 = l1,
                                  .max_norm = max_norm}};
  // For initializers that depend on the fan, a bias counts as its own length, as in the peer that experiment files agree with.
  if (bias)
    all.push_back({.name = "bias", .shape = {outputs}, .fan_in = outputs, .fan_out = outputs, .initializer = bias_initializer});
  return all;
}

const Shape& only_input(const std::vector<Shape>& inputs, std::string_view layer, int rank, std::string_view wanted,
                        std::string_view hint) {
  if (inputs.size() != 1) throw Error(Trouble::usage, std::string(layer), std::to_string(inputs.size()) + " inputs", "one input");
  if (inputs[0].rank() != rank)
    throw Error(Trouble::usage, std::string(layer), "an input of shape " + inputs[0].text(), std::string(wanted),
                std::string(hint));
  return inputs[0];
}

Window window_of(std::int64_t input, std::int64_t size, std::int64_t stride, const Value& padding, const std::string& layer) {
  Window window;
  std::int64_t total = 0;
  if (padding.is_string() && padding.string() == "same") {
    window.output = (input + stride - 1) / stride;
    total = std::max<std::int64_t>((window.output - 1) * stride + size - input, 0);
    window.pad_before = total / 2;
    return window;
  }
  if (padding.is_integer() && padding.integer() >= 0) {
    window.pad_before = padding.integer();
    total = 2 * window.pad_before;
  } else if (!(padding.is_string() && padding.string() == "valid")) {
    throw Error(Trouble::usage, layer + ".padding", padding.describe(), "\"valid\", \"same\" or a number of pixels >= 0");
  }
  if (input + total < size)
    throw Error(
        Trouble::usage, layer,
        "an image of " + std::to_string(input) + " pixels" + (total ? " (" + std::to_string(input + total) + " padded)" : ""),
        "at least the window's " + std::to_string(size), "a smaller window, or padding = \"same\"");
  window.output = (input + total - size) / stride + 1;
  return window;
}

Layout Pooling::layout(const std::vector<Shape>& inputs, std::string_view name, int largest_size) const {
  const Shape& x = only_input(inputs, name, 3, "images [H, W, C]", "remove it after \"flatten\"");
  if (padding.is_integer() && 2 * padding.integer() > size)
    throw Error(Trouble::usage, std::string(name) + ".padding", padding.describe(),
                "at most half of the window's " + std::to_string(size));
  if (size > largest_size)
    throw Error(Trouble::usage, std::string(name), "a window of " + std::to_string(size) + " pixels",
                "at most " + std::to_string(largest_size), "pool twice, or use global_average_pool");
  const int step = stride.value_or(size);
  return {.output = {window_of(x[0], size, step, padding, std::string(name)).output,
                     window_of(x[1], size, step, padding, std::string(name)).output, x[2]}};
}

PoolSpec Pooling::spec(const Pass& p) const {
  const Shape &x = p.input_shapes[0], &y = p.output_shape;
  const int step = stride.value_or(size);
  return {.rows = p.rows,
          .height = x[0],
          .width = x[1],
          .channels = x[2],
          .window_height = size,
          .window_width = size,
          .stride_height = step,
          .stride_width = step,
          .pad_top = window_of(x[0], size, step, padding, "").pad_before,
          .pad_left = window_of(x[1], size, step, padding, "").pad_before,
          .out_height = y[0],
          .out_width = y[1]};
}

}  // namespace tend
