#pragma once
#include "tend/kernels/reference/reference_backend.h"

namespace tend {

template <class T>
void ReferenceBackend<T>::dense_forward(Emitter& e, const DenseSpec& s, Slot x, Slot w, Slot b, Slot y,
                                        const Epilogue& epilogue) const {
  e.call(make_kernel({.name = "dense_forward", .flops = 2.0 * s.rows * s.inputs * s.outputs},
                     [s](void* const* o, int, void*) {
                       const T *x = static_cast<const T*>(o[0]), *w = static_cast<const T*>(o[1]),
                               *b = static_cast<const T*>(o[2]);
                       T* y = static_cast<T*>(o[3]);
                       for (std::int64_t n = 0; n < s.rows; ++n)
                         for (std::int64_t k = 0; k < s.outputs; ++k) {
                           T sum = b ? b[k] : T(0);
                           for (std::int64_t f = 0; f < s.inputs; ++f) sum += x[n * s.inputs + f] * w[f * s.outputs + k];
                           y[n * s.outputs + k] = sum;
                         }
                     }),
         {x, w, b, y});
  finish(e, s.rows * s.outputs, y, epilogue);
}

template <class T>
void ReferenceBackend<T>::dense_backward_data(Emitter& e, const DenseSpec& s, Slot dy, Slot w, Slot dx,
                                              const Epilogue& epilogue) const {
  e.call(make_kernel({.name = "dense_backward_data", .flops = 2.0 * s.rows * s.inputs * s.outputs},
                     [s](void* const* o, int, void*) {
                       const T *dy = static_cast<const T*>(o[0]), *w = static_cast<const T*>(o[1]);
                       T* dx = static_cast<T*>(o[2]);
                       for (std::int64_t n = 0; n < s.rows; ++n)
                         for (std::int64_t f = 0; f < s.inputs; ++f) {
                           T sum = 0;
                           for (std::int64_t k = 0; k < s.outputs; ++k) sum += dy[n * s.outputs + k] * w[f * s.outputs + k];
                           dx[n * s.inputs + f] = sum;
                         }
                     }),
         {dy, w, dx});
  finish(e, s.rows * s.inputs, dx, epilogue);
}

template <class T>
void ReferenceBackend<T>::dense_backward_weights(Emitter& e, const DenseSpec& s, Slot x, Slot dy, Slot dw, Slot db,
                                                 bool accumulate) const {
  e.call(make_kernel({.name = "dense_backward_weights", .flops = 2.0 * s.rows * s.inputs * s.outputs},
                     [s, accumulate](void* const* o, int, void*) {
                       const T *x = static_cast<const T*>(o[0]), *dy = static_cast<const T*>(o[1]);
                       T *dw = static_cast<T*>(o[2]), *db = static_cast<T*>(o[3]);
                       for (std::int64_t k = 0; k < s.outputs; ++k) {
                         for (std::int64_t f = 0; f < s.inputs; ++f) {
                           T sum = 0;
                           for (std::int64_t n = 0; n < s.rows; ++n) sum += x[n * s.inputs + f] * dy[n * s.outputs + k];
                           dw[f * s.outputs + k] = accumulate ? dw[f * s.outputs + k] + sum : sum;
                         }
                         if (!db) continue;
                         T sum = 0;
                         for (std::int64_t n = 0; n < s.rows; ++n) sum += dy[n * s.outputs + k];
                         db[k] = accumulate ? db[k] + sum : sum;
                       }
                     }),
         {x, dy, dw, db});
}

template <class T>
void ReferenceBackend<T>::add_to_rows(Emitter& e, std::int64_t rows, std::int64_t width, Slot x, Slot b, Slot y) const {
  e.call(make_kernel({.name = "add_to_rows"},
                     [=](void* const* o, int, void*) {
                       const T *x = static_cast<const T*>(o[0]), *b = static_cast<const T*>(o[1]);
                       T* y = static_cast<T*>(o[2]);
                       for (std::int64_t i = 0; i < rows * width; ++i) y[i] = x[i] + b[i % width];
                     }),
         {x, b, y});
}

template <class T>
void ReferenceBackend<T>::sum_rows(Emitter& e, std::int64_t rows, std::int64_t width, Slot dy, Slot db, bool accumulate) const {
  e.call(make_kernel({.name = "sum_rows"},
                     [=](void* const* o, int, void*) {
                       const T* dy = static_cast<const T*>(o[0]);
                       T* db = static_cast<T*>(o[1]);
                       for (std::int64_t k = 0; k < width; ++k) {
                         T sum = 0;
                         for (std::int64_t n = 0; n < rows; ++n) sum += dy[n * width + k];
                         db[k] = accumulate ? db[k] + sum : sum;
                       }
                     }),
         {dy, db});
}

}  // namespace tend
