#pragma once
#include "tend/check/setup.h"

namespace tend {

/// What passes through the layers before the first step, on up to 128 rows: the lecture's experiment on the experiment's own
/// network (CS231n 2017, lecture 6, "Weight initialization"; Glorot and Bengio, 2010; He et al., 2015). Says what hurts of:
///   numbers that overflow; units that start alike and stay so when steps are taken; layers of which no unit answers to any row;
///   rows that differ ever less from layer to layer; slopes that are flat; activations or gradients that grow from layer to
///   layer.
/// collapse: at 0.003 of the input's differences three steps of Adam at its usual rate of 0.001 move a bias as far as rows lie
/// apart. Sound networks, deep ones too, keep ten times as much. saturated: weights of N(0, 1) in the lecture's ten layers of 500
/// tanh leave 0.89 flat. A table of all layers is recorded as "layers".
struct Initialization {
  double collapse = 0.003, explosion = 100, saturated = 0.85, dead = 0.9;
  static constexpr auto fields = std::tuple{
      field_of<Initialization>("collapse", &Initialization::collapse, above(0), "",
                               "least share of the input's differences between rows that a layer may pass on"),
      field_of<Initialization>("explosion", &Initialization::explosion, above(1), "",
                               "times the input's differences between rows that a layer may make of them"),
      field_of<Initialization>("saturated", &Initialization::saturated, above(0), "",
                               "share of flat slopes that hidden sigmoids and tanhs may have"),
      field_of<Initialization>("dead", &Initialization::dead, above(0), "",
                               "share of units of a layer that may be 0 on every row")};
  static constexpr Effort effort = Effort::standard;
  static constexpr int place = 40;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend
