#include "tend/tune/matrix_isa.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <initializer_list>

namespace tend::TEND_ISA {

namespace {

bool factorize(double* a, double* column, std::size_t n) {
  for (std::size_t k = 0; k < n; ++k) {
    const double pivot = a[k * n + k];
    if (!(pivot > 0)) return false;
    const double root = std::sqrt(pivot);
    a[k * n + k] = root;
    for (std::size_t i = k + 1; i < n; ++i) column[i] = a[i * n + k] /= root;
    for (std::size_t i = k + 1; i < n; ++i) {
      double* __restrict row = a + i * n;
      const double* __restrict other = column;
      const double factor = column[i];
      for (std::size_t j = k + 1; j <= i; ++j) row[j] -= factor * other[j];
    }
  }
  return true;
}

/// Four rows at a time, so that the row that collects them is read and written a fourth as often. Entries above the diagonal of x
/// are 0.
void invert(const double* factor, double* x, double* inverse, std::size_t n) {
  for (std::size_t i = 0; i < n * n; ++i) x[i] = inverse[i] = 0;
  for (std::size_t i = 0; i < n; ++i) {
    double* __restrict row = x + i * n;
    const double* f = factor + i * n;
    row[i] = 1;
    std::size_t k = 0;
    for (; k + 4 <= i; k += 4) {
      const double f0 = f[k], f1 = f[k + 1], f2 = f[k + 2], f3 = f[k + 3];
      const double* __restrict r0 = x + k * n, * __restrict r1 = r0 + n, * __restrict r2 = r1 + n, * __restrict r3 = r2 + n;
      for (std::size_t j = 0; j < k + 4; ++j) row[j] = (((row[j] - f0 * r0[j]) - f1 * r1[j]) - f2 * r2[j]) - f3 * r3[j];
    }
    for (; k < i; ++k) {
      const double* __restrict other = x + k * n;
      for (std::size_t j = 0; j <= k; ++j) row[j] -= f[k] * other[j];
    }
    const double pivot = factor[i * n + i];
    for (std::size_t j = 0; j <= i; ++j) row[j] /= pivot;
  }
  std::size_t k = 0;
  for (; k + 4 <= n; k += 4) {
    const double* __restrict r0 = x + k * n, * __restrict r1 = r0 + n, * __restrict r2 = r1 + n, * __restrict r3 = r2 + n;
    for (std::size_t i = 0; i < k + 4; ++i) {
      double* __restrict to = inverse + i * n;
      const double f0 = r0[i], f1 = r1[i], f2 = r2[i], f3 = r3[i];
      for (std::size_t j = 0; j <= i; ++j) to[j] = (((to[j] + f0 * r0[j]) + f1 * r1[j]) + f2 * r2[j]) + f3 * r3[j];
    }
  }
  for (; k < n; ++k) {
    const double* __restrict row = x + k * n;
    for (std::size_t i = 0; i <= k; ++i) {
      double* __restrict to = inverse + i * n;
      for (std::size_t j = 0; j <= i; ++j) to[j] += row[i] * row[j];
    }
  }
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j) inverse[i * n + j] = inverse[j * n + i];
}

/// In eight sums, so that they need no order.
double dot(const double* a, const double* b, std::size_t n) {
  double sums[8] = {};
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8)
    for (std::size_t k = 0; k < 8; ++k) sums[k] += a[i + k] * b[i + k];
  for (std::size_t k = 0; i < n; ++i, ++k) sums[k] += a[i] * b[i];
  double sum = 0;
  for (double s : sums) sum += s;
  return sum;
}

