#pragma once
#include <concepts>
#include <cstdint>
#include <string_view>

#include "tend/base/field.h"

namespace tend {

/// The contract of a file on the shelf loss/losses. T is float, double, or a kernel's own type (see network/activation.h). Here
/// it may hold several rows at once, so a condition on numbers needs select(condition, a, b), never an `if` or ?:.
/// row() takes one row: o [k] outputs and t [k] target values. With `takes_codes`, row() gets t [1], the code of the row's class
/// among k, and target_row() gets rows of target values and every row of a single output. Both return the row's loss, and
/// write d loss / d o to slope [k] if slope is not nullptr; slope is no part of o. `kind`: what the outputs must be, for
/// messages, metrics and checks: "logits_classes" (softmax or hinge over classes), "probabilities_classes", "logits_binary",
/// "probabilities_binary", "values".
/// Optional: `static constexpr bool takes_smooth_targets = true` (a target may be any number between 0 and 1: a cross-entropy),
/// `static constexpr int error_power = 2` (the loss of values grows as this power of the error, at any size: 2 or 1).
///   struct SoftmaxCrossEntropy { fields; takes_codes = true; kind = "logits_classes"; decides_at = 0.0;  // single output
///     template <class T> T row(const T* o, const T* t, std::int64_t k, T* slope) const;
///     template <class T> T target_row(const T* o, const T* t, std::int64_t k, T* slope) const; }
template <class L>
concept Loss = HasFieldTuple<L> && requires(const L l, const double* p, double* s) {
  { l.row(p, p, std::int64_t{1}, s) } -> std::same_as<double>;
  { L::takes_codes } -> std::convertible_to<bool>;
  { L::kind } -> std::convertible_to<std::string_view>;
  { L::decides_at } -> std::convertible_to<double>;
} &&(!L::takes_codes || requires(const L l, const double* p, double* s) {
  { l.target_row(p, p, std::int64_t{1}, s) } -> std::same_as<double>;
});

}  // namespace tend
