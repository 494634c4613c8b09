#pragma once
#include <algorithm>
#include <cmath>

#include "tend/network/layer.h"

namespace tend {

/// ColumnEmbedding: y[n] = [W_1[x[n,1]], ..., W_C[x[n,C]]]: each column of codes has a table of its own.   x [N,C] numbers 0 ..
/// V_c - 1   W_c [V_c, K_c], K_c = min(units, V_c)   y [N, sum of K_c].   dW_c[v] = sum of dy over the rows with code v.
/// Codes come from the preparation step "codes", in the first columns: { select_columns = [0, 1], from = "input" }, then
/// { column_embedding = [9, 17] }. Holzmueller et al., 2024, sec. 3: N(0, 1), 8 units, code 0 for what is missing.
struct ColumnEmbedding {
  static constexpr std::string_view about = "Looks up a learned vector for the code in each column, in a table for the column.";
  std::vector<double> vocabularies;
  int units = 8;
  Value initializer = normal();

  static constexpr auto fields = std::tuple{
      field_of<ColumnEmbedding>("vocabularies", &ColumnEmbedding::vocabularies, at_least(1), "codes",
                                "The number of different codes of each column."),
      field_of<ColumnEmbedding>("units", &ColumnEmbedding::units, at_least(1), "units",
                                "The length of the vector of one code, at most the number of the column's codes."),
      field_of<ColumnEmbedding>("initializer", &ColumnEmbedding::initializer, {}, "", "The initializer of the tables of vectors.",
                                "<initializer>")};
  static constexpr std::string_view value_field = "vocabularies";
  static constexpr bool takes_epilogue = false, backward_takes_epilogue = false;
  static constexpr std::size_t most_columns = 250;  ///< they are taken apart in one call

  static std::vector<LayerCase<ColumnEmbedding>> cases() {
    return {{{.vocabularies = {5, 6, 5}, .units = 3}, {{3}}, 5}, {{.vocabularies = {4}, .units = 9}, {{1}}, 4}};
  }

  Layout layout(const std::vector<Shape>& inputs) const {
    const Shape& x = only_input(inputs, "column_embedding", 1, "rows of codes [C]", "choose them with \"select_columns\"");
    if (vocabularies.size() != static_cast<std::size_t>(x[0]) || vocabularies.size() > most_columns)
      throw Error(Trouble::usage, "column_embedding",
                  std::to_string(vocabularies.size()) + " vocabularies for " + std::to_string(x[0]) + " columns",
                  "one for each column, at most " + std::to_string(most_columns),
                  "choose the columns of codes with \"select_columns\"");
    for (const double codes : vocabularies)
      if (codes != std::floor(codes) || codes > 1e9)
        throw Error(Trouble::usage, "column_embedding", "a vocabulary of " + to_inline_toml(Value(codes)) + " codes",
                    "a whole number of codes, at most 1e9");
    Layout l;
    std::int64_t width = 0;
    for (std::size_t c = 0; c < vocabularies.size(); ++c) {
      const Shape table{static_cast<std::int64_t>(vocabularies[c]), width_of(c)};
      l.parameters.push_back(
          {.name = name_of(c), .shape = table, .fan_in = table[1], .fan_out = table[0], .initializer = initializer});
      width += width_of(c);
    }
    l.output = {width};
    return l;
  }
  void forward(Pass& p) const {
    const std::vector<Slot> codes = apart(p, p.inputs[0], ones());
    std::vector<Slot> vectors;
    for (std::size_t c = 0; c < vocabularies.size(); ++c) {
      vectors.push_back(p.emitter->temporary(p.rows * width_of(c) * p.element_bytes()));
      p.backend->embedding_forward(*p.emitter, spec(p, c), codes[c], p.parameter(name_of(c)), vectors[c]);
    }
    p.backend->concat(*p.emitter, p.rows, widths(), vectors, p.output);
  }
  void backward(Pass& p) const {
    const std::vector<Slot> codes = apart(p, p.inputs[0], ones()), dy = apart(p, p.output_gradient, widths());
    std::vector<Slot> dcodes(vocabularies.size());
    for (std::size_t c = 0; c < vocabularies.size(); ++c) {
      if (p.input_gradients[0]) dcodes[c] = p.emitter->temporary(p.rows * p.element_bytes());
      p.backend->embedding_backward(*p.emitter, spec(p, c), codes[c], dy[c], dcodes[c], p.gradient(name_of(c)), p.accumulate);
    }
    if (p.input_gradients[0]) p.backend->concat(*p.emitter, p.rows, ones(), dcodes, p.input_gradients[0]);
  }

 private:
  static Value normal() {
    Value v = Value::table();
    v["normal"] = 1.0;
    return v;
  }
  static std::string name_of(std::size_t column) { return "weights_" + std::to_string(column + 1); }
  std::int64_t width_of(std::size_t c) const { return std::min<std::int64_t>(units, static_cast<std::int64_t>(vocabularies[c])); }
  std::vector<std::int64_t> ones() const { return std::vector<std::int64_t>(vocabularies.size(), 1); }
  std::vector<std::int64_t> widths() const {
    std::vector<std::int64_t> all;
    for (std::size_t c = 0; c < vocabularies.size(); ++c) all.push_back(width_of(c));
    return all;
  }
  static std::vector<Slot> apart(const Pass& p, Slot together, const std::vector<std::int64_t>& widths) {
    std::vector<Slot> all;
    for (const std::int64_t width : widths) all.push_back(p.emitter->temporary(p.rows * width * p.element_bytes()));
    p.backend->split(*p.emitter, p.rows, widths, together, all);
    return all;
  }
  EmbeddingSpec spec(const Pass& p, std::size_t c) const {
    return {.positions = p.rows, .vocabulary = static_cast<std::int64_t>(vocabularies[c]), .units = width_of(c)};
  }
};

}  // namespace tend
