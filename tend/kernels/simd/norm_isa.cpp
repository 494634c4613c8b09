#include "tend/kernels/simd/norms.h"
#include "tend/kernels/simd/vec.h"

namespace tend::TEND_ISA {
namespace {

constexpr std::int64_t width = vec::width;
/// Floats are added in chains of at most this many rows; the chains are added in double.
constexpr std::int64_t chain_rows = 64;

/// V registers of columns; the last one may be partial.
struct Columns {
  std::int64_t first;
  bool whole;
  int last;
};

/// Calls f.template operator()<V>(Columns) for groups of up to 4 registers.
template <class F>
TEND_INLINE void each_group(std::int64_t columns, F f) {
  for (std::int64_t j = 0; j < columns;) {
    const std::int64_t left = columns - j, registers = left >= 4 * width ? 4 : (left + width - 1) / width;
    const bool whole = left >= registers * width;
    const Columns group{j, whole, static_cast<int>(whole ? width : left - (registers - 1) * width)};
    switch (registers) {
      case 1: f.template operator()<1>(group); break;
      case 2: f.template operator()<2>(group); break;
      case 3: f.template operator()<3>(group); break;
      default: f.template operator()<4>(group); break;
    }
    j += registers * width;
  }
}

/// Adds the terms (a, b) = f(row, register) over all rows to the doubles at `first` and `second`. If V is small, R rows run side
/// by side, so that additions do not wait for each other.
template <int V, class F>
TEND_INLINE void add_rows(std::int64_t rows, const Columns& g, double* first, double* second, F f) {
  constexpr int R = V == 1 ? 4 : V == 2 ? 2 : 1;
  for (std::int64_t from = 0; from < rows; from += chain_rows * R) {
    const std::int64_t to = rows - from < chain_rows * R ? rows : from + chain_rows * R;
    vec a[R][V], b[R][V];
#pragma GCC unroll 4
    for (int q = 0; q < R; ++q)
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) a[q][v] = b[q][v] = zero();
    std::int64_t r = from;
    for (; r + R <= to; r += R)
#pragma GCC unroll 4
      for (int q = 0; q < R; ++q)
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v) f(r + q, v, a[q][v], b[q][v]);
    for (; r < to; ++r)
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) f(r, v, a[0][v], b[0][v]);
    for (int q = 0; q < R; ++q) {
      float la[V * width], lb[V * width];
      for (int v = 0; v < V; ++v) {
        store(la + v * width, a[q][v]);
        store(lb + v * width, b[q][v]);
      }
      const int n = static_cast<int>((V - 1) * width + g.last);
      for (int i = 0; i < n; ++i) {
        first[i] += static_cast<double>(la[i]);
        second[i] += static_cast<double>(lb[i]);
      }
    }
  }
}

template <int V>
TEND_INLINE vec take(const float* p, int v, const Columns& g, part last) {
  return load(p + v * width, v < V - 1 || g.whole, last);
}

void moments(const float* x, std::int64_t row, std::int64_t rows, std::int64_t columns, double* means, double* squares) {
  for (std::int64_t i = 0; i < columns; ++i) means[i] = squares[i] = 0;
  const auto n = static_cast<double>(rows);
  each_group(columns, [=]<int V>(const Columns& g) {
    const part last(g.last);
    const float* from = x + g.first;
    double *mean = means + g.first, *square = squares + g.first;
    double unused[V * width] = {};
    add_rows<V>(rows, g, mean, unused, [=](std::int64_t r, int v, vec& a, vec&) { a = a + take<V>(from + r * row, v, g, last); });
    const int count = static_cast<int>((V - 1) * width + g.last);
    float about[V * width] = {};
    for (int i = 0; i < count; ++i) about[i] = static_cast<float>(mean[i] / n);
    vec m[V];
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) m[v] = load(about + v * width);
    double shift[V * width] = {};
    add_rows<V>(rows, g, shift, square, [=](std::int64_t r, int v, vec& a, vec& b) {
      const vec d = take<V>(from + r * row, v, g, last) - m[v];
      a = a + d;
      b = fma(d, d, b);
    });
    for (int i = 0; i < count; ++i) {  // corrects the rounding of the mean to float
      mean[i] = static_cast<double>(about[i]) + shift[i] / n;
      const double exact = square[i] - shift[i] * shift[i] / n;
      square[i] = exact < 0 ? 0 : exact;
    }
  });
}

void apply(const float* x, float* y, std::int64_t row, std::int64_t rows, std::int64_t columns, const float* mean,
           const float* inverse, const float* gamma, const float* beta) {
  each_group(columns, [=]<int V>(const Columns& g) {
    const part last(g.last);
    vec m[V], scale[V], b[V];
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) {
      m[v] = take<V>(mean + g.first, v, g, last);
      scale[v] = take<V>(inverse + g.first, v, g, last) * take<V>(gamma + g.first, v, g, last);
      b[v] = take<V>(beta + g.first, v, g, last);
    }
    for (std::int64_t r = 0; r < rows; ++r)
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) {
        const std::int64_t i = r * row + g.first;
        const vec d = take<V>(x + i, v, g, last) - m[v];
        store(y + i + v * width, fma(d, scale[v], b[v]), v < V - 1 || g.whole, last);
      }
  });
}

void gradient_sums(const float* x, const float* dy, std::int64_t row, std::int64_t rows, std::int64_t columns, const float* mean,
                   double* sums, double* products) {
  for (std::int64_t i = 0; i < columns; ++i) sums[i] = products[i] = 0;
  each_group(columns, [=]<int V>(const Columns& g) {
    const part last(g.last);
    vec m[V];
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) m[v] = take<V>(mean + g.first, v, g, last);
    add_rows<V>(rows, g, sums + g.first, products + g.first, [=](std::int64_t r, int v, vec& a, vec& b) {
      const vec slope = take<V>(dy + r * row + g.first, v, g, last);
      a = a + slope;
      b = fma(slope, take<V>(x + r * row + g.first, v, g, last) - m[v], b);
    });
  });
}

