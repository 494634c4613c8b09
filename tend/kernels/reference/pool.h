#pragma once
#include "tend/kernels/reference/reference_backend.h"

namespace tend {

namespace {

/// Calls visit(place in x or -1 outside the image, place in the window) for the window of output (n, i, j), channel c.
template <class Visit>
void each_in_window(const PoolSpec& s, std::int64_t n, std::int64_t i, std::int64_t j, std::int64_t c, Visit visit) {
  for (std::int64_t u = 0; u < s.window_height; ++u)
    for (std::int64_t v = 0; v < s.window_width; ++v) {
      const std::int64_t h = i * s.stride_height + u - s.pad_top, w = j * s.stride_width + v - s.pad_left;
      const bool is_inside = h >= 0 && h < s.height && w >= 0 && w < s.width;
      visit(is_inside ? ((n * s.height + h) * s.width + w) * s.channels + c : std::int64_t{-1}, u * s.window_width + v);
    }
}

/// Calls visit(place in y, n, i, j, c) for every output.
template <class Visit>
void each_output(const PoolSpec& s, Visit visit) {
  std::int64_t y = 0;
  for (std::int64_t n = 0; n < s.rows; ++n)
    for (std::int64_t i = 0; i < s.out_height; ++i)
      for (std::int64_t j = 0; j < s.out_width; ++j)
        for (std::int64_t c = 0; c < s.channels; ++c) visit(y++, n, i, j, c);
}

}  // namespace

template <class T>
void ReferenceBackend<T>::max_pool_forward(Emitter& e, const PoolSpec& s, Slot x, Slot y, Slot where) const {
  e.call(make_kernel({.name = "max_pool_forward"},
                     [s](void* const* o, int, void*) {
                       const T* x = static_cast<const T*>(o[0]);
                       T* y = static_cast<T*>(o[1]);
                       auto* where = static_cast<std::uint8_t*>(o[2]);
                       each_output(s, [&](std::int64_t at, std::int64_t n, std::int64_t i, std::int64_t j, std::int64_t c) {
                         std::int64_t best = -1, place = 255;
                         each_in_window(s, n, i, j, c, [&](std::int64_t in, std::int64_t p) {
                           if (in < 0) return;
                           const bool wins = best < 0 || x[in] > x[best] || (x[in] != x[in] && x[best] == x[best]);
                           if (wins) best = in, place = p;
                         });
                         y[at] = best < 0 ? T(0) : x[best];
                         if (where) where[at] = static_cast<std::uint8_t>(place);
                       });
                     }),
         {x, y, where});
}

template <class T>
void ReferenceBackend<T>::max_pool_backward(Emitter& e, const PoolSpec& s, Slot dy, Slot where, Slot dx,
                                            const Epilogue& epilogue) const {
  const std::int64_t inputs = s.rows * s.height * s.width * s.channels;
  e.call(make_kernel({.name = "max_pool_backward"},
                     [s, inputs](void* const* o, int, void*) {
                       const T* dy = static_cast<const T*>(o[0]);
                       const auto* where = static_cast<const std::uint8_t*>(o[1]);
                       T* dx = static_cast<T*>(o[2]);
                       for (std::int64_t i = 0; i < inputs; ++i) dx[i] = 0;
                       each_output(s, [&](std::int64_t at, std::int64_t n, std::int64_t i, std::int64_t j, std::int64_t c) {
                         each_in_window(s, n, i, j, c, [&](std::int64_t in, std::int64_t p) {
                           if (in >= 0 && p == where[at]) dx[in] += dy[at];
                         });
                       });
                     }),
         {dy, where, dx});
  finish(e, inputs, dx, epilogue);
}

template <class T>
void ReferenceBackend<T>::average_pool_forward(Emitter& e, const PoolSpec& s, Slot x, Slot y) const {
  e.call(make_kernel({.name = "average_pool_forward"},
                     [s](void* const* o, int, void*) {
                       const T* x = static_cast<const T*>(o[0]);
                       T* y = static_cast<T*>(o[1]);
                       each_output(s, [&](std::int64_t at, std::int64_t n, std::int64_t i, std::int64_t j, std::int64_t c) {
                         T sum = 0;
                         each_in_window(s, n, i, j, c, [&](std::int64_t in, std::int64_t) { sum += in < 0 ? T(0) : x[in]; });
                         y[at] = sum / static_cast<T>(s.window_height * s.window_width);
                       });
                     }),
         {x, y});
}

template <class T>
void ReferenceBackend<T>::average_pool_backward(Emitter& e, const PoolSpec& s, Slot dy, Slot dx, const Epilogue& epilogue) const {
  const std::int64_t inputs = s.rows * s.height * s.width * s.channels;
  e.call(make_kernel({.name = "average_pool_backward"},
                     [s, inputs](void* const* o, int, void*) {
                       const T* dy = static_cast<const T*>(o[0]);
                       T* dx = static_cast<T*>(o[1]);
                       for (std::int64_t i = 0; i < inputs; ++i) dx[i] = 0;
                       each_output(s, [&](std::int64_t at, std::int64_t n, std::int64_t i, std::int64_t j, std::int64_t c) {
                         const T share = dy[at] / static_cast<T>(s.window_height * s.window_width);
                         each_in_window(s, n, i, j, c, [&](std::int64_t in, std::int64_t) {
                           if (in >= 0) dx[in] += share;
                         });
                       });
                     }),
         {dy, dx});
  finish(e, inputs, dx, epilogue);
}

}  // namespace tend
