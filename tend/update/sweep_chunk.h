#pragma once
#include <cstdint>
#include <utility>

#include "tend/base/math.h"
#include "tend/kernels/functions.h"
#include "tend/update/optimizer.h"

namespace tend {

/// The four sums of a SweepChunk, over one run of elements after another. Each run is summed in strands that are added in a fixed
/// order, so that the bits do not depend on the instruction set. Floats are squared and summed as floats where that loses
/// nothing, otherwise as doubles.
template <class T>
class SweepSums {
 public:
  static constexpr std::int64_t longest_run = 512;  ///< short enough for sums in float

  /// Adds the elements' given gradients, the changes of weights, and the weights afterwards.
  __attribute__((always_inline)) void add(const T* gradient, const T* change, const T* weight, std::int64_t n) {
    const T* const from[3] = {gradient, change, weight};
    for (int k = 0; k < 3; ++k) {
      double sum = 0;
      if constexpr (sizeof(T) == sizeof(float)) sum = in_strands<float>(from[k], n);
      // Squares of small floats vanish and those of large floats overflow. Non-finite gradients are counted here.
      if (!(sum > 1e-28 && sum < 1e38)) {
        sum = in_strands<double>(from[k], n);
        if (k == 0 && !(sum < 1e300)) not_finite_ += count_not_finite(gradient, n);
      }
      squares_[k] += sum;
    }
  }
  __attribute__((always_inline)) void write(double* sums) const {
    for (int k = 0; k < 3; ++k) sums[k] = squares_[k];
    sums[3] = static_cast<double>(not_finite_);
  }

 private:
#if defined(__AVX512F__)
  static constexpr int vector_bytes = 64;
#elif defined(__AVX__)
  static constexpr int vector_bytes = 32;
#else
  static constexpr int vector_bytes = 16;
#endif

  /// The sum of squares, taken in numbers of type N.
  template <class N>
  __attribute__((always_inline)) static double in_strands(const T* from, std::int64_t n) {
    typedef N Vector __attribute__((vector_size(vector_bytes)));
    constexpr int lanes = vector_bytes / static_cast<int>(sizeof(N)), strands = 64 / static_cast<int>(sizeof(N)),
                  parts = strands / lanes;
    Vector sums[parts] = {};
    std::int64_t i = 0;
    for (; i + strands <= n; i += strands) {
      for (int p = 0; p < parts; ++p) {
        Vector x;
        widen<N, Vector>(from + i + p * lanes, x);
        sums[p] += x * x;
      }
    }
    N strand[strands];
    __builtin_memcpy(strand, sums, sizeof strand);
    for (int l = 0; i < n; ++i, ++l) {
      const auto x = static_cast<N>(from[i]);
      strand[l] += x * x;
    }
    for (int half = strands / 2; half > 0; half /= 2)
      for (int l = 0; l < half; ++l) strand[l] += strand[l + half];
    return static_cast<double>(strand[0]);
  }

  template <class N, class Vector>
  __attribute__((always_inline)) static void widen(const T* from, Vector& to) {
    if constexpr (sizeof(T) == sizeof(N)) {
      __builtin_memcpy(&to, from, sizeof to);
    } else {
      typedef float Narrow __attribute__((vector_size(vector_bytes / 2)));
      Narrow narrow;
      __builtin_memcpy(&narrow, from, sizeof narrow);
      to = __builtin_convertvector(narrow, Vector);
    }
  }

  __attribute__((always_inline)) static std::int64_t count_not_finite(const T* from, std::int64_t n) {
    std::int64_t count = 0;
    for (std::int64_t i = 0; i < n; ++i) count += !(from[i] - from[i] == T(0));
    return count;
  }

