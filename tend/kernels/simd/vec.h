#pragma once
#include <cstdint>

#include "tend/kernels/simd/lane.h"

#if defined(TEND_ISA_avx2) || defined(TEND_ISA_avx512)
#pragma GCC diagnostic push  // g++ 12 warns about its own header
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#include <immintrin.h>
#pragma GCC diagnostic pop
#endif

/// A register of floats of TEND_ISA, for kernels that the vectorizer does not handle well: products and pooling.
namespace tend::TEND_ISA {

#if defined(TEND_ISA_avx512)

struct vec {
  __m512 v;
  static constexpr int width = 16;
};
/// The first n lanes, 1 <= n <= width.
struct part {
  __mmask16 m;
  TEND_INLINE explicit part(int n) : m(static_cast<__mmask16>((1u << n) - 1)) {}
};
TEND_INLINE vec zero() { return {_mm512_setzero_ps()}; }
TEND_INLINE vec load(const float* p) { return {_mm512_loadu_ps(p)}; }
TEND_INLINE vec load(const float* p, part n) { return {_mm512_maskz_loadu_ps(n.m, p)}; }  ///< the other lanes are 0
TEND_INLINE vec broadcast(const float* p) { return {_mm512_set1_ps(*p)}; }
TEND_INLINE void store(float* p, vec x) { _mm512_storeu_ps(p, x.v); }
TEND_INLINE void store(float* p, vec x, part n) { _mm512_mask_storeu_ps(p, n.m, x.v); }
TEND_INLINE vec fma(vec a, vec b, vec c) { return {_mm512_fmadd_ps(a.v, b.v, c.v)}; }
TEND_INLINE vec operator+(vec a, vec b) { return {_mm512_add_ps(a.v, b.v)}; }
TEND_INLINE vec operator-(vec a, vec b) { return {_mm512_sub_ps(a.v, b.v)}; }
TEND_INLINE vec operator*(vec a, vec b) { return {_mm512_mul_ps(a.v, b.v)}; }
/// For each lane: whether x beats best. It does if it is larger or, unless best is NaN already, NaN.
using lanes = __mmask16;
TEND_INLINE lanes beats(vec x, vec best) {
  return _mm512_mask_cmp_ps_mask(_mm512_cmp_ps_mask(best.v, best.v, _CMP_ORD_Q), x.v, best.v, _CMP_NLE_UQ);
}
TEND_INLINE lanes same(vec a, vec b) { return _mm512_cmp_ps_mask(a.v, b.v, _CMP_EQ_OQ); }
TEND_INLINE vec choose(lanes m, vec a, vec b) { return {_mm512_mask_blend_ps(m, b.v, a.v)}; }

/// Transposes a square of width x width floats.
TEND_INLINE void transpose(vec (&r)[16]) {
  __m512 t[16];
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) {
    t[2 * i] = _mm512_unpacklo_ps(r[2 * i].v, r[2 * i + 1].v);
    t[2 * i + 1] = _mm512_unpackhi_ps(r[2 * i].v, r[2 * i + 1].v);
  }
  __m512 u[16];
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    u[4 * i] = _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(t[4 * i]), _mm512_castps_pd(t[4 * i + 2])));
    u[4 * i + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(t[4 * i]), _mm512_castps_pd(t[4 * i + 2])));
    u[4 * i + 2] = _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(t[4 * i + 1]), _mm512_castps_pd(t[4 * i + 3])));
    u[4 * i + 3] = _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(t[4 * i + 1]), _mm512_castps_pd(t[4 * i + 3])));
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    const __m512 a = _mm512_shuffle_f32x4(u[i], u[4 + i], 0x88), b = _mm512_shuffle_f32x4(u[i], u[4 + i], 0xdd);
    const __m512 c = _mm512_shuffle_f32x4(u[8 + i], u[12 + i], 0x88), d = _mm512_shuffle_f32x4(u[8 + i], u[12 + i], 0xdd);
    r[i].v = _mm512_shuffle_f32x4(a, c, 0x88);
    r[8 + i].v = _mm512_shuffle_f32x4(a, c, 0xdd);
    r[4 + i].v = _mm512_shuffle_f32x4(b, d, 0x88);
    r[12 + i].v = _mm512_shuffle_f32x4(b, d, 0xdd);
  }
}

#elif defined(TEND_ISA_avx2)

struct vec {
  __m256 v;
  static constexpr int width = 8;
};
struct part {
  __m256i m;
  TEND_INLINE explicit part(int n) : m(_mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7))) {}
};
TEND_INLINE vec zero() { return {_mm256_setzero_ps()}; }
TEND_INLINE vec load(const float* p) { return {_mm256_loadu_ps(p)}; }
TEND_INLINE vec load(const float* p, part n) { return {_mm256_maskload_ps(p, n.m)}; }
TEND_INLINE vec broadcast(const float* p) { return {_mm256_broadcast_ss(p)}; }
TEND_INLINE void store(float* p, vec x) { _mm256_storeu_ps(p, x.v); }
TEND_INLINE void store(float* p, vec x, part n) { _mm256_maskstore_ps(p, n.m, x.v); }
TEND_INLINE vec fma(vec a, vec b, vec c) { return {_mm256_fmadd_ps(a.v, b.v, c.v)}; }
TEND_INLINE vec operator+(vec a, vec b) { return {_mm256_add_ps(a.v, b.v)}; }
TEND_INLINE vec operator-(vec a, vec b) { return {_mm256_sub_ps(a.v, b.v)}; }
TEND_INLINE vec operator*(vec a, vec b) { return {_mm256_mul_ps(a.v, b.v)}; }
using lanes = __m256;
TEND_INLINE lanes beats(vec x, vec best) {
  return _mm256_and_ps(_mm256_cmp_ps(best.v, best.v, _CMP_ORD_Q), _mm256_cmp_ps(x.v, best.v, _CMP_NLE_UQ));
}
TEND_INLINE lanes same(vec a, vec b) { return _mm256_cmp_ps(a.v, b.v, _CMP_EQ_OQ); }
TEND_INLINE vec choose(lanes m, vec a, vec b) { return {_mm256_blendv_ps(b.v, a.v, m)}; }

TEND_INLINE void transpose(vec (&r)[8]) {
  __m256 t[8], u[8];
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    t[2 * i] = _mm256_unpacklo_ps(r[2 * i].v, r[2 * i + 1].v);
    t[2 * i + 1] = _mm256_unpackhi_ps(r[2 * i].v, r[2 * i + 1].v);
  }
#pragma GCC unroll 2
  for (int i = 0; i < 2; ++i) {
    u[4 * i] = _mm256_shuffle_ps(t[4 * i], t[4 * i + 2], 0x44);
    u[4 * i + 1] = _mm256_shuffle_ps(t[4 * i], t[4 * i + 2], 0xee);
    u[4 * i + 2] = _mm256_shuffle_ps(t[4 * i + 1], t[4 * i + 3], 0x44);
    u[4 * i + 3] = _mm256_shuffle_ps(t[4 * i + 1], t[4 * i + 3], 0xee);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    r[i].v = _mm256_permute2f128_ps(u[i], u[4 + i], 0x20);
    r[4 + i].v = _mm256_permute2f128_ps(u[i], u[4 + i], 0x31);
  }
}

#else

struct vec {
  typedef float four __attribute__((vector_size(16)));
  four v;
  static constexpr int width = 4;
};
struct part {
  int n;
  TEND_INLINE explicit part(int n) : n(n) {}
};
TEND_INLINE vec zero() { return {vec::four{0, 0, 0, 0}}; }
TEND_INLINE vec load(const float* p) {
  vec x;
  __builtin_memcpy(&x.v, p, sizeof x.v);
  return x;
}
TEND_INLINE vec load(const float* p, part n) {
  vec x = zero();
  for (int i = 0; i < n.n; ++i) x.v[i] = p[i];
  return x;
}
TEND_INLINE vec broadcast(const float* p) { return {vec::four{*p, *p, *p, *p}}; }
TEND_INLINE void store(float* p, vec x) { __builtin_memcpy(p, &x.v, sizeof x.v); }
TEND_INLINE void store(float* p, vec x, part n) {
  for (int i = 0; i < n.n; ++i) p[i] = x.v[i];
}
TEND_INLINE vec fma(vec a, vec b, vec c) { return {a.v * b.v + c.v}; }
TEND_INLINE vec operator+(vec a, vec b) { return {a.v + b.v}; }
TEND_INLINE vec operator-(vec a, vec b) { return {a.v - b.v}; }
TEND_INLINE vec operator*(vec a, vec b) { return {a.v * b.v}; }
typedef std::int32_t lanes __attribute__((vector_size(16)));
TEND_INLINE lanes beats(vec x, vec best) { return ~(x.v <= best.v) & (best.v == best.v); }
TEND_INLINE lanes same(vec a, vec b) { return a.v == b.v; }
TEND_INLINE vec choose(lanes m, vec a, vec b) { return {m ? a.v : b.v}; }

TEND_INLINE void transpose(vec (&r)[4]) {
  const vec::four a = __builtin_shufflevector(r[0].v, r[1].v, 0, 4, 1, 5),
                  b = __builtin_shufflevector(r[0].v, r[1].v, 2, 6, 3, 7);
  const vec::four c = __builtin_shufflevector(r[2].v, r[3].v, 0, 4, 1, 5),
                  d = __builtin_shufflevector(r[2].v, r[3].v, 2, 6, 3, 7);
  r[0].v = __builtin_shufflevector(a, c, 0, 1, 4, 5);
  r[1].v = __builtin_shufflevector(a, c, 2, 3, 6, 7);
  r[2].v = __builtin_shufflevector(b, d, 0, 1, 4, 5);
  r[3].v = __builtin_shufflevector(b, d, 2, 3, 6, 7);
}

#endif

TEND_INLINE vec all(float x) { return broadcast(&x); }
/// Whole registers, or only the first n lanes, with the same source.
TEND_INLINE vec load(const float* p, bool whole, part n) { return whole ? load(p) : load(p, n); }
TEND_INLINE void store(float* p, vec x, bool whole, part n) { whole ? store(p, x) : store(p, x, n); }
/// Converts n bytes to floats; the other lanes are 0.
TEND_INLINE vec load_bytes(const std::uint8_t* p, int n) {
  float x[vec::width] = {};
  for (int i = 0; i < n; ++i) x[i] = static_cast<float>(p[i]);
  return load(x);
}
/// Adds all lanes in order.
TEND_INLINE float sum(vec x) {
  float lane[vec::width];
  store(lane, x);
  float s = lane[0];
  for (int i = 1; i < vec::width; ++i) s += lane[i];
  return s;
}

}  // namespace tend::TEND_ISA
