#pragma once
#include "tend/network/layer.h"

namespace tend {

/// ColumnDense: a dense layer for each column f: y[n,f] = x[n,f] W[f] + b[f].   x [N,F] (C = 1) or [N,F,C]  W [F,C,K]  b [F K]
/// y [N,F,K].   dx[n,f] = dy[n,f] W[f]^T,  dW[f] = x[:,f]^T dy[:,f],  db = sum over N of dy.
/// Periodic embeddings of numbers are made of it (Gorishniy et al., 2022, eq. 4, and sec. 4.2 for the layer that follows;
/// Holzmueller et al., 2024, sec. 3: 16 frequencies, 4 outputs, deviation 0.1):
///   { column_dense = 16, initializer = { normal = 0.6 }, bias_initializer = { uniform = 3.14 } }, "sine", { column_dense = 4 }
/// with weights 2 pi w, w of deviation 0.1. "relu" may follow, then "flatten" and { concat = ["input", "flatten_1"] }.
struct ColumnDense {
  static constexpr std::string_view about = "A small dense layer for each column, with weights of its own.";
  int units = 1;
  bool bias = true;
  Value initializer = {}, bias_initializer = "zeros";
  double rate_factor = 1;

  static constexpr auto fields = std::tuple{
      field_of<ColumnDense>("units", &ColumnDense::units, at_least(1), "units", "The numbers that each column becomes."),
      field_of<ColumnDense>("bias", &ColumnDense::bias, {}, "", "Whether the layer adds a bias."),
      field_of<ColumnDense>("initializer", &ColumnDense::initializer, {}, "",
                            "The initializer of the weights; when absent, network.initializer or the activation that follows "
                            "decides.",
                            "<initializer>"),
      field_of<ColumnDense>("bias_initializer", &ColumnDense::bias_initializer, {}, "", "The initializer of the bias.",
                            "<initializer>"),
      field_of<ColumnDense>("rate_factor", &ColumnDense::rate_factor, above(0), "",
                            "The parameters learn at this many times the learning rate.")};
  static constexpr std::string_view value_field = "units";
  static constexpr bool takes_epilogue = false, backward_takes_epilogue = false;
  static constexpr std::int64_t most_columns = 250;  ///< of places [F, C], which are taken apart in one call

  static std::vector<LayerCase<ColumnDense>> cases() {
    return {{{.units = 3}, {{5}}}, {{.units = 2, .bias = false}, {{1}}}, {{.units = 2}, {{3, 4}}}};
  }

  Layout layout(const std::vector<Shape>& inputs) const {
    const bool has_places = inputs.size() == 1 && inputs[0].rank() == 2;
    const Shape& x = only_input(inputs, "column_dense", has_places ? 2 : 1, "rows of columns [F], or of vectors for them [F, C]",
                                "put \"flatten\" before it");
    if (has_places && x[0] > most_columns)
      throw Error(Trouble::usage, "column_dense", std::to_string(x[0]) + " columns", "at most " + std::to_string(most_columns),
                  "choose some with \"select_columns\"");
    const std::int64_t each = has_places ? x[1] : 1;
    Layout l{.output = {x[0], units},
             .parameters = {{.name = "weights",
                             .shape = {x[0], each, units},
                             .fan_in = each,
                             .fan_out = units,
                             .initializer = initializer,
                             .rate_factor = rate_factor}}};
    if (bias)
      l.parameters.push_back({.name = "bias",
                              .shape = {x[0] * units},
                              .fan_in = units,
                              .fan_out = units,
                              .initializer = bias_initializer,
                              .rate_factor = rate_factor});
    return l;
  }
  void forward(Pass& p) const {
    const Slot b = bias ? p.parameter("bias") : Slot{};
    if (p.input_shapes[0].rank() == 1)
      return p.backend->depthwise_forward(*p.emitter, depthwise(p), p.inputs[0], p.parameter("weights"), b, p.output);
    const std::vector<Slot> x = apart(p, p.inputs[0], each(p)), y = columns_of(p, units);
    for (std::int64_t f = 0; f < columns(p); ++f)
      p.backend->dense_forward(*p.emitter, dense(p), x[at(f)], moved(p, p.parameter("weights"), f * each(p) * units),
                               moved(p, b, f * units), y[at(f)]);
    p.backend->concat(*p.emitter, p.rows, widths(p, units), y, p.output);
  }
  void backward(Pass& p) const {
    const Slot db = bias ? p.gradient("bias") : Slot{}, dx = p.input_gradients[0];
    if (p.input_shapes[0].rank() == 1) {
      p.backend->depthwise_backward_weights(*p.emitter, depthwise(p), p.inputs[0], p.output_gradient, p.gradient("weights"), db,
                                            p.accumulate);
      if (dx) p.backend->depthwise_backward_data(*p.emitter, depthwise(p), p.output_gradient, p.parameter("weights"), dx);
      return;
    }
    const std::vector<Slot> x = apart(p, p.inputs[0], each(p)), dy = apart(p, p.output_gradient, units);
    const std::vector<Slot> of_columns = dx ? columns_of(p, each(p)) : std::vector<Slot>();
    for (std::int64_t f = 0; f < columns(p); ++f) {
      p.backend->dense_backward_weights(*p.emitter, dense(p), x[at(f)], dy[at(f)],
                                        moved(p, p.gradient("weights"), f * each(p) * units), moved(p, db, f * units),
                                        p.accumulate);
      if (dx)
        p.backend->dense_backward_data(*p.emitter, dense(p), dy[at(f)], moved(p, p.parameter("weights"), f * each(p) * units),
                                       of_columns[at(f)]);
    }
    if (dx) p.backend->concat(*p.emitter, p.rows, widths(p, each(p)), of_columns, dx);
  }

 private:
  static std::size_t at(std::int64_t f) { return static_cast<std::size_t>(f); }
  static std::int64_t columns(const Pass& p) { return p.input_shapes[0][0]; }
  static std::int64_t each(const Pass& p) { return p.input_shapes[0].rank() == 2 ? p.input_shapes[0][1] : 1; }
  static std::vector<std::int64_t> widths(const Pass& p, std::int64_t width) {
    return std::vector<std::int64_t>(at(columns(p)), width);
  }
  static Slot moved(const Pass& p, Slot slot, std::int64_t elements) {
    if (slot) (slot.buffer == Buffer::arena ? slot.within : slot.offset) += elements * p.element_bytes();
    return slot;
  }
  /// Memory for a matrix [N, width] of each column.
  static std::vector<Slot> columns_of(const Pass& p, std::int64_t width) {
    std::vector<Slot> all(at(columns(p)));
    for (Slot& one : all) one = p.emitter->temporary(p.rows * width * p.element_bytes());
    return all;
  }
  static std::vector<Slot> apart(const Pass& p, Slot together, std::int64_t width) {
    std::vector<Slot> all = columns_of(p, width);
    p.backend->split(*p.emitter, p.rows, widths(p, width), together, all);
    return all;
  }
  DenseSpec dense(const Pass& p) const { return {.rows = p.rows, .inputs = each(p), .outputs = units}; }
  /// Each row is an image of one pixel, with `units` filters for each channel.
  ConvolutionSpec depthwise(const Pass& p) const {
    return {.rows = p.rows,
            .height = 1,
            .width = 1,
            .channels = columns(p),
            .filters = columns(p) * units,
            .kernel_height = 1,
            .kernel_width = 1,
            .out_height = 1,
            .out_width = 1};
  }
};

}  // namespace tend
