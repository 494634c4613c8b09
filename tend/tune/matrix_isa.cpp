#include "tend/tune/matrix_isa.h"

#include <cmath>

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

void invert(const double* factor, double* x, double* inverse, std::size_t n) {
  for (std::size_t i = 0; i < n * n; ++i) x[i] = inverse[i] = 0;
  for (std::size_t i = 0; i < n; ++i) {
    double* __restrict row = x + i * n;
    row[i] = 1;
    for (std::size_t k = 0; k < i; ++k) {
      const double f = factor[i * n + k];
      const double* __restrict other = x + k * n;
      for (std::size_t j = 0; j <= k; ++j) row[j] -= f * other[j];
    }
    const double pivot = factor[i * n + i];
    for (std::size_t j = 0; j <= i; ++j) row[j] /= pivot;
  }
  for (std::size_t k = 0; k < n; ++k) {
    const double* __restrict row = x + k * n;
    for (std::size_t i = 0; i <= k; ++i) {
      double* __restrict to = inverse + i * n;
      const double f = row[i];
      for (std::size_t j = 0; j <= i; ++j) to[j] += f * row[j];
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

MatrixFunctions matrix_functions() { return {.factorize = factorize, .invert = invert, .quadratic_forms = quadratic_forms}; }

}  // namespace tend::TEND_ISA
