#pragma once
#include <string>
#include <vector>

#include "tend/data/dataset.h"
#include "tend/loss/loss_registry.h"

namespace tend {

/// How targets become what a loss compares outputs with, and outputs become answers.
///   classification, K > 1 outputs: codes [1] where the loss takes codes, else one-hot rows [K]; one output: the code itself [1]
///   multilabel, regression: the values [T], for a regression scaled when [prepare] target says so
struct TargetCoding {
  Task task = Task::classification;
  std::int64_t classes = 0, outputs = 0, width = 0;  ///< width: elements of a coded row
  bool takes_codes = false;
  double decides_at = 0.5;
  std::string kind;                                  ///< of the loss, see loss/loss.h
  std::vector<double> shift, scale;                  ///< regression: value = output * scale + shift; empty: as it is

  /// Throws Error{usage} where the network's width does not suit the targets.
  static TargetCoding make(const Dataset& data, std::int64_t outputs, const LossEntry& loss, const std::string& scaling, const Array& training_targets);

  /// [N, width] float32 from y [N, T].
  Array encode(const Array& y) const;
  /// Outputs of one row -> probabilities of classes [max(classes, 2)], of labels [outputs], or values in the target's units.
  void answer(const float* outputs, double* out) const;
  std::int64_t answer_width() const;
  /// The class decided for; NaN counts as the largest.
  std::int64_t decide(const float* outputs) const;
};

}  // namespace tend
