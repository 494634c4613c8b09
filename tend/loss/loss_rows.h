#pragma once
#include <cstdint>

namespace tend {

/// The number of elements in a row of targets.
template <class L, bool codes>
constexpr std::int64_t target_width(std::int64_t outputs) {
  return codes && outputs > 1 ? 1 : outputs;
}

/// Computes one row, or as many rows as T holds, by the codes of their classes (codes) or by target values.
template <class L, bool codes, class T>
inline __attribute__((always_inline)) T loss_row(const L& entry, const T* o, const T* t, std::int64_t outputs, T* slope) {
  if constexpr (!L::takes_codes) {
    return entry.row(o, t, outputs, slope);
  } else {
    if (codes && outputs > 1) return entry.row(o, t, outputs, slope);
    return entry.target_row(o, t, outputs, slope);
  }
}

/// Computes rows one after the other, where T is one number. This is the `rows` of LossFunctions.
template <class L, bool codes, class T>
inline __attribute__((always_inline)) void loss_rows(const void* self, const void* o_, const void* t_, const void* weights,
                                                     std::int64_t rows, std::int64_t outputs, double scale, double* values,
                                                     void* slopes) {
  const L entry = *static_cast<const L*>(self);
  const T *o = static_cast<const T*>(o_), *t = static_cast<const T*>(t_), *w = static_cast<const T*>(weights);
  const std::int64_t width = target_width<L, codes>(outputs);
  for (std::int64_t r = 0; r < rows; ++r) {
    T* slope = slopes ? static_cast<T*>(slopes) + r * outputs : nullptr;
    const T weight = w ? w[r] : T(1);
    values[r] = static_cast<double>(loss_row<L, codes>(entry, o + r * outputs, t + r * width, outputs, slope) * weight);
    const T factor = weight * T(scale);
    for (std::int64_t j = 0; j < outputs && slope; ++j) slope[j] = slope[j] * factor;
  }
}

}  // namespace tend
