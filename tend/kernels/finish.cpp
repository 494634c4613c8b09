#include "tend/kernels/finish.h"

#include <algorithm>
#include <cmath>

#include "tend/base/error.h"
#include "tend/kernels/function_kernel.h"

namespace tend {

namespace {

template <class T>
T* as(void* operand) {
  return static_cast<T*>(operand);
}

Slot behind(Slot slot, std::int64_t bytes) { return {slot.buffer, slot.offset + bytes}; }

/// Emits f<T>(operands) for the back end's element type.
template <class F>
void emit(const Backend& backend, Emitter& e, const char* name, std::vector<Slot> operands, F f) {
  if (backend.element_type() == ElementType::float64)
    e.call(make_kernel({.name = name}, [f](void* const* o, int, void*) { f(o, 0.0); }), std::move(operands));
  else
    e.call(make_kernel({.name = name}, [f](void* const* o, int, void*) { f(o, 0.0f); }), std::move(operands));
}

/// x [rows, columns] -> U V^T of its singular value decomposition, about: five steps X = a X + (b A + c A^2) X with A = X X^T of
/// X scaled to norm 1, on the shorter side. Jordan et al., 2024 (Muon), whose coefficients make every singular value land in 0.7
/// .. 1.2.
void emit_orthogonalize(const Backend& backend, Emitter& e, std::int64_t rows, std::int64_t columns, Slot x) {
  constexpr double a = 3.4445, b = -4.7750, c = 2.0315, tiny = 1e-7;
  const bool is_tall = rows > columns;
  const std::int64_t n = rows * columns, side = std::min(rows, columns);
  const std::int64_t bytes = size_of(backend.element_type());
  const Slot square = e.temporary(side * side * bytes), fourth = e.temporary(side * side * bytes),
             product = e.temporary(n * bytes);
  emit(backend, e, "scale_to_one", {x}, [n](void* const* o, auto zero) {
    using T = decltype(zero);
    double sum = 0;
    for (std::int64_t i = 0; i < n; ++i) sum += static_cast<double>(as<T>(o[0])[i]) * static_cast<double>(as<T>(o[0])[i]);
    const T share = static_cast<T>(1 / (std::sqrt(sum) + tiny));
    for (std::int64_t i = 0; i < n; ++i) as<T>(o[0])[i] *= share;
  });
  for (int step = 0; step < 5; ++step) {
    if (is_tall)
      backend.dense_backward_weights(e, {rows, columns, columns}, x, x, square, {}, false);  // X^T X
    else
      backend.dense_backward_data(e, {rows, rows, columns}, x, x, square);  // X X^T
    backend.dense_forward(e, {side, side, side}, square, square, {}, fourth);
    emit(backend, e, "combine", {square, fourth}, [m = side * side](void* const* o, auto zero) {
      using T = decltype(zero);
      for (std::int64_t i = 0; i < m; ++i)
        as<T>(o[0])[i] = static_cast<T>(b) * as<T>(o[0])[i] + static_cast<T>(c) * as<T>(o[1])[i];
    });
    if (is_tall)
      backend.dense_forward(e, {rows, columns, columns}, x, square, {}, product);
    else
      backend.dense_forward(e, {rows, rows, columns}, square, x, {}, product);
    emit(backend, e, "combine", {x, product}, [n](void* const* o, auto zero) {
      using T = decltype(zero);
      for (std::int64_t i = 0; i < n; ++i) as<T>(o[0])[i] = static_cast<T>(a) * as<T>(o[0])[i] + as<T>(o[1])[i];
    });
  }
}

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

/// L-BFGS, Nocedal and Wright, Algorithm 7.4, without a line search: the direction, which is the gradient, becomes H times it.
/// Pairs whose curvature y.s is not above 1e-10 are left out; the first step is at most of length 1 in the sum of sizes (as
/// PyTorch).
template <class T>
void quasi_newton(std::int64_t n, std::int64_t step, const T* w, T* const* slots) {
  T *before = slots[0], *gradient_before = slots[1], *d = slots[2];
  T* const* changes = slots + 3;
  T* const* differences = slots + 3 + quasi_newton_pairs;
  if (step > 1) {
    const auto at = static_cast<std::size_t>((step - 2) % quasi_newton_pairs);
    for (std::int64_t i = 0; i < n; ++i) changes[at][i] = w[i] - before[i], differences[at][i] = d[i] - gradient_before[i];
  }
  std::copy_n(w, n, before);
  std::copy_n(d, n, gradient_before);
  const std::int64_t pairs = std::min<std::int64_t>(step - 1, quasi_newton_pairs);
  double shares[quasi_newton_pairs], curvature[quasi_newton_pairs], gamma = 0;
  const auto place = [&](std::int64_t back) { return static_cast<std::size_t>((step - 2 - back) % quasi_newton_pairs); };
  for (std::int64_t back = 0; back < pairs; ++back) {
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
  for (std::int64_t back = pairs; back-- > 0;) {
    const std::size_t p = place(back);
    if (curvature[p] > 1e-10) add_scaled(shares[p] - dot(differences[p], d, n) / curvature[p], changes[p], d, n);
  }
}

}  // namespace

void emit_finish(const Backend& backend, Emitter& e, const SweepFunctions& f, const std::vector<SweepSegment>& segments,
                 const std::vector<Slot>& slots, Slot facts, Slot factors) {
  const std::int64_t bytes = size_of(backend.element_type());
  if (f.finish == SweepFinish::orthogonalized)
    for (const SweepSegment& s : segments)
      if (s.columns > 0) emit_orthogonalize(backend, e, s.count / s.columns, s.columns, behind(slots.at(2), s.offset * bytes));
  if (f.finish == SweepFinish::quasi_newton) {
    TEND_EXPECTS(slots.size() == quasi_newton_slots);
    std::vector<Slot> operands{{Buffer::state, 0}, step_slot(&StepInputs::update)};
    operands.insert(operands.end(), slots.begin(), slots.end());
    const std::int64_t n = segments.empty() ? 0 : segments.back().offset + segments.back().count;
    emit(backend, e, "quasi_newton", operands, [n](void* const* o, auto zero) {
      using T = decltype(zero);
      T* all[quasi_newton_slots];
      for (int i = 0; i < quasi_newton_slots; ++i) all[i] = as<T>(o[2 + i]);
      quasi_newton<T>(n, *as<std::int64_t>(o[1]), as<T>(o[0]), all);
    });
  }
  e.call(make_kernel({.name = "factors"},
                     [f, segments](void* const* o, int, void*) {
                       const double* sums = as<double>(o[0]);
                       for (std::size_t i = 0; i < segments.size(); ++i) {
                         const std::int64_t columns = segments[i].columns;
                         as<double>(o[1])[i] = f.factor({std::sqrt(sums[2 * i]), std::sqrt(sums[2 * i + 1]),
                                                                 columns ? segments[i].count / columns : 0, columns});
                       }
                     }),
         {facts, factors});
}

}  // namespace tend
