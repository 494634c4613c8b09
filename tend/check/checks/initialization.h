#pragma once
#include "tend/check/setup.h"

namespace tend {

/// What passes through the layers before the first step, on up to 128 rows: the lecture's experiment on the experiment's own
/// network (CS231n 2017, lecture 6, "Weight initialization"; Glorot and Bengio, 2010; He et al., 2015). Alarms of:
///   numbers that overflow; units that start equal and stay equal when steps are taken; layers whose units are 0 for all rows;
///   a spread between rows that shrinks or grows from layer to layer; saturated units.
/// collapse: at 0.003 of the input's differences three steps of Adam at its usual rate of 0.001 move a bias as far as rows lie
/// apart. Sound networks, deep ones too, keep ten times as much. saturated: weights of N(0, 1) in ten layers of tanh saturate
/// 0.89 of the values with 500 units, as in the lecture, and 0.75 with 100; on the digits five layers of the latter learn
/// nothing, and networks at 0.5 to 0.7 end 6 to 27 points of accuracy lower than with suitable weights. Healthy programs stay
/// below 0.12. A table of all layers is recorded as "layers".
struct Initialization {
  double collapse = 0.003, explosion = 100, saturated = 0.5, dead = 0.9;
  static constexpr auto fields = std::tuple{
      field_of<Initialization>("collapse", &Initialization::collapse, above(0), "",
                               "least share of the input's differences between rows that a layer may pass on"),
      field_of<Initialization>("explosion", &Initialization::explosion, above(1), "",
                               "times the input's differences between rows that a layer may have"),
      field_of<Initialization>("saturated", &Initialization::saturated, above(0), "",
                               "share of saturated values that hidden sigmoids and tanhs may have"),
      field_of<Initialization>("dead", &Initialization::dead, above(0), "",
                               "share of units of a layer that may be 0 on every row")};
  static constexpr Effort effort = Effort::standard;
  static constexpr int place = 40;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend
