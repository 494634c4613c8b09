#pragma once
#include "tend/base/random.h"
#include "tend/kernels/simd/passes.h"
#include "tend/kernels/simd/vec.h"

/// Philox 4x32-10 on many counters at once: one 32-bit word in each 64-bit lane. The upper half of a lane is undefined.
namespace tend::TEND_ISA {

#if defined(TEND_ISA_avx512)
struct words {
  typedef std::uint64_t lanes64 __attribute__((vector_size(64)));
  lanes64 v;
  static constexpr int width = 8;
};
TEND_INLINE words product_of(words a, std::uint64_t b) {
  return {(words::lanes64)_mm512_maskz_mul_epu32(0xff, (__m512i)a.v, _mm512_set1_epi64(static_cast<long long>(b)))};
}
TEND_INLINE words from(std::uint64_t a) { return {(words::lanes64)_mm512_set1_epi64(static_cast<long long>(a))}; }
TEND_INLINE words counting() { return {words::lanes64{0, 1, 2, 3, 4, 5, 6, 7}}; }
/// a[0] b[0] a[1] b[1] ...
TEND_INLINE void store_pairs(void* p, words a, words b) {
  const words::lanes64 low = __builtin_shufflevector(a.v, b.v, 0, 8, 1, 9, 2, 10, 3, 11);
  const words::lanes64 high = __builtin_shufflevector(a.v, b.v, 4, 12, 5, 13, 6, 14, 7, 15);
  __builtin_memcpy(p, &low, sizeof low);
  __builtin_memcpy(static_cast<char*>(p) + sizeof low, &high, sizeof high);
}
#elif defined(TEND_ISA_avx2)
struct words {
  typedef std::uint64_t lanes64 __attribute__((vector_size(32)));
  lanes64 v;
  static constexpr int width = 4;
};
TEND_INLINE words product_of(words a, std::uint64_t b) {
  return {(words::lanes64)_mm256_mul_epu32((__m256i)a.v, _mm256_set1_epi64x(static_cast<long long>(b)))};
}
TEND_INLINE words from(std::uint64_t a) { return {(words::lanes64)_mm256_set1_epi64x(static_cast<long long>(a))}; }
TEND_INLINE words counting() { return {words::lanes64{0, 1, 2, 3}}; }
TEND_INLINE void store_pairs(void* p, words a, words b) {
  const words::lanes64 low = __builtin_shufflevector(a.v, b.v, 0, 4, 1, 5), high = __builtin_shufflevector(a.v, b.v, 2, 6, 3, 7);
  __builtin_memcpy(p, &low, sizeof low);
  __builtin_memcpy(static_cast<char*>(p) + sizeof low, &high, sizeof high);
}
#else
struct words {
  std::uint64_t v;
  static constexpr int width = 1;
};
TEND_INLINE words product_of(words a, std::uint64_t b) { return {(a.v & 0xffffffffu) * b}; }
TEND_INLINE words from(std::uint64_t a) { return {a}; }
TEND_INLINE words counting() { return {0}; }
TEND_INLINE void store_pairs(void* p, words a, words b) {
  __builtin_memcpy(p, &a.v, 8);
  __builtin_memcpy(static_cast<char*>(p) + 8, &b.v, 8);
}
#endif

/// Computes Philox blocks first .. first + 2 width of a row, 8 numbers of 16 bits from each, in the order of the elements.
TEND_INLINE void draw(const DropoutDraw& d, std::uint32_t first, std::uint32_t row, std::uint16_t* drawn) {
  words c0[2] = {{counting().v + first}, {counting().v + (first + words::width)}};
  words c1[2] = {from(row), from(row)}, c2[2] = {from(d.step), from(d.step)}, c3[2] = {from(d.purpose), from(d.purpose)};
  std::uint32_t k0 = d.key[0], k1 = d.key[1];
  for (int round = 0; round < 10; ++round) {
    const words key0 = from(k0), key1 = from(k1);
#pragma GCC unroll 2
    for (int i = 0; i < 2; ++i) {
      const words a = product_of(c0[i], Philox::multiplier_0), b = product_of(c2[i], Philox::multiplier_1);
      c0[i].v = (b.v >> 32) ^ c1[i].v ^ key0.v;
      c1[i].v = b.v;
      c2[i].v = (a.v >> 32) ^ c3[i].v ^ key1.v;
      c3[i].v = a.v;
    }
    k0 += Philox::weyl_0;
    k1 += Philox::weyl_1;
  }
  for (int i = 0; i < 2; ++i) {
    const words low{(c0[i].v & 0xffffffffu) | (c1[i].v << 32)}, high{(c2[i].v & 0xffffffffu) | (c3[i].v << 32)};
    store_pairs(drawn + 8 * words::width * i, low, high);
  }
}

}  // namespace tend::TEND_ISA
