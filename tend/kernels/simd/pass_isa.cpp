#include "tend/kernels/simd/passes.h"
#include "tend/kernels/simd/philox.h"
#include "tend/kernels/simd/vec.h"

namespace tend::TEND_ISA {
namespace {

TEND_INLINE float larger(float a, float b) { return b > a || b != b ? b : a; }

/// Returns the largest of x, n >= 1, or NaN if x contains one.
float largest(const float* x, std::int64_t n) {
  float best = x[0];
  std::int64_t i = 0;
  if (n >= vec::width) {
    vec top = load(x);
    for (i = vec::width; i + vec::width <= n; i += vec::width) {
      const vec next = load(x + i);
      top = choose(beats(next, top), next, top);
    }
    float lane[vec::width];
    store(lane, top);
    for (float l : lane) best = larger(best, l);
  }
  for (; i < n; ++i) best = larger(best, x[i]);
  return best;
}

/// Returns the sum of x: one chain a lane, then the lanes in order.
float total(const float* x, std::int64_t n) {
  vec s[4] = {zero(), zero(), zero(), zero()};
  std::int64_t i = 0;
  for (; i + 4 * vec::width <= n; i += 4 * vec::width)
    for (int q = 0; q < 4; ++q) s[q] = s[q] + load(x + i + q * vec::width);
  for (; i + vec::width <= n; i += vec::width) s[0] = s[0] + load(x + i);
  if (i < n) s[1] = s[1] + load(x + i, part(static_cast<int>(n - i)));
  return sum((s[0] + s[1]) + (s[2] + s[3]));
}

/// Returns the sum of f(i) over i < n. It stores pieces of f in cached memory first, so that f vectorizes.
template <class F>
TEND_INLINE float sum_of(std::int64_t n, F f) {
  constexpr std::int64_t at_once = 512;
  f32 piece[at_once];
  float all = 0;
  for (std::int64_t i = 0; i < n; i += at_once) {
    const std::int64_t count = n - i < at_once ? n - i : at_once;
    for (std::int64_t q = 0; q < count; ++q) piece[q] = f(i + q);
    all += total(&piece[0].v, count);
  }
  return all;
}

void softmax(const float* from, float* to, std::int64_t rows, std::int64_t classes, bool log) {
  for (std::int64_t r = 0; r < rows; ++r) {
    const f32* x = reinterpret_cast<const f32*>(from) + r * classes;
    f32* y = reinterpret_cast<f32*>(to) + r * classes;
    const f32 top(largest(&x->v, classes));
    if (log) {
      const f32 shift = TEND_ISA::log(f32(sum_of(classes, [=](std::int64_t i) { return exp(x[i] - top); })));
      for (std::int64_t i = 0; i < classes; ++i) y[i] = (x[i] - top) - shift;
    } else {
      for (std::int64_t i = 0; i < classes; ++i) y[i] = exp(x[i] - top);
      const f32 scale = f32(1.0f) / f32(total(&y->v, classes));
      for (std::int64_t i = 0; i < classes; ++i) y[i] *= scale;
    }
  }
}

void softmax_backward(const float* output, const float* slope, float* to, std::int64_t rows, std::int64_t classes, bool log) {
  for (std::int64_t r = 0; r < rows; ++r) {
    const f32* y = reinterpret_cast<const f32*>(output) + r * classes;
    const f32* dy = reinterpret_cast<const f32*>(slope) + r * classes;
    f32* dx = reinterpret_cast<f32*>(to) + r * classes;
    if (log) {
      const f32 sum(total(&dy->v, classes));
      for (std::int64_t i = 0; i < classes; ++i) dx[i] = dy[i] - exp(y[i]) * sum;
    } else {
      const f32 dot(sum_of(classes, [=](std::int64_t i) { return y[i] * dy[i]; }));
      for (std::int64_t i = 0; i < classes; ++i) dx[i] = y[i] * (dy[i] - dot);
    }
  }
}

void dropout(const DropoutDraw& d, const float* x, float* y, std::int64_t first, std::int64_t rows, std::int64_t row_size) {
  constexpr std::int64_t at_once = 16 * words::width;
  const float scale = d.scale;
  const std::uint32_t threshold = d.threshold;
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t e = 0; e < row_size; e += at_once) {
      alignas(64) std::uint16_t drawn[at_once];  // little-endian: the low half of a word comes first
      draw(d, static_cast<std::uint32_t>(e / 8), static_cast<std::uint32_t>(first + r), drawn);
      const std::int64_t count = row_size - e < at_once ? row_size - e : at_once;
      const float* from = x + r * row_size + e;
      float* to = y + r * row_size + e;
      if (count == at_once)
        for (std::int64_t i = 0; i < at_once; ++i) to[i] = std::uint32_t{drawn[i]} >= threshold ? from[i] * scale : 0.0f;
      else
        for (std::int64_t i = 0; i < count; ++i) to[i] = std::uint32_t{drawn[i]} >= threshold ? from[i] * scale : 0.0f;
    }
}

void add(const float* a, const float* b, float* y, std::int64_t n) {
#pragma GCC ivdep
  for (std::int64_t i = 0; i < n; ++i) y[i] = a[i] + b[i];
}

void add_scaled(float scale, const float* x, float* y, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) y[i] += scale * x[i];
}

