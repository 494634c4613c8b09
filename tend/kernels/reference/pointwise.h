#pragma once
#include <cmath>

#include "tend/base/random.h"
#include "tend/kernels/reference/reference_backend.h"

namespace tend {

template <class T>
void ReferenceBackend<T>::pointwise_forward(Emitter& e, std::int64_t count, const PointwiseFunctions& f, Slot z, Slot y) const {
  e.call(make_kernel({.name = "pointwise_forward"},
                     [f, count](void* const* o, int, void*) { f.forward(f.self, o[0], o[1], count); }),
         {z, y});
}

template <class T>
void ReferenceBackend<T>::pointwise_backward(Emitter& e, std::int64_t count, const PointwiseFunctions& f, Slot z, Slot y, Slot dy,
                                             Slot dz) const {
  e.call(make_kernel({.name = "pointwise_backward"},
                     [f, count](void* const* o, int, void*) { f.backward(f.self, o[0], o[1], o[2], o[3], count); }),
         {z, y, dy, dz});
}

template <class T>
void ReferenceBackend<T>::softmax_forward(Emitter& e, std::int64_t rows, std::int64_t classes, bool log, Slot x, Slot y) const {
  e.call(make_kernel({.name = log ? "log_softmax_forward" : "softmax_forward"},
                     [=](void* const* o, int, void*) {
                       for (std::int64_t r = 0; r < rows; ++r) {
                         const T* x = static_cast<const T*>(o[0]) + r * classes;
                         T *y = static_cast<T*>(o[1]) + r * classes, top = x[0], sum = 0;
                         for (std::int64_t k = 1; k < classes; ++k) top = x[k] > top ? x[k] : top;
                         for (std::int64_t k = 0; k < classes; ++k) sum += std::exp(x[k] - top);
                         for (std::int64_t k = 0; k < classes; ++k)
                           y[k] = log ? x[k] - top - std::log(sum) : std::exp(x[k] - top) / sum;
                       }
                     }),
         {x, y});
}

template <class T>
void ReferenceBackend<T>::softmax_backward(Emitter& e, std::int64_t rows, std::int64_t classes, bool log, Slot y, Slot dy,
                                           Slot dx) const {
  e.call(make_kernel({.name = log ? "log_softmax_backward" : "softmax_backward"},
                     [=](void* const* o, int, void*) {
                       for (std::int64_t r = 0; r < rows; ++r) {
                         const T *y = static_cast<const T*>(o[0]) + r * classes, *dy = static_cast<const T*>(o[1]) + r * classes;
                         T *dx = static_cast<T*>(o[2]) + r * classes, sum = 0;
                         for (std::int64_t k = 0; k < classes; ++k) sum += log ? dy[k] : dy[k] * y[k];
                         for (std::int64_t k = 0; k < classes; ++k)
                           dx[k] = log ? dy[k] - std::exp(y[k]) * sum : y[k] * (dy[k] - sum);
                       }
                     }),
         {y, dy, dx});
}

namespace {

/// Computes x * mask / (1 - rate), with the mask defined by DropoutSpec.
template <class T>
void apply_mask(const DropoutSpec& s, double rate, const StepInputs& in, const T* x, T* y) {
  const auto threshold = static_cast<std::uint32_t>(std::lround(rate * 65536));
  const T scale = threshold < 65536 ? static_cast<T>(65536.0 / (65536.0 - threshold)) : T(0);
  for (std::int64_t r = 0; r < s.rows; ++r)
    for (std::int64_t e = 0; e < s.row_size; ++e) {
      std::uint32_t words[4] = {static_cast<std::uint32_t>(e / 8), static_cast<std::uint32_t>(in.first_row + r),
                                static_cast<std::uint32_t>(in.step), s.purpose};
      Philox::block(words, static_cast<std::uint32_t>(in.seed), static_cast<std::uint32_t>(in.seed >> 32));
      const std::uint32_t bits = e % 2 ? words[(e % 8) / 2] >> 16 : words[(e % 8) / 2] & 0xFFFF;
      y[r * s.row_size + e] = bits >= threshold ? x[r * s.row_size + e] * scale : T(0);
    }
}

}  // namespace

template <class T>
void ReferenceBackend<T>::dropout_forward(Emitter& e, const DropoutSpec& s, Slot rate, Slot x, Slot y) const {
  e.call(make_kernel({.name = "dropout"},
                     [s](void* const* o, int, void*) {
                       apply_mask(s, *static_cast<const double*>(o[0]), step_inputs_at(o[1]), static_cast<const T*>(o[2]),
                                  static_cast<T*>(o[3]));
                     }),
         {rate, {Buffer::step, 0}, x, y});
}

template <class T>
void ReferenceBackend<T>::dropout_backward(Emitter& e, const DropoutSpec& s, Slot rate, Slot dy, Slot dx,
                                           const Epilogue& epilogue) const {
  dropout_forward(e, s, rate, dy, dx);
  finish(e, s.rows * s.row_size, dx, epilogue);
}

template <class T>
void ReferenceBackend<T>::add(Emitter& e, std::int64_t count, const std::vector<Slot>& inputs, Slot y,
                              const Epilogue& epilogue) const {
  std::vector<Slot> operands = inputs;
  operands.push_back(y);
  const std::size_t n = inputs.size();
  e.call(make_kernel({.name = "add"},
                     [n, count](void* const* o, int, void*) {
                       for (std::int64_t i = 0; i < count; ++i) {
                         T sum = static_cast<const T*>(o[0])[i];
                         for (std::size_t k = 1; k < n; ++k) sum += static_cast<const T*>(o[k])[i];
                         static_cast<T*>(o[n])[i] = sum;
                       }
                     }),
         operands);
  finish(e, count, y, epilogue);
}

template <class T>
void ReferenceBackend<T>::concat(Emitter& e, std::int64_t rows, const std::vector<std::int64_t>& widths,
                                 const std::vector<Slot>& inputs, Slot y) const {
  std::vector<Slot> operands = inputs;
  operands.push_back(y);
  e.call(make_kernel({.name = "concat"},
                     [rows, widths](void* const* o, int, void*) {
                       T* y = static_cast<T*>(o[widths.size()]);
                       for (std::int64_t r = 0; r < rows; ++r)
                         for (std::size_t k = 0; k < widths.size(); ++k)
                           for (std::int64_t i = 0; i < widths[k]; ++i) *y++ = static_cast<const T*>(o[k])[r * widths[k] + i];
                     }),
         operands);
}

template <class T>
void ReferenceBackend<T>::split(Emitter& e, std::int64_t rows, const std::vector<std::int64_t>& widths, Slot y,
                                const std::vector<Slot>& outputs) const {
  std::vector<Slot> operands = outputs;
  operands.push_back(y);
  e.call(make_kernel({.name = "split"},
                     [rows, widths](void* const* o, int, void*) {
                       const T* y = static_cast<const T*>(o[widths.size()]);
                       for (std::int64_t r = 0; r < rows; ++r)
                         for (std::size_t k = 0; k < widths.size(); y += widths[k++])
                           for (std::int64_t i = 0; i < widths[k] && o[k]; ++i) static_cast<T*>(o[k])[r * widths[k] + i] = y[i];
                     }),
         operands);
}

}  // namespace tend