  double squares_[3] = {};
  std::int64_t not_finite_ = 0;
};

/// The slope that an update rule gets: clipped, then scaled.
template <class T>
inline __attribute__((always_inline)) T clipped(T given, T limit, T scale) {
  using namespace tend::math;
  T slope = select(given > limit, limit, given);
  return select(slope < -limit, -limit, slope) * scale;
}

/// 0 for numbers that are about to become subnormal, which take a processor about a hundred times as long: the moments of a
/// weight whose gradient stays 0 shrink to nothing, and so do weights that decay.
template <class T>
inline __attribute__((always_inline)) T without_traces(T x) {
  using namespace tend::math;
  return select(abs(x) < T(1e-36), T(0), x);
}

/// The first of two passes calls the entry's direction(). c[14] says whether the tensor is a matrix (1 or 0), c[15] is its decay.
template <class O, class T>
inline __attribute__((always_inline)) void direction_chunk(const SweepChunk& chunk, T* c) {
  constexpr std::int64_t longest_run = SweepSums<T>::longest_run;
  c[14] = T(chunk.is_matrix ? 1.0 : 0.0), c[15] = T(chunk.decay);
  const T limit(chunk.clip_value != 0 ? chunk.clip_value : __builtin_inf()), scale(chunk.scale);
  const T *w = static_cast<const T*>(chunk.weight), *g = static_cast<const T*>(chunk.gradient);
  T *s0 = static_cast<T*>(chunk.slots[0]), *s1 = static_cast<T*>(chunk.slots[1]), *s2 = static_cast<T*>(chunk.slots[2]);
  SweepSums<T> sums;
  for (std::int64_t first = 0; first < chunk.count; first += longest_run) {
    const std::int64_t n = chunk.count - first < longest_run ? chunk.count - first : longest_run;
#pragma GCC ivdep
    for (std::int64_t i = first; i < first + n; ++i) {
      T s[3] = {s0[i], s1[i], s2[i]};
      O::direction(w[i], clipped(g[i], limit, scale), s, c);
      s0[i] = without_traces(s[0]), s1[i] = without_traces(s[1]), s2[i] = s[2];
    }
    sums.add(g + first, s2 + first, w + first, n);
  }
  sums.write(chunk.sums);
}

/// The second of two passes: w = w (1 - rate decay, where decay is decoupled) - rate factor direction.
template <class O, class T>
inline __attribute__((always_inline)) void move_chunk(const SweepChunk& chunk) {
  constexpr std::int64_t longest_run = SweepSums<T>::longest_run;
  const T kept(O::decoupled_decay ? 1 - chunk.rate * chunk.decay : 1.0), by(chunk.rate * chunk.factor);
  T* w = static_cast<T*>(chunk.weight);
  const T *g = static_cast<const T*>(chunk.gradient), *direction = static_cast<const T*>(chunk.slots[2]);
  alignas(64) T change[longest_run];
  SweepSums<T> sums;
  for (std::int64_t first = 0; first < chunk.count; first += longest_run) {
    const std::int64_t n = chunk.count - first < longest_run ? chunk.count - first : longest_run;
#pragma GCC ivdep
    for (std::int64_t i = 0; i < n; ++i) {
      const T before = w[first + i], now = before * kept - by * direction[first + i];
      w[first + i] = now;
      change[i] = now - before;
    }
    sums.add(g + first, change, w + first, n);
  }
  sums.write(chunk.sums);
}

/// The whole step in one pass: clip, scale, decay, the entry's element().
template <class O, class T>
inline __attribute__((always_inline)) void step_chunk(const SweepChunk& chunk, const T* c) {
  using namespace tend::math;
  constexpr int slots = static_cast<int>(O::slots.size());
  constexpr std::int64_t longest_run = SweepSums<T>::longest_run;
  const T limit(chunk.clip_value != 0 ? chunk.clip_value : __builtin_inf()), scale(chunk.scale);
  const T coupled(O::decoupled_decay ? 0.0 : chunk.decay), kept(O::decoupled_decay ? 1 - chunk.rate * chunk.decay : 1.0);
  T* const w = static_cast<T*>(chunk.weight);
  const T* const g = static_cast<const T*>(chunk.gradient);
  T* const s0 = static_cast<T*>(chunk.slots[0]);
  T* const s1 = static_cast<T*>(chunk.slots[1]);
  T* const s2 = static_cast<T*>(chunk.slots[2]);
  T* const s3 = static_cast<T*>(chunk.slots[3]);
  alignas(64) T change[longest_run];
  SweepSums<T> sums;
  for (std::int64_t first = 0; first < chunk.count; first += longest_run) {
    const std::int64_t n = chunk.count - first < longest_run ? chunk.count - first : longest_run;
#pragma GCC ivdep
    for (std::int64_t i = 0; i < n; ++i) {
      const std::int64_t at = first + i;
      const T before = w[at], given = g[at];
      T slope = clipped(given, limit, scale);
      slope = select(coupled != T(0), slope + coupled * before, slope);  // without decay, an infinite weight must not give NaN
      T now = before * kept, s[4];
      if constexpr (slots > 0) s[0] = s0[at];
      if constexpr (slots > 1) s[1] = s1[at];
      if constexpr (slots > 2) s[2] = s2[at];
      if constexpr (slots > 3) s[3] = s3[at];
      O::element(now, slope, s, c);
      if constexpr (slots > 0) s0[at] = without_traces(s[0]);
      if constexpr (slots > 1) s1[at] = without_traces(s[1]);
      if constexpr (slots > 2) s2[at] = without_traces(s[2]);
      if constexpr (slots > 3) s3[at] = without_traces(s[3]);
      now = without_traces(now);
      w[at] = now;
      change[i] = now - before;
    }
    sums.add(g + first, change, w + first, n);
  }
  sums.write(chunk.sums);
}

/// Computes one chunk of a sweep and its four sums. Every instruction set instantiates it with
/// its own number type. It works in runs that stay in the first cache between the update and its sums.
template <class O, class T>
inline __attribute__((always_inline)) void sweep_chunk(const SweepChunk& chunk) {
  using namespace tend::math;
  T c[16];
  for (int i = 0; i < 16; ++i) c[i] = T(chunk.constants[i]);
  if constexpr (Directed<O>) {
    if (chunk.pass == 1) direction_chunk<O, T>(chunk, c);
    else move_chunk<O, T>(chunk);
  } else {
    step_chunk<O, T>(chunk, c);
  }
}

}  // namespace tend
