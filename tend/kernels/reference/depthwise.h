#pragma once
#include "tend/kernels/reference/reference_backend.h"

namespace tend {

namespace {

/// Calls visit(place in x, place in w, place in y) for every product of a depthwise convolution.
template <class Visit>
void each_depthwise_product(const ConvolutionSpec& s, Visit visit) {
  const std::int64_t each = s.filters / s.channels;
  std::int64_t y = 0;
  for (std::int64_t n = 0; n < s.rows; ++n)
    for (std::int64_t i = 0; i < s.out_height; ++i)
      for (std::int64_t j = 0; j < s.out_width; ++j)
        for (std::int64_t k = 0; k < s.filters; ++k, ++y)
          for (std::int64_t u = 0; u < s.kernel_height; ++u)
            for (std::int64_t v = 0; v < s.kernel_width; ++v) {
              const std::int64_t h = i * s.stride_height + u - s.pad_top, w = j * s.stride_width + v - s.pad_left;
              if (h < 0 || h >= s.height || w < 0 || w >= s.width) continue;
              visit(((n * s.height + h) * s.width + w) * s.channels + k / each, (u * s.kernel_width + v) * s.filters + k, y);
            }
}

}  // namespace

template <class T>
void ReferenceBackend<T>::depthwise_forward(Emitter& e, const ConvolutionSpec& s, Slot x, Slot w, Slot b, Slot y,
                                            const Epilogue& epilogue) const {
  const std::int64_t outputs = s.rows * s.out_height * s.out_width * s.filters;
  e.call(make_kernel(
             {.name = "depthwise_forward"},
             [s, outputs](void* const* o, int, void*) {
               const T *x = static_cast<const T*>(o[0]), *w = static_cast<const T*>(o[1]), *b = static_cast<const T*>(o[2]);
               T* y = static_cast<T*>(o[3]);
               for (std::int64_t i = 0; i < outputs; ++i) y[i] = b ? b[i % s.filters] : T(0);
               each_depthwise_product(s, [&](std::int64_t in, std::int64_t at, std::int64_t out) { y[out] += x[in] * w[at]; });
             }),
         {x, w, b, y});
  finish(e, outputs, y, epilogue);
}

template <class T>
void ReferenceBackend<T>::depthwise_backward_data(Emitter& e, const ConvolutionSpec& s, Slot dy, Slot w, Slot dx,
                                                  const Epilogue& epilogue) const {
  const std::int64_t inputs = s.rows * s.height * s.width * s.channels;
  e.call(make_kernel({.name = "depthwise_backward_data"},
                     [s, inputs](void* const* o, int, void*) {
                       const T *dy = static_cast<const T*>(o[0]), *w = static_cast<const T*>(o[1]);
                       T* dx = static_cast<T*>(o[2]);
                       for (std::int64_t i = 0; i < inputs; ++i) dx[i] = 0;
                       each_depthwise_product(
                           s, [&](std::int64_t in, std::int64_t at, std::int64_t out) { dx[in] += dy[out] * w[at]; });
                     }),
         {dy, w, dx});
  finish(e, inputs, dx, epilogue);
}

template <class T>
void ReferenceBackend<T>::depthwise_backward_weights(Emitter& e, const ConvolutionSpec& s, Slot x, Slot dy, Slot dw, Slot db,
                                                     bool accumulate) const {
  e.call(make_kernel({.name = "depthwise_backward_weights"},
                     [s, accumulate](void* const* o, int, void*) {
                       const T *x = static_cast<const T*>(o[0]), *dy = static_cast<const T*>(o[1]);
                       T *dw = static_cast<T*>(o[2]), *db = static_cast<T*>(o[3]);
                       for (std::int64_t i = 0; i < s.kernel_height * s.kernel_width * s.filters && !accumulate; ++i) dw[i] = 0;
                       for (std::int64_t k = 0; k < s.filters && db && !accumulate; ++k) db[k] = 0;
                       each_depthwise_product(
                           s, [&](std::int64_t in, std::int64_t at, std::int64_t out) { dw[at] += x[in] * dy[out]; });
                       for (std::int64_t i = 0; i < s.rows * s.out_height * s.out_width * s.filters && db; ++i)
                         db[i % s.filters] += dy[i];
                     }),
         {x, dy, dw, db});
}

}  // namespace tend
