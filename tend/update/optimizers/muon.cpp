#include "tend/update/optimizers/muon.h"

#include "tend/update/emit_function.h"

namespace tend {

namespace {

constexpr double a = 3.4445, b = -4.7750, c = 2.0315;  // coefficients of the polynomial below

/// Approximates x [rows, columns] -> U V^T of its singular value decomposition: five steps X = a X + (b A + c A^2) X with
/// A = X X^T of X scaled to norm 1, on the shorter side. Jordan et al., 2024 (Muon), whose coefficients bring every singular
/// value to 0.7 .. 1.2.
void emit_orthogonalize(const Backend& backend, Emitter& e, std::int64_t rows, std::int64_t columns, Slot x) {
  constexpr double tiny = 1e-7;
  const bool is_tall = rows > columns;
  const std::int64_t n = rows * columns, side = std::min(rows, columns);
  const std::int64_t bytes = size_of(backend.element_type());
  const Slot square = e.temporary(side * side * bytes), fourth = e.temporary(side * side * bytes),
             product = e.temporary(n * bytes);
  emit_function(backend, e, "scale_to_one", {x}, [n](void* const* o, auto zero) {
    using T = decltype(zero);
    double sum = 0;
    for (std::int64_t i = 0; i < n; ++i) sum += static_cast<double>(as<T>(o[0])[i]) * static_cast<double>(as<T>(o[0])[i]);
    const T share = static_cast<T>(1 / (std::sqrt(sum) + tiny));
    for (std::int64_t i = 0; i < n; ++i) as<T>(o[0])[i] *= share;
  });
  for (int step = 0; step < 5; ++step) {
    if (is_tall)
      backend.dense_backward_weights(e, {.rows = rows, .inputs = columns, .outputs = columns}, x, x, square, {}, false);  // X^T X
    else backend.dense_backward_data(e, {.rows = rows, .inputs = rows, .outputs = columns}, x, x, square);                // X X^T
    backend.dense_forward(e, {.rows = side, .inputs = side, .outputs = side}, square, square, {}, fourth);
    emit_function(backend, e, "combine", {square, fourth}, [m = side * side](void* const* o, auto zero) {
      using T = decltype(zero);
      for (std::int64_t i = 0; i < m; ++i)
        as<T>(o[0])[i] = static_cast<T>(b) * as<T>(o[0])[i] + static_cast<T>(c) * as<T>(o[1])[i];
    });
    if (is_tall) backend.dense_forward(e, {.rows = rows, .inputs = columns, .outputs = columns}, x, square, {}, product);
    else backend.dense_forward(e, {.rows = rows, .inputs = rows, .outputs = columns}, square, x, {}, product);
    emit_function(backend, e, "combine", {x, product}, [n](void* const* o, auto zero) {
      using T = decltype(zero);
      for (std::int64_t i = 0; i < n; ++i) as<T>(o[0])[i] = static_cast<T>(a) * as<T>(o[0])[i] + as<T>(o[1])[i];
    });
  }
}

}  // namespace

void Muon::emit_between(const Backend& backend, Emitter& e, const std::vector<SweepSegment>& segments,
                        const std::vector<Slot>& slots) {
  const Slot direction = slots.at(2);
  const std::int64_t bytes = size_of(backend.element_type());
  for (const SweepSegment& s : segments)
    if (s.columns > 0)
      emit_orthogonalize(backend, e, s.count / s.columns, s.columns, {direction.buffer, direction.offset + s.offset * bytes});
}

}  // namespace tend
