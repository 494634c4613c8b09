#pragma once
#include <bit>
#include <cstdint>

/// One float of the instruction set TEND_ISA (portable, avx2, avx512). Shelf entries instantiated with it get their own names, so
/// that the linker never mixes instruction sets, and loops over arrays of it vectorize. Functions are branch-free. NaN input
/// yields NaN; infinities and subnormals are handled correctly. Largest errors over all floats, in units in the last place
/// (lane_test.cpp): exp 1.1, log 1, log1p 1, expm1 1.6, tanh 2.6, erf 1.2; the other functions are exact as in IEEE 754. expm1,
/// tanh, erf, log1p keep the sign of zero. Code compiled per instruction set is in this namespace, static or always inline.
#define TEND_INLINE __attribute__((always_inline)) inline

namespace tend::TEND_ISA {

struct f32 {
  float v;

  f32() = default;
  TEND_INLINE explicit constexpr f32(float x) : v(x) {}
  TEND_INLINE explicit constexpr f32(double x) : v(static_cast<float>(x)) {}
  TEND_INLINE explicit constexpr f32(int x) : v(static_cast<float>(x)) {}
  TEND_INLINE explicit constexpr f32(unsigned x) : v(static_cast<float>(x)) {}
  TEND_INLINE explicit constexpr f32(long x) : v(static_cast<float>(x)) {}
  TEND_INLINE explicit constexpr f32(long long x) : v(static_cast<float>(x)) {}
  TEND_INLINE explicit constexpr operator float() const { return v; }
  TEND_INLINE explicit constexpr operator double() const { return static_cast<double>(v); }
  TEND_INLINE explicit constexpr operator int() const { return static_cast<int>(v); }
  TEND_INLINE explicit constexpr operator long() const { return static_cast<long>(v); }

