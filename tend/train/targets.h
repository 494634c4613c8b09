#pragma once
#include <string>
#include <vector>

#include "tend/data/dataset.h"
#include "tend/experiment/experiment.h"
#include "tend/loss/loss_registry.h"

namespace tend {

/// How targets are coded for the loss, and how outputs become answers.
///   classification, K > 1 outputs: codes [1] if the loss takes codes, otherwise one-hot rows [K]; one output: the code [1]
///   multilabel, regression: the values [T], scaled for a regression if [prepare] target says so
///   classification of places: outputs [T, K] and T codes a row: the same as above at each of the T places
struct TargetCoding {
  Task task = Task::classification;
  std::int64_t classes = 0, outputs = 0, width = 0;  ///< outputs: of one place; width: elements of a coded row
  std::int64_t places = 1;                           ///< of a row; each has a code
  bool takes_codes = false;
  double decides_at = 0.5;
  std::string kind;                  ///< of the loss, see loss/loss.h
  double temperature = 1;            ///< of probabilities (train/calibration.h)
  std::vector<double> shift, scale;  ///< regression: value = output * scale + shift; empty: value = output

  /// Throws Error{usage} if the network's output does not fit the targets.
  static TargetCoding make(const Dataset& data, const Shape& output, const LossEntry& loss, const std::string& scaling,
                           const Array& training_targets);

  /// [N, width] float32 from y [N, T].
  Array encode(const Array& y) const;
  std::int64_t row_outputs() const { return outputs * places; }
  /// Converts outputs of one place to probabilities of classes [max(classes, 2)], of labels [outputs], or values in target units.
  void answer(const float* outputs, double* out) const;
  std::int64_t answer_width() const;
  /// The predicted class; NaN counts as the largest.
  std::int64_t decide(const float* outputs) const;
};

/// The targets that [loss] defines for training only. Reported losses use the labels as they are, and every row counts once.
///   label_smoothing s (Szegedy et al., 2016, sec. 7): t becomes (1 - s) t + s / K among K classes, (1 - s) t + s / 2 for outputs
///   that say yes or no, as in Keras
///   weights of rows (data.weight): factors of the rows' losses, divided by their mean
///   class_weights: factors of the rows' losses; the mean still divides by the number of rows. "balanced": n / (classes count),
///   over the n training rows and their classes, as in scikit-learn; classes that a table leaves out have weight 1
struct TrainingTargets {
  Array coded;  ///< [N, width]; empty: those of TargetCoding
  bool takes_codes = false;
  std::int64_t width = 0;
  Array weights;  ///< [N, 1] float32; empty: all 1

  /// train: the training rows, of which targets and weights are read. Throws Error{usage} if the settings do not apply to the
  /// task, the loss or the classes.
  static TrainingTargets make(const TargetCoding& coding, const LossSettings& settings, const LossEntry& loss,
                              const std::vector<std::string>& classes, const Part& train);
};

}  // namespace tend
