#pragma once
#include <limits>

#include "tend/kernels/reference/reference_backend.h"

namespace tend {

template <class T>
void ReferenceBackend<T>::prelu_forward(Emitter& e, const PReluSpec& s, Slot x, Slot slopes, Slot y) const {
  e.call(make_kernel({.name = "prelu_forward"},
                     [s](void* const* o, int, void*) {
                       const T *x = static_cast<const T*>(o[0]), *a = static_cast<const T*>(o[1]);
                       T* y = static_cast<T*>(o[2]);
                       for (std::int64_t i = 0; i < s.rows * s.channels; ++i)
                         y[i] = x[i] > 0 ? x[i] : a[s.is_shared ? 0 : i % s.channels] * x[i];
                     }),
         {x, slopes, y});
}

template <class T>
void ReferenceBackend<T>::prelu_backward(Emitter& e, const PReluSpec& s, Slot x, Slot slopes, Slot dy, Slot dx, Slot dslopes,
                                         bool accumulate) const {
  e.call(make_kernel({.name = "prelu_backward"},
                     [s, accumulate](void* const* o, int, void*) {
                       const T *x = static_cast<const T*>(o[0]), *a = static_cast<const T*>(o[1]),
                               *dy = static_cast<const T*>(o[2]);
                       T *dx = static_cast<T*>(o[3]), *da = static_cast<T*>(o[4]);
                       for (std::int64_t c = 0; c < (s.is_shared ? 1 : s.channels) && !accumulate; ++c) da[c] = 0;
                       for (std::int64_t i = 0; i < s.rows * s.channels; ++i) {
                         const std::int64_t c = s.is_shared ? 0 : i % s.channels;
                         if (dx) dx[i] = x[i] > 0 ? dy[i] : a[c] * dy[i];
                         da[c] += x[i] > 0 ? T(0) : x[i] * dy[i];
                       }
                     }),
         {x, slopes, dy, dx, dslopes});
}

template <class T>
void ReferenceBackend<T>::piece_max_forward(Emitter& e, std::int64_t count, std::int64_t pieces, Slot z, Slot y,
                                            Slot where) const {
  e.call(make_kernel({.name = "piece_max_forward"},
                     [count, pieces](void* const* o, int, void*) {
                       const T* z = static_cast<const T*>(o[0]);
                       T* y = static_cast<T*>(o[1]);
                       auto* where = static_cast<std::uint8_t*>(o[2]);
                       for (std::int64_t i = 0; i < count; ++i, z += pieces) {
                         std::int64_t best = 0;
                         for (std::int64_t q = 1; q < pieces; ++q)
                           if (z[q] > z[best] || (z[q] != z[q] && z[best] == z[best])) best = q;
                         y[i] = z[best];
                         if (where) where[i] = static_cast<std::uint8_t>(best);
                       }
                     }),
         {z, y, where});
}

template <class T>
void ReferenceBackend<T>::piece_max_backward(Emitter& e, std::int64_t count, std::int64_t pieces, Slot dy, Slot where,
                                             Slot dz) const {
  e.call(make_kernel({.name = "piece_max_backward"},
                     [count, pieces](void* const* o, int, void*) {
                       const T* dy = static_cast<const T*>(o[0]);
                       const auto* where = static_cast<const std::uint8_t*>(o[1]);
                       T* dz = static_cast<T*>(o[2]);
                       for (std::int64_t i = 0; i < count * pieces; ++i)
                         dz[i] = where[i / pieces] == i % pieces ? dy[i / pieces] : T(0);
                     }),
         {dy, where, dz});
}

template <class T>
void ReferenceBackend<T>::embedding_forward(Emitter& e, const EmbeddingSpec& s, Slot codes, Slot w, Slot y) const {
  e.call(make_kernel({.name = "embedding_forward"},
                     [s](void* const* o, int, void*) {
                       const T *codes = static_cast<const T*>(o[0]), *w = static_cast<const T*>(o[1]);
                       T* y = static_cast<T*>(o[2]);
                       for (std::int64_t i = 0; i < s.positions; ++i) {
                         const std::int64_t code = s.row_of(static_cast<double>(codes[i]));
                         for (std::int64_t k = 0; k < s.units; ++k)
                           y[i * s.units + k] = code < 0 ? std::numeric_limits<T>::quiet_NaN() : w[code * s.units + k];
                       }
                     }),
         {codes, w, y});
}

template <class T>
void ReferenceBackend<T>::embedding_backward(Emitter& e, const EmbeddingSpec& s, Slot codes, Slot dy, Slot dcodes, Slot dw,
                                             bool accumulate) const {
  e.call(make_kernel({.name = "embedding_backward"},
                     [s, accumulate](void* const* o, int, void*) {
                       const T *codes = static_cast<const T*>(o[0]), *dy = static_cast<const T*>(o[1]);
                       T *dcodes = static_cast<T*>(o[2]), *dw = static_cast<T*>(o[3]);
                       for (std::int64_t i = 0; i < s.vocabulary * s.units && !accumulate; ++i) dw[i] = 0;
                       for (std::int64_t i = 0; i < s.positions; ++i) {
                         const std::int64_t code = s.row_of(static_cast<double>(codes[i]));
                         for (std::int64_t k = 0; k < s.units && code >= 0; ++k) dw[code * s.units + k] += dy[i * s.units + k];
                         if (dcodes) dcodes[i] = 0;
                       }
                     }),
         {codes, dy, dcodes, dw});
}

}  // namespace tend
