#pragma once
#include <vector>

#include "tend/train/targets.h"

namespace tend {

/// The temperature T that makes probabilities fit held-out rows best: class probabilities become p^(1/T), divided by their sum,
/// which for softmax outputs z is softmax(z / T) (Guo et al., 2017, sec. 4.2); those of a label p^(1/T) / (p^(1/T) + (1 -
/// p)^(1/T)). The most probable class stays the same. Maximizes the likelihood of the rows times a log-normal prior of T (median
/// 1, deviation of log T 0.5), so that few rows, or rows that are all predicted right, do not lead to extremes; T is within 0.1
/// .. 10. answers: [N, coding.answer_width()] probabilities at temperature 1; y: [N, T] as in Dataset. Requires no regression,
/// one place.
double fit_temperature(const TargetCoding& coding, const std::vector<double>& answers, const Array& y);

/// Applies a temperature to the probabilities of one row, in place.
void apply_temperature(Task task, double temperature, double* answer, std::int64_t width);

}  // namespace tend