  TEND_INLINE friend constexpr f32 operator+(f32 a, f32 b) { return f32(a.v + b.v); }
  TEND_INLINE friend constexpr f32 operator-(f32 a, f32 b) { return f32(a.v - b.v); }
  TEND_INLINE friend constexpr f32 operator*(f32 a, f32 b) { return f32(a.v * b.v); }
  TEND_INLINE friend constexpr f32 operator/(f32 a, f32 b) { return f32(a.v / b.v); }
  TEND_INLINE friend constexpr f32 operator-(f32 a) { return f32(-a.v); }
  TEND_INLINE friend constexpr f32 operator+(f32 a) { return a; }
  TEND_INLINE constexpr f32& operator+=(f32 b) {
    v += b.v;
    return *this;
  }
  TEND_INLINE constexpr f32& operator-=(f32 b) {
    v -= b.v;
    return *this;
  }
  TEND_INLINE constexpr f32& operator*=(f32 b) {
    v *= b.v;
    return *this;
  }
  TEND_INLINE constexpr f32& operator/=(f32 b) {
    v /= b.v;
    return *this;
  }
  TEND_INLINE friend constexpr bool operator<(f32 a, f32 b) { return a.v < b.v; }
  TEND_INLINE friend constexpr bool operator>(f32 a, f32 b) { return a.v > b.v; }
  TEND_INLINE friend constexpr bool operator<=(f32 a, f32 b) { return a.v <= b.v; }
  TEND_INLINE friend constexpr bool operator>=(f32 a, f32 b) { return a.v >= b.v; }
  TEND_INLINE friend constexpr bool operator==(f32 a, f32 b) { return a.v == b.v; }
  TEND_INLINE friend constexpr bool operator!=(f32 a, f32 b) { return a.v != b.v; }
};
static_assert(sizeof(f32) == sizeof(float));

/// condition ? a : b
TEND_INLINE constexpr f32 select(bool condition, f32 a, f32 b) { return f32(condition ? a.v : b.v); }

/// a b + c: rounded once if the instruction set has fma, twice on portable.
TEND_INLINE constexpr f32 fma(f32 a, f32 b, f32 c) {
#ifdef __FMA__
  return f32(__builtin_fmaf(a.v, b.v, c.v));
#else
  return f32(a.v * b.v + c.v);
#endif
}
TEND_INLINE f32 sqrt(f32 x) { return f32(__builtin_sqrtf(x.v)); }
TEND_INLINE constexpr f32 abs(f32 x) { return f32(__builtin_fabsf(x.v)); }
TEND_INLINE f32 copysign(f32 size, f32 sign) { return f32(__builtin_copysignf(size.v, sign.v)); }

namespace lane {

TEND_INLINE std::uint32_t bits(f32 x) { return std::bit_cast<std::uint32_t>(x.v); }
TEND_INLINE f32 from_bits(std::uint32_t b) { return f32(std::bit_cast<float>(b)); }
/// 2^n, -126 <= n <= 127
TEND_INLINE f32 power_of_two(std::int32_t n) { return from_bits(static_cast<std::uint32_t>(n + 127) << 23); }

/// x = n ln 2 + r, |r| <= ln 2 / 2; q(r) with e^r = 1 + r + r^2 q(r).
struct Reduced {
  std::int32_t n;
  f32 r, q;
};
TEND_INLINE Reduced reduce(f32 x) {
  const f32 shifter(12582912.0f);  // 1.5 * 2^23: adding it leaves the nearest integer in the low bits
  const f32 t = fma(x, f32(1.44269504f), shifter);
  // Masked, so that the bits of a NaN also yield a small n.
  const std::int32_t n = static_cast<std::int32_t>(bits(t) & 0x3ffu) - static_cast<std::int32_t>((bits(t) & 0x200u) << 1);
  const f32 k = t - shifter;
  f32 r = fma(k, f32(-0.693359375f), x);
  r = fma(k, f32(2.12194440e-4f), r);
  f32 q = fma(f32(1.9875691500e-4f), r, f32(1.3981999507e-3f));
  q = fma(q, r, f32(8.3334519073e-3f));
  q = fma(q, r, f32(4.1665795894e-2f));
  q = fma(q, r, f32(1.6666665459e-1f));
  q = fma(q, r, f32(5.0000001201e-1f));
  return {n, r, q};
}

/// log(1 + f) + c + k ln 2 for 1 + f in [sqrt(1/2), sqrt(2)].
TEND_INLINE f32 log_of(f32 f, f32 c, f32 k) {
  const f32 s = f / (f32(2.0f) + f), z = s * s, w = z * z;
  const f32 t1 = w * fma(w, f32(0.24279078841f), f32(0.40000972152f));
  const f32 t2 = z * fma(w, f32(0.28498786688f), f32(0.66666662693f));
  const f32 half_square = f32(0.5f) * f * f;
  const f32 low = fma(s, half_square + (t1 + t2), fma(k, f32(9.0580006145e-06f), c));
  return ((low - half_square) + f) + k * f32(6.9313812256e-01f);
}

}  // namespace lane

TEND_INLINE f32 exp(f32 x) {
  x = select(x > f32(89.0f), f32(89.0f), x);
  x = select(x < f32(-104.0f), f32(-104.0f), x);
  const auto [n, r, q] = lane::reduce(x);
  const f32 y = fma(r * r, q, r) + f32(1.0f);
  const std::int32_t half = n >> 1;  // in two steps, because 2^n itself may be too large or subnormal
  return y * lane::power_of_two(half) * lane::power_of_two(n - half);
}

TEND_INLINE f32 expm1(f32 x) {
  const f32 given = x;
  x = select(x > f32(89.0f), f32(89.0f), x);
  x = select(x < f32(-30.0f), f32(-30.0f), x);
  const auto [n, r, q] = lane::reduce(x);
  const f32 p = fma(r * r, q, r);
  const f32 s = lane::power_of_two(n - 1);  // half of 2^n, because 2^n may be too large
  const f32 y = fma(s, p, s - f32(0.5f)) * f32(2.0f);
  return select(given == f32(0.0f), given, y);
}

TEND_INLINE f32 log(f32 x) {
  const f32 given = x;
  const bool subnormal = x < f32(1.17549435e-38f);
  x = select(subnormal, x * f32(8388608.0f), x);
  const std::uint32_t u = lane::bits(x) + (0x3f800000u - 0x3f3504f3u);
  const f32 k = f32(static_cast<std::int32_t>(u >> 23) - 127) - select(subnormal, f32(23.0f), f32(0.0f));
  const f32 m = lane::from_bits((u & 0x007fffffu) + 0x3f3504f3u);
  f32 y = lane::log_of(m - f32(1.0f), f32(0.0f), k);
  y = select(given == f32(0.0f), f32(-__builtin_inff()), y);
  y = select(given < f32(0.0f), f32(__builtin_nanf("")), y);
  return select(given < f32(__builtin_inff()), y, given + f32(0.0f));
}

TEND_INLINE f32 log1p(f32 x) {
  const f32 u = f32(1.0f) + x;
  const std::uint32_t b = lane::bits(u) + (0x3f800000u - 0x3f3504f3u);
  const f32 k = f32(static_cast<std::int32_t>(b >> 23) - 127);
  const f32 m = lane::from_bits((b & 0x007fffffu) + 0x3f3504f3u);
  const f32 lost = select(k >= f32(2.0f), f32(1.0f) - (u - x), x - (u - f32(1.0f))) / u;
  const bool near = k == f32(0.0f);
  f32 y = lane::log_of(select(near, x, m - f32(1.0f)), select(near, f32(0.0f), lost), k);
  y = select(u == f32(0.0f), f32(-__builtin_inff()), y);
  y = select(u < f32(0.0f), f32(__builtin_nanf("")), y);
  y = select(x == f32(0.0f), x, y);
  return select(x < f32(__builtin_inff()), y, x + f32(0.0f));
}

TEND_INLINE f32 tanh(f32 x) {
  const f32 t = expm1(f32(-2.0f) * abs(x));  // in [-1, 0]
  return copysign(-t / (f32(2.0f) + t), x);
}

/// Based on N. Juffa's two polynomials.
TEND_INLINE f32 erf(f32 x) {
  const f32 t = abs(x), s = x * x;
  const f32 a = select(t > f32(4.0f), f32(4.0f), t), a2 = a * a;
  f32 far = fma(f32(-1.72853470e-5f), a, f32(3.83197126e-4f));
  far = fma(far, a2, fma(f32(-3.88396438e-3f), a, f32(2.42546219e-2f)));
  far = fma(far, a, f32(-1.06777877e-1f));
  far = fma(far, a, f32(-6.34846687e-1f));
  far = fma(far, a, f32(-1.28717512e-1f));
  far = copysign(f32(1.0f) - exp(fma(far, a, -a)), x);
  f32 near = fma(f32(-5.96761703e-4f), s, f32(4.99119423e-3f));
  near = fma(near, s, f32(-2.67681349e-2f));
  near = fma(near, s, f32(1.12819925e-1f));
  near = fma(near, s, f32(-3.76125336e-1f));
  near = fma(near, s, f32(1.28379166e-1f));
  near = fma(near, x, x);
  return select(t > f32(0.927734375f), far, near);
}

}  // namespace tend::TEND_ISA