/// exp(x) for x <= 0: 2^k exp(r) with |r| <= ln 2 / 2 and the Taylor polynomial of degree 12, whose rest is below 2e-16. It
/// is 0 where it would be less than 1e-299.
inline double exponential(double x) {
  constexpr double shift = 6755399441055744.0;  // 1.5 * 2^52: adding it rounds to a whole number, in the low bits
  const bool is_small = x < -690;
  x = is_small ? -690 : x;
  const double t = x * 1.4426950408889634 + shift;
  const double k = t - shift;
  const double r = (x - k * 0x1.62e42fefa3800p-1) - k * 0x1.ef35793c76730p-45;
  double p = 1.0 / 479001600;
  for (const double c : {1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24,
                         1.0 / 6, 0.5, 1.0, 1.0})
    p = p * r + c;
  const std::int64_t power = (std::bit_cast<std::int64_t>(t) - std::bit_cast<std::int64_t>(shift) + 1023) << 52;
  return is_small ? 0 : p * std::bit_cast<double>(power);
}

void matern(const double* __restrict squared, double* __restrict values, double* __restrict slopes, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const double r = std::sqrt(5 * squared[i]), e = exponential(-r);
    values[i] = (1 + r + r * r / 3) * e;
    slopes[i] = -5.0 / 6.0 * (1 + r) * e;
  }
}

void add_scaled(double factor, const double* __restrict v, double* __restrict sums, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) sums[i] += factor * v[i];
}

void add_squares(double factor, double x, bool is_choice, const double* __restrict v, double* __restrict sums, std::size_t n) {
  if (is_choice)
    for (std::size_t i = 0; i < n; ++i) sums[i] += v[i] != x ? factor : 0;
  else
    for (std::size_t i = 0; i < n; ++i) sums[i] += factor * ((v[i] - x) * (v[i] - x));
}

void take_normal(double x, const double* __restrict centres, const double* __restrict scales, double* __restrict sums,
                 std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const double z = (x - centres[i]) * scales[i];
    sums[i] -= 0.5 * z * z;
  }
}

/// By the lower half: v^T S v = 2 sum_i v_i sum_{j < i} S_ij v_j + sum_i S_ii v_i^2.
void quadratic_forms(const double* symmetric, const double* rows, double* scratch, double* out, std::size_t m, std::size_t n) {
  std::size_t r = 0;
  for (; r + 4 <= m; r += 4) {
    double* __restrict p0 = scratch, * __restrict p1 = scratch + n, * __restrict p2 = scratch + 2 * n, * __restrict p3 = scratch + 3 * n;
    for (std::size_t j = 0; j < 4 * n; ++j) scratch[j] = 0;
    const double *a0 = rows + r * n, *a1 = a0 + n, *a2 = a1 + n, *a3 = a2 + n;
    for (std::size_t i = 0; i < n; ++i) {
      const double* __restrict line = symmetric + i * n;
      const double f0 = a0[i], f1 = a1[i], f2 = a2[i], f3 = a3[i];
      for (std::size_t j = 0; j < i; ++j) {
        const double v = line[j];
        p0[j] += f0 * v;
        p1[j] += f1 * v;
        p2[j] += f2 * v;
        p3[j] += f3 * v;
      }
    }
    for (std::size_t k = 0; k < 4; ++k) out[r + k] = 2 * dot(rows + (r + k) * n, scratch + k * n, n);
  }
  for (; r < m; ++r) {
    double* __restrict p = scratch;
    for (std::size_t j = 0; j < n; ++j) p[j] = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double* __restrict line = symmetric + i * n;
      const double f = rows[r * n + i];
      for (std::size_t j = 0; j < i; ++j) p[j] += f * line[j];
    }
    out[r] = 2 * dot(rows + r * n, p, n);
  }
  for (r = 0; r < m; ++r)
    for (std::size_t i = 0; i < n; ++i) out[r] += symmetric[i * n + i] * rows[r * n + i] * rows[r * n + i];
}

}  // namespace

MatrixFunctions matrix_functions() {
  return {.factorize = factorize,
          .invert = invert,
          .quadratic_forms = quadratic_forms,
          .matern = matern,
          .add_scaled = add_scaled,
          .add_squares = add_squares,
          .take_normal = take_normal,
          .dot = dot};
}

}  // namespace tend::TEND_ISA
