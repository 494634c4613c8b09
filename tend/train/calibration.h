#pragma once
#include <cstdint>
#include <vector>

#include "tend/data/dataset.h"

namespace tend {

/// The temperature T that makes probabilities fit held-out rows best: class probabilities become p^(1/T), divided by their sum,
/// which for softmax outputs z is softmax(z / T) (Guo et al., 2017, sec. 4.2); those of a label p^(1/T) / (p^(1/T) + (1 -
/// p)^(1/T)). The most probable class stays the same. Maximizes the likelihood of the rows times a log-normal prior of T (median
/// 1, deviation of log T 0.5), so that few rows, or rows that are all predicted right, do not lead to extremes; T is within 0.1
/// .. 10.
struct Calibration {
  double temperature = 1;
  /// At this temperature: the mean of -log of the probability of what is right, over rows, of labels over rows and labels. What
  /// is left of the loss where the probabilities are as sure as they should be (Berta et al., 2025, "refine, then calibrate").
  /// NaN where a probability is.
  double loss = 0;
};

/// answers: [rows, width] probabilities at temperature 1; codes: [rows] classes, or of labels [rows, width] zeros and ones. Both
/// may be empty: then the loss is NaN. Requires no regression.
Calibration fit_temperature(Task task, const std::vector<double>& answers, const std::vector<std::int64_t>& codes,
                            std::int64_t width);

/// Applies a temperature to the probabilities of one row, in place.
void apply_temperature(Task task, double temperature, double* answer, std::int64_t width);

}  // namespace tend
