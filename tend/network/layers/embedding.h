#pragma once
#include "tend/network/layer.h"

namespace tend {

/// Embedding: y[n,t] = W[x[n,t]]: the row of a table for each code.   x [N,T] numbers 0 .. V-1   W [V,K]   y [N,T,K].
/// dW[v] = sum of dy over the places with code v, in order; codes have no gradient (0). Codes are truncated to integers; a code
/// below 0, V or above, or NaN gives NaN. Bengio et al., 2003, sec. 2. Default: U(-0.05, 0.05), as in Keras.
struct Embedding {
  static constexpr std::string_view about = "Looks up a learned vector for each code.";
  int units = 1;
  std::optional<int> vocabulary = {};
  Value initializer = uniform();

  static constexpr auto fields = std::tuple{
      field_of<Embedding>("units", &Embedding::units, at_least(1), "units", "The length of the vector of one code."),
      field_of<Embedding>("vocabulary", &Embedding::vocabulary, at_least(1), "codes",
                          "The number of different codes; it must be given."),
      field_of<Embedding>("initializer", &Embedding::initializer, {}, "", "The initializer of the table of vectors.",
                          "<initializer>")};
  static constexpr std::string_view value_field = "units";
  static constexpr bool takes_epilogue = false, backward_takes_epilogue = false;

  static std::vector<LayerCase<Embedding>> cases() {
    return {{{.units = 3, .vocabulary = 5}, {{4}}, 5}, {{.units = 2, .vocabulary = 9}, {{1}}, 4}};
  }

  Layout layout(const std::vector<Shape>& inputs) const {
    const Shape& x = only_input(inputs, "embedding", 1, "rows of codes [T]",
                                "it stands before layers that turn codes into numbers");
    if (!vocabulary)
      throw Error(Trouble::usage, "embedding", "no vocabulary", "the number of codes", "{ embedding = 32, vocabulary = 1000 }");
    return {.output = {x[0], units},
            .parameters = {{.name = "weights",
                            .shape = {*vocabulary, units},
                            .fan_in = units,
                            .fan_out = *vocabulary,
                            .initializer = initializer}}};
  }
  void forward(Pass& p) const {
    p.backend->embedding_forward(*p.emitter, spec(p), p.inputs[0], p.parameter("weights"), p.output);
  }
  void backward(Pass& p) const {
    p.backend->embedding_backward(*p.emitter, spec(p), p.inputs[0], p.output_gradient, p.input_gradients[0],
                                  p.gradient("weights"), p.accumulate);
  }

 private:
  static Value uniform() {
    Value v = Value::table();
    v["uniform"] = 0.05;
    return v;
  }
  EmbeddingSpec spec(const Pass& p) const {
    return {.positions = p.rows * p.input_shapes[0][0], .vocabulary = *vocabulary, .units = units};
  }
};

}  // namespace tend
