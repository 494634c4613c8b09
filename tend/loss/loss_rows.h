#pragma once
#include <cstdint>

namespace tend {

/// Rows one after the other: what every instruction set instantiates with its own number type.
template <class L, class T>
inline __attribute__((always_inline)) void loss_rows(const void* self, const void* o_, const void* t_, const void* weights, std::int64_t rows,
                                                     std::int64_t outputs, double scale, double* values, void* slopes) {
  const L& entry = *static_cast<const L*>(self);
  const T *o = static_cast<const T*>(o_), *t = static_cast<const T*>(t_), *w = static_cast<const T*>(weights);
  const std::int64_t width = L::takes_codes && outputs > 1 ? 1 : outputs;
  for (std::int64_t r = 0; r < rows; ++r) {
    T* slope = slopes ? static_cast<T*>(slopes) + r * outputs : nullptr;
    const T weight = w ? w[r] : T(1);
    values[r] = static_cast<double>(entry.row(o + r * outputs, t + r * width, outputs, slope) * weight);
    const T factor = weight * T(scale);
    for (std::int64_t j = 0; j < outputs && slope; ++j) slope[j] = slope[j] * factor;
  }
}

}  // namespace tend
