#pragma once
#include <concepts>
#include <cstdint>

#include "tend/base/field.h"

namespace tend {

/// What a file on the shelf loss/losses must hold. T is float, double, or a kernel's own float type (see network/activation.h).
/// One row: o [k] outputs, t the row's target: [k] values, or [1] the code of the class where `takes_codes` and k > 1.
/// Returns the row's loss (of T), and writes d loss / d o to slope [k] where slope is not nullptr.
/// `kind`: what the outputs must be, for messages, metrics and checks: "logits_classes" (softmax or hinge over classes),
/// "probabilities_classes", "logits_binary", "probabilities_binary", "values".
///   struct SoftmaxCrossEntropy { fields; takes_codes = true; kind = "logits_classes"; decides_at = 0.0;  // single output
///     template <class T> T row(const T* o, const T* t, std::int64_t k, T* slope) const; }
template <class L>
concept Loss = HasFieldTuple<L> && requires(const L l, const double* p, double* s) {
  { l.row(p, p, std::int64_t{1}, s) } -> std::same_as<double>;
  { L::takes_codes } -> std::convertible_to<bool>;
  { L::kind } -> std::convertible_to<std::string_view>;
  { L::decides_at } -> std::convertible_to<double>;
};

}  // namespace tend
