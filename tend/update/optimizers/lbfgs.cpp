#include "tend/update/optimizers/lbfgs.h"

#include <algorithm>
#include <cmath>

#include "tend/base/error.h"
#include "tend/update/emit_function.h"

namespace tend {

namespace {

constexpr auto pairs = Lbfgs::pairs;

template <class T>
double dot(const T* x, const T* y, std::int64_t n) {
  double sum = 0;
  for (std::int64_t i = 0; i < n; ++i) sum += static_cast<double>(x[i]) * static_cast<double>(y[i]);
  return sum;
}
template <class T>
void add_scaled(double by, const T* x, T* y, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) y[i] += static_cast<T>(by) * x[i];
}

/// L-BFGS, Nocedal and Wright, Algorithm 7.4, without a line search: the direction holds the gradient and becomes H times it.
/// Pairs whose curvature y.s is not above 1e-10 are left out. The sum of absolute values of the first step is at most 1 (as in
/// PyTorch).
template <class T>
void quasi_newton(std::int64_t n, std::int64_t update, const T* w, T* const* slots) {
  T *before = slots[0], *gradient_before = slots[1], *d = slots[2];
  T* const* changes = slots + 3;
  T* const* differences = slots + 3 + pairs;
  if (update > 1) {
    const auto at = static_cast<std::size_t>((update - 2) % pairs);
    for (std::int64_t i = 0; i < n; ++i) changes[at][i] = w[i] - before[i], differences[at][i] = d[i] - gradient_before[i];
  }
  std::copy_n(w, n, before);
  std::copy_n(d, n, gradient_before);
  const std::int64_t known = std::min<std::int64_t>(update - 1, pairs);
  double shares[pairs], curvature[pairs], gamma = 0;
  const auto place = [&](std::int64_t back) { return static_cast<std::size_t>((update - 2 - back) % pairs); };
  for (std::int64_t back = 0; back < known; ++back) {
    const std::size_t p = place(back);
    curvature[p] = dot(changes[p], differences[p], n);
    if (!(curvature[p] > 1e-10)) continue;
    if (gamma == 0) gamma = curvature[p] / dot(differences[p], differences[p], n);
    shares[p] = dot(changes[p], d, n) / curvature[p];
    add_scaled(-shares[p], differences[p], d, n);
  }
  if (gamma == 0) {
    double size = 0;
    for (std::int64_t i = 0; i < n; ++i) size += std::abs(static_cast<double>(d[i]));
    gamma = size > 1 ? 1 / size : 1;
  }
  for (std::int64_t i = 0; i < n; ++i) d[i] *= static_cast<T>(gamma);
  for (std::int64_t back = known; back-- > 0;) {
    const std::size_t p = place(back);
    if (curvature[p] > 1e-10) add_scaled(shares[p] - dot(differences[p], d, n) / curvature[p], changes[p], d, n);
  }
}

}  // namespace

void Lbfgs::emit_between(const Backend& backend, Emitter& e, const std::vector<SweepSegment>& segments,
                         const std::vector<Slot>& slots) {
  TEND_EXPECTS(slots.size() == Lbfgs::slots.size());
  std::vector<Slot> operands{{Buffer::state, 0}, step_slot(&StepInputs::update)};
  operands.insert(operands.end(), slots.begin(), slots.end());
  const std::int64_t n = segments.empty() ? 0 : segments.back().offset + segments.back().count;
  emit_function(backend, e, "quasi_newton", operands, [n](void* const* o, auto zero) {
    using T = decltype(zero);
    T* all[Lbfgs::slots.size()];
    for (std::size_t i = 0; i < Lbfgs::slots.size(); ++i) all[i] = as<T>(o[2 + i]);
    quasi_newton<T>(n, *as<std::int64_t>(o[1]), as<T>(o[0]), all);
  });
}

}  // namespace tend