void apply_gradient(const float* x, const float* dy, float* dx, std::int64_t row, std::int64_t rows, std::int64_t columns,
                    const float* mean, const float* a, const float* b, const float* c) {
  each_group(columns, [=]<int V>(const Columns& g) {
    const part last(g.last);
    vec m[V], ka[V], kb[V], kc[V];
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) {
      m[v] = take<V>(mean + g.first, v, g, last);
      ka[v] = take<V>(a + g.first, v, g, last);
      kb[v] = take<V>(b + g.first, v, g, last);
      kc[v] = take<V>(c + g.first, v, g, last);
    }
    for (std::int64_t r = 0; r < rows; ++r)
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) {
        const std::int64_t i = r * row + g.first;
        const vec d = take<V>(x + i, v, g, last) - m[v];
        const vec slope = take<V>(dy + i, v, g, last);
        store(dx + i + v * width, fma(ka[v], slope, fma(kb[v], d, kc[v])), v < V - 1 || g.whole, last);
      }
  });
}

/// Adds the terms (a, b) = f(place, whole, some) of n numbers in chains of registers; the chains are added in double.
template <class F>
TEND_INLINE void add_along(std::int64_t n, double* first, double* second, F f) {
  constexpr std::int64_t piece = 4 * width * chain_rows;
  *first = *second = 0;
  for (std::int64_t from = 0; from < n; from += piece) {
    const std::int64_t to = n - from < piece ? n : from + piece;
    vec a[4] = {zero(), zero(), zero(), zero()}, b[4] = {zero(), zero(), zero(), zero()};
    std::int64_t i = from;
    for (; i + 4 * width <= to; i += 4 * width)
#pragma GCC unroll 4
      for (int q = 0; q < 4; ++q) f(i + q * width, true, part(1), a[q], b[q]);
    for (; i + width <= to; i += width) f(i, true, part(1), a[0], b[0]);
    if (i < to) f(i, false, part(static_cast<int>(to - i)), a[1], b[1]);
    *first += static_cast<double>(sum((a[0] + a[1]) + (a[2] + a[3])));
    *second += static_cast<double>(sum((b[0] + b[1]) + (b[2] + b[3])));
  }
}

/// One number in every lane, or only in the first lanes.
struct Lanes {
  float all[width];
  TEND_INLINE explicit Lanes(float x) {
    for (float& lane : all) lane = x;
  }
};

void row_moments(const float* x, std::int64_t n, double* mean, double* squares) {
  const auto count = static_cast<double>(n);
  double total, unused, shift, square;
  add_along(n, &total, &unused, [=](std::int64_t i, bool whole, part some, vec& a, vec&) { a = a + load(x + i, whole, some); });
  const Lanes about(static_cast<float>(total / count));
  add_along(n, &shift, &square, [&](std::int64_t i, bool whole, part some, vec& a, vec& b) {
    const vec d = load(x + i, whole, some) - load(about.all, whole, some);
    a = a + d;
    b = fma(d, d, b);
  });
  *mean = static_cast<double>(about.all[0]) + shift / count;  // corrects the rounding of the mean to float
  const double exact = square - shift * shift / count;
  *squares = exact < 0 ? 0 : exact;
}

void row_apply(const float* x, float* y, std::int64_t n, float mean, float inverse, const float* gamma, const float* beta) {
#pragma GCC ivdep
  for (std::int64_t i = 0; i < n; ++i) y[i] = fma(f32((x[i] - mean) * inverse), f32(gamma[i]), f32(beta[i])).v;
}

void row_gradient_sums(const float* x, const float* dy, const float* gamma, std::int64_t n, float mean, double* sum,
                       double* product) {
  const vec m = all(mean);  // lanes after the end add 0, because their slope is 0
  add_along(n, sum, product, [=](std::int64_t i, bool whole, part some, vec& a, vec& b) {
    const vec slope = load(dy + i, whole, some) * load(gamma + i, whole, some);
    a = a + slope;
    b = fma(slope, load(x + i, whole, some) - m, b);
  });
}

void row_apply_gradient(const float* x, const float* dy, const float* gamma, float* dx, std::int64_t n, float mean, float a,
                        float b, float c) {
#pragma GCC ivdep
  for (std::int64_t i = 0; i < n; ++i) dx[i] = fma(f32(a), f32(dy[i] * gamma[i]), fma(f32(b), f32(x[i] - mean), f32(c))).v;
}

void row_parameter_sums(const float* x, const float* dy, std::int64_t n, float mean, float inverse, double* sums,
                        double* products) {
#pragma GCC ivdep
  for (std::int64_t i = 0; i < n; ++i) {
    sums[i] += static_cast<double>(dy[i]);
    products[i] += static_cast<double>(dy[i] * ((x[i] - mean) * inverse));
  }
}

void inverse_roots(const float* variance, float epsilon, float* inverse, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) inverse[i] = 1.0f / __builtin_sqrtf(variance[i] + epsilon);
}

}  // namespace

extern const NormTable norms = {moments,
                                apply,
                                gradient_sums,
                                apply_gradient,
                                row_moments,
                                row_apply,
                                row_gradient_sums,
                                row_apply_gradient,
                                row_parameter_sums,
                                inverse_roots};

}  // namespace tend::TEND_ISA
