#pragma once
#include <string>
#include <vector>

#include "tend/data/dataset.h"
#include "tend/experiment/experiment.h"
#include "tend/loss/loss_registry.h"

namespace tend {

/// How targets become what a loss compares outputs with, and outputs become answers.
///   classification, K > 1 outputs: codes [1] where the loss takes codes, else one-hot rows [K]; one output: the code itself [1]
///   multilabel, regression: the values [T], for a regression scaled when [prepare] target says so
///   classification of places: outputs [T, K] and T codes a row: all of the above at each of the T places
struct TargetCoding {
  Task task = Task::classification;
  std::int64_t classes = 0, outputs = 0, width = 0;  ///< outputs: of a place; width: elements of a coded row
  std::int64_t places = 1;                           ///< of a row, with a code each
  bool takes_codes = false;
  double decides_at = 0.5;
  std::string kind;                  ///< of the loss, see loss/loss.h
  std::vector<double> shift, scale;  ///< regression: value = output * scale + shift; empty: as it is

  /// Throws Error{usage} where the network's output does not suit the targets.
  static TargetCoding make(const Dataset& data, const Shape& output, const LossEntry& loss, const std::string& scaling,
                           const Array& training_targets);

  /// [N, width] float32 from y [N, T].
  Array encode(const Array& y) const;
  std::int64_t row_outputs() const { return outputs * places; }
  /// Outputs of one place -> probabilities of classes [max(classes, 2)], of labels [outputs], or values in the target's units.
  void answer(const float* outputs, double* out) const;
  std::int64_t answer_width() const;
  /// The class decided for; NaN counts as the largest.
  std::int64_t decide(const float* outputs) const;
};

/// What [loss] makes of targets in training alone: reported losses are of the labels as they are, every row counting once.
///   label_smoothing s (Szegedy et al., 2016, sec. 7): t becomes (1 - s) t + s / K among K classes, (1 - s) t + s / 2 for outputs that
///   say yes or no, as Keras does
///   class_weights: what a row's loss is multiplied by; the mean divides by rows all the same. "balanced": n / (classes count), over the
///   n training rows and the classes among them, as scikit-learn; classes that a table leaves out have 1
struct TrainingTargets {
  Array coded;  ///< [N, width]; empty: as TargetCoding has them
  bool takes_codes = false;
  std::int64_t width = 0;
  Array weights;  ///< [N, 1] float32; empty: 1 each

  /// y [N, T] of the training rows. Throws Error{usage} where the task, the loss or the classes have no such thing.
  static TrainingTargets make(const TargetCoding& coding, const LossSettings& settings, const LossEntry& loss,
                              const std::vector<std::string>& classes, const Array& y);
};

}  // namespace tend
