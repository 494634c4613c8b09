#pragma once
#include <algorithm>
#include <cmath>

#include "tend/network/layer.h"

namespace tend {

/// SelectColumns: the columns of the input with these numbers (from 0), in their order: { select_columns = [0, 3, 4], from =
/// "input" }. x [N,F]  y [N,C].   dx is dy in these columns and 0 in the others.
struct SelectColumns {
  static constexpr std::string_view about = "Takes some columns of its input.";
  std::vector<double> columns;

  static constexpr auto fields = std::tuple{field_of<SelectColumns>("columns", &SelectColumns::columns, at_least(0), "",
                                                                    "The numbers of the columns, from 0, in rising order.")};
  static constexpr std::string_view value_field = "columns";
  static constexpr bool takes_epilogue = false, backward_takes_epilogue = false, passes_through = true;
  static constexpr std::size_t most_runs = 120;  ///< of neighbouring columns, which are taken in one call

  static std::vector<LayerCase<SelectColumns>> cases() {
    return {{{.columns = {0, 2, 3}}, {{5}}}, {{.columns = {0}}, {{1}}}, {{.columns = {1, 2, 6}}, {{7}}}};
  }

  Layout layout(const std::vector<Shape>& inputs) const {
    const Shape& x = only_input(inputs, "select_columns", 1, "rows of features [F]", "put \"flatten\" before it");
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (columns[i] != std::floor(columns[i]) || (i && columns[i] <= columns[i - 1]))
        throw Error(Trouble::usage, "select_columns", "numbers that are not whole or do not rise",
                    "whole numbers in rising order", "for instance { select_columns = [0, 3, 4] }");
    if (columns.empty() || columns.back() >= static_cast<double>(x[0]))
      throw Error(Trouble::usage, "select_columns",
                  columns.empty() ? "no column" : "column " + to_inline_toml(Value(columns.back())),
                  "numbers from 0 to " + std::to_string(x[0] - 1));
    if (runs(x[0]).size() > most_runs)
      throw Error(Trouble::usage, "select_columns", std::to_string(runs(x[0]).size()) + " groups of neighbouring columns",
                  "at most " + std::to_string(most_runs));
    return {.output = {static_cast<std::int64_t>(columns.size())}};
  }
  void forward(Pass& p) const {
    std::vector<Slot> all, taken;
    for (const Run& run : runs(p.input_shapes[0][0])) {
      all.push_back(run.is_taken ? p.emitter->temporary(p.rows * run.width * p.element_bytes()) : Slot{});
      if (run.is_taken) taken.push_back(all.back());
    }
    p.backend->split(*p.emitter, p.rows, widths(p, false), p.inputs[0], all);
    p.backend->concat(*p.emitter, p.rows, widths(p, true), taken, p.output);
  }
  void backward(Pass& p) const {
    if (!p.input_gradients[0]) return;
    std::vector<Slot> all, taken;
    for (const Run& run : runs(p.input_shapes[0][0])) {
      all.push_back(p.emitter->temporary(p.rows * run.width * p.element_bytes()));
      if (run.is_taken) taken.push_back(all.back());
      else p.backend->pointwise_forward(*p.emitter, p.rows * run.width, zeros(p), p.output_gradient, all.back());
    }
    p.backend->split(*p.emitter, p.rows, widths(p, true), p.output_gradient, taken);
    p.backend->concat(*p.emitter, p.rows, widths(p, false), all, p.input_gradients[0]);
  }

 private:
  /// Neighbouring columns that are all taken, or all left out.
  struct Run {
    std::int64_t width = 0;
    bool is_taken = false;
  };
  std::vector<Run> runs(std::int64_t features) const {
    std::vector<Run> all;
    std::size_t next = 0;
    for (std::int64_t c = 0; c < features; ++c) {
      const bool is_taken = next < columns.size() && columns[next] == static_cast<double>(c);
      next += is_taken;
      if (all.empty() || all.back().is_taken != is_taken) all.push_back({.width = 0, .is_taken = is_taken});
      ++all.back().width;
    }
    return all;
  }
  std::vector<std::int64_t> widths(const Pass& p, bool only_taken) const {
    std::vector<std::int64_t> all;
    for (const Run& run : runs(p.input_shapes[0][0]))
      if (run.is_taken || !only_taken) all.push_back(run.width);
    return all;
  }
  template <class T>
  static void fill(const void*, const void*, void* y, std::int64_t n) {
    std::fill_n(static_cast<T*>(y), n, T(0));
  }
  static PointwiseFunctions zeros(const Pass& p) {
    return {.forward = p.element_bytes() == 8 ? fill<double> : fill<float>, .name = "zeros"};
  }
};

}  // namespace tend
