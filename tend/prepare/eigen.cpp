#include "tend/prepare/eigen.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tend {
namespace {

using Index = std::int64_t;

/// A square matrix by (row, column).
struct Square {
  double* a;
  Index n;
  double& operator()(Index i, Index j) const { return a[i * n + j]; }
};

/// One Householder step: row i becomes zero left of the subdiagonal; e(i) and d(i) hold the values needed for accumulation.
void reduce_row(const Square& z, Index i, double* d, double* e) {
  const Index l = i - 1;
  double scale = 0, h = 0;
  for (Index k = 0; k <= l; ++k) scale += std::abs(z(i, k));
  if (l == 0 || scale == 0) {
    e[i] = z(i, l);
    d[i] = 0;
    return;
  }
  for (Index k = 0; k <= l; ++k) {
    z(i, k) /= scale;
    h += z(i, k) * z(i, k);
  }
  double f = z(i, l);
  const double g = f >= 0 ? -std::sqrt(h) : std::sqrt(h);
  e[i] = scale * g;
  h -= f * g;
  z(i, l) = f - g;
  f = 0;
  for (Index j = 0; j <= l; ++j) {
    z(j, i) = z(i, j) / h;
    double sum = 0;
    for (Index k = 0; k <= j; ++k) sum += z(j, k) * z(i, k);
    for (Index k = j + 1; k <= l; ++k) sum += z(k, j) * z(i, k);
    e[j] = sum / h;
    f += e[j] * z(i, j);
  }
  const double hh = f / (h + h);
  for (Index j = 0; j <= l; ++j) {
    const double fj = z(i, j), gj = e[j] - hh * fj;
    e[j] = gj;
    for (Index k = 0; k <= j; ++k) z(j, k) -= fj * e[k] + gj * z(i, k);
  }
  d[i] = h;
}

void tridiagonalize(const Square& z, double* d, double* e) {
  for (Index i = z.n - 1; i > 0; --i) reduce_row(z, i, d, e);
  d[0] = e[0] = 0;
  std::vector<double> g(static_cast<std::size_t>(z.n));
  for (Index i = 0; i < z.n; ++i) {
    if (d[i] != 0) {
      std::fill(g.begin(), g.end(), 0.0);
      for (Index k = 0; k < i; ++k)
        for (Index j = 0; j < i; ++j) g[static_cast<std::size_t>(j)] += z(i, k) * z(k, j);
      for (Index k = 0; k < i; ++k)
        for (Index j = 0; j < i; ++j) z(k, j) -= g[static_cast<std::size_t>(j)] * z(k, i);
    }
    d[i] = z(i, i);
    z(i, i) = 1;
    for (Index j = 0; j < i; ++j) z(j, i) = z(i, j) = 0;
  }
}

/// One implicit QL sweep from m down to l; the rotations act on the rows of the transposed vectors v.
void sweep(const Square& v, double* d, double* e, Index l, Index m) {
  double g = (d[l + 1] - d[l]) / (2 * e[l]), r = std::hypot(g, 1.0);
  g = d[m] - d[l] + e[l] / (g + std::copysign(r, g));
  double s = 1, c = 1, p = 0;
  Index i = m - 1;
  for (; i >= l; --i) {
    double f = s * e[i];
    const double b = c * e[i];
    e[i + 1] = r = std::hypot(f, g);
    if (r == 0) {
      d[i + 1] -= p;
      e[m] = 0;
      break;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1] - p;
    r = (d[i] - g) * s + 2 * c * b;
    d[i + 1] = g + (p = s * r);
    g = c * r - b;
    double *low = v.a + i * v.n, *high = low + v.n;
    for (Index k = 0; k < v.n; ++k) {
      f = high[k];
      high[k] = s * low[k] + c * f;
      low[k] = c * low[k] - s * f;
    }
  }
  if (r == 0 && i >= l) return;
  d[l] -= p;
  e[l] = g;
  e[m] = 0;
}

bool diagonalize(const Square& v, double* d, double* e) {
  for (Index i = 1; i < v.n; ++i) e[i - 1] = e[i];
  e[v.n - 1] = 0;
  for (Index l = 0; l < v.n; ++l)
    for (int tries = 0;; ++tries) {
      Index m = l;
      for (; m < v.n - 1; ++m) {
        const double size = std::abs(d[m]) + std::abs(d[m + 1]);
        if (std::abs(e[m]) <= 2.3e-16 * size) break;
      }
      if (m == l) break;
      if (tries == 50) return false;
      sweep(v, d, e, l, m);
    }
  return true;
}

}  // namespace

bool symmetric_eigen(std::vector<double>& a, std::int64_t n, std::vector<double>& values) {
  for (const double v : a)
    if (!std::isfinite(v)) return false;
  std::vector<double> d(static_cast<std::size_t>(n)), e(d), v(a.size());
  tridiagonalize({a.data(), n}, d.data(), e.data());
  const auto at = [n](Index i, Index j) { return static_cast<std::size_t>(i * n + j); };
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j) v[at(j, i)] = a[at(i, j)];
  if (!diagonalize({v.data(), n}, d.data(), e.data())) return false;
  std::vector<Index> order(d.size());
  std::iota(order.begin(), order.end(), Index{0});
  std::sort(order.begin(), order.end(),
            [&](Index i, Index j) { return d[static_cast<std::size_t>(i)] < d[static_cast<std::size_t>(j)]; });
  values.clear();
  for (Index k = 0; k < n; ++k) {
    values.push_back(d[static_cast<std::size_t>(order[static_cast<std::size_t>(k)])]);
    for (Index i = 0; i < n; ++i) a[at(i, k)] = v[at(order[static_cast<std::size_t>(k)], i)];
  }
  return true;
}

}  // namespace tend
