#pragma once
#include <cstdint>

#include "tend/kernels/simd/lane.h"

namespace tend::TEND_ISA {

/// One number of each of several rows, as many as a vector of the instruction set holds. A loss's row() is instantiated with this
/// type, so that short rows use whole vectors. Its functions are those of lane.h, applied to each number.
struct RowLanes {
#if defined(__AVX512F__)
  static constexpr int count = 16;
#elif defined(__AVX__)
  static constexpr int count = 8;
#else
  static constexpr int count = 4;
#endif
  typedef float Vector __attribute__((vector_size(4 * count)));
  typedef std::int32_t Mask __attribute__((vector_size(4 * count)));

  Vector v;

  RowLanes() = default;
  TEND_INLINE explicit RowLanes(Vector all) : v(all) {}
  TEND_INLINE explicit RowLanes(float x) : v(Vector{} + x) {}
  TEND_INLINE explicit RowLanes(double x) : RowLanes(static_cast<float>(x)) {}
  TEND_INLINE explicit RowLanes(int x) : RowLanes(static_cast<float>(x)) {}

  TEND_INLINE friend RowLanes operator+(RowLanes a, RowLanes b) { return RowLanes(a.v + b.v); }
  TEND_INLINE friend RowLanes operator-(RowLanes a, RowLanes b) { return RowLanes(a.v - b.v); }
  TEND_INLINE friend RowLanes operator*(RowLanes a, RowLanes b) { return RowLanes(a.v * b.v); }
  TEND_INLINE friend RowLanes operator/(RowLanes a, RowLanes b) { return RowLanes(a.v / b.v); }
  TEND_INLINE friend RowLanes operator-(RowLanes a) { return RowLanes(-a.v); }
  TEND_INLINE RowLanes& operator+=(RowLanes b) {
    v += b.v;
    return *this;
  }
  TEND_INLINE RowLanes& operator-=(RowLanes b) {
    v -= b.v;
    return *this;
  }
  TEND_INLINE RowLanes& operator*=(RowLanes b) {
    v *= b.v;
    return *this;
  }
  TEND_INLINE friend Mask operator<(RowLanes a, RowLanes b) { return a.v < b.v; }
  TEND_INLINE friend Mask operator>(RowLanes a, RowLanes b) { return a.v > b.v; }
  TEND_INLINE friend Mask operator<=(RowLanes a, RowLanes b) { return a.v <= b.v; }
  TEND_INLINE friend Mask operator>=(RowLanes a, RowLanes b) { return a.v >= b.v; }
  TEND_INLINE friend Mask operator==(RowLanes a, RowLanes b) { return a.v == b.v; }
};

TEND_INLINE RowLanes select(RowLanes::Mask condition, RowLanes a, RowLanes b) { return RowLanes(condition ? a.v : b.v); }

/// Applies f to each number, in a loop that vectorizes.
template <class F>
TEND_INLINE RowLanes each(RowLanes x, F f) {
  f32 all[RowLanes::count];
  __builtin_memcpy(all, &x, sizeof x);
  for (int l = 0; l < RowLanes::count; ++l) all[l] = f(all[l]);
  __builtin_memcpy(&x, all, sizeof x);
  return x;
}
TEND_INLINE RowLanes abs(RowLanes x) {
  return each(
      x, [](f32 y) __attribute__((always_inline)) { return abs(y); });
}
TEND_INLINE RowLanes sqrt(RowLanes x) {
  return each(
      x, [](f32 y) __attribute__((always_inline)) { return sqrt(y); });
}
TEND_INLINE RowLanes exp(RowLanes x) {
  return each(
      x, [](f32 y) __attribute__((always_inline)) { return exp(y); });
}
TEND_INLINE RowLanes expm1(RowLanes x) {
  return each(
      x, [](f32 y) __attribute__((always_inline)) { return expm1(y); });
}
TEND_INLINE RowLanes log(RowLanes x) {
  return each(
      x, [](f32 y) __attribute__((always_inline)) { return log(y); });
}
TEND_INLINE RowLanes log1p(RowLanes x) {
  return each(
      x, [](f32 y) __attribute__((always_inline)) { return log1p(y); });
}
TEND_INLINE RowLanes tanh(RowLanes x) {
  return each(
      x, [](f32 y) __attribute__((always_inline)) { return tanh(y); });
}
TEND_INLINE RowLanes erf(RowLanes x) {
  return each(
      x, [](f32 y) __attribute__((always_inline)) { return erf(y); });
}

/// Puts the numbers j of `rows` rows side by side. Each row has `width` numbers. The last row also fills the unused lanes.
TEND_INLINE void gather(const float* from, std::int64_t rows, std::int64_t width, RowLanes* to) {
  for (int l = 0; l < RowLanes::count; ++l) {
    const float* row = from + (l < rows ? l : rows - 1) * width;
    // to[j].v[l] = row[j] would read the other lanes, which have no values yet.
    for (std::int64_t j = 0; j < width; ++j)
      __builtin_memcpy(reinterpret_cast<char*>(to + j) + l * sizeof(float), row + j, sizeof(float));
  }
}
TEND_INLINE void scatter(const RowLanes* from, std::int64_t rows, std::int64_t width, float* to) {
  for (std::int64_t l = 0; l < rows; ++l)
    for (std::int64_t j = 0; j < width; ++j) to[l * width + j] = from[j].v[l];
}

}  // namespace tend::TEND_ISA