double sum_of_squares(const float* x, std::int64_t n, float limit) {
  constexpr int chains = 16;
  double sums[chains] = {}, sum = 0;
  const float bound = limit > 0 ? limit : __builtin_inff();
  std::int64_t i = 0;
  for (; i + chains <= n; i += chains)
    for (int l = 0; l < chains; ++l) {
      float g = x[i + l];
      g = g > bound ? bound : g;
      g = g < -bound ? -bound : g;
      sums[l] += static_cast<double>(g) * static_cast<double>(g);
    }
  for (; i < n; ++i) {
    float g = x[i] > bound ? bound : x[i];
    g = g < -bound ? -bound : g;
    sum += static_cast<double>(g) * static_cast<double>(g);
  }
  for (double s : sums) sum += s;
  return sum;
}

void approach(float share, const float* x, float* y, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) y[i] += share * (x[i] - y[i]);
}

void add_signs(float scale, const float* x, float* y, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) y[i] += x[i] > 0 ? scale : x[i] < 0 ? -scale : x[i];
}

void column_squares(const float* w, std::int64_t rows, std::int64_t stride, std::int64_t columns, double* sums) {
  for (std::int64_t k = 0; k < columns; ++k) sums[k] = 0;
  for (std::int64_t r = 0; r < rows; ++r, w += stride)
#pragma GCC ivdep
    for (std::int64_t k = 0; k < columns; ++k) sums[k] += static_cast<double>(w[k]) * static_cast<double>(w[k]);
}

void scale_columns(float* w, std::int64_t rows, std::int64_t stride, std::int64_t columns, const float* factors) {
  for (std::int64_t r = 0; r < rows; ++r, w += stride)
#pragma GCC ivdep
    for (std::int64_t k = 0; k < columns; ++k) w[k] *= factors[k];
}

void prelu(const float* x, const float* slopes, float* y, std::int64_t rows, std::int64_t channels) {
  for (std::int64_t r = 0; r < rows; ++r, x += channels, y += channels)
#pragma GCC ivdep
    for (std::int64_t c = 0; c < channels; ++c) y[c] = x[c] > 0 ? x[c] : slopes[c] * x[c];
}

void prelu_backward(const float* x, const float* slopes, const float* dy, float* dx, std::int64_t rows, std::int64_t channels,
                    double* sums) {
  for (std::int64_t c = 0; c < channels; ++c) sums[c] = 0;
  for (std::int64_t r = 0; r < rows; ++r, x += channels, dy += channels) {
#pragma GCC ivdep
    for (std::int64_t c = 0; c < channels; ++c) sums[c] += static_cast<double>(x[c] > 0 ? 0.0f : x[c] * dy[c]);
    if (!dx) continue;
#pragma GCC ivdep
    for (std::int64_t c = 0; c < channels; ++c) dx[c] = x[c] > 0 ? dy[c] : slopes[c] * dy[c];
    dx += channels;
  }
}

template <int fixed>
TEND_INLINE void piece_max_of(const float* z, float* y, std::uint8_t* where, std::int64_t count, std::int64_t given) {
  const std::int64_t pieces = fixed ? fixed : given;
#pragma GCC ivdep
  for (std::int64_t i = 0; i < count; ++i) {
    float best = z[i * pieces];
    int place = 0;
    for (std::int64_t q = 1; q < pieces; ++q) {
      const float next = z[i * pieces + q];
      const bool wins = (next > best) | ((next != next) & (best == best));
      best = wins ? next : best;
      place = wins ? static_cast<int>(q) : place;
    }
    y[i] = best;
    if (where) where[i] = static_cast<std::uint8_t>(place);
  }
}

void piece_max(const float* z, float* y, std::uint8_t* where, std::int64_t count, std::int64_t pieces) {
  if (pieces == 2) piece_max_of<2>(z, y, where, count, 2);
  else piece_max_of<0>(z, y, where, count, pieces);
}

void piece_max_backward(const float* dy, const std::uint8_t* where, float* dz, std::int64_t count, std::int64_t pieces) {
  for (std::int64_t i = 0; i < count; ++i)
    for (std::int64_t q = 0; q < pieces; ++q) dz[i * pieces + q] = where[i] == q ? dy[i] : 0.0f;
}

}  // namespace

extern const PassTable passes = {softmax,   softmax_backward,  dropout,        add,           add_scaled, sum_of_squares,
                                 approach,  add_signs,         column_squares, scale_columns, prelu,      prelu_backward,
                                 piece_max, piece_max_backward};

}  // namespace tend::TEND_ISA
