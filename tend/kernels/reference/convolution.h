#pragma once
#include "tend/kernels/reference/reference_backend.h"

namespace tend {

namespace {

/// Calls visit(place in x, place in w, place in y) for every product in the sum of a convolution.
template <class Visit>
void each_product(const ConvolutionSpec& s, Visit visit) {
  for (std::int64_t n = 0; n < s.rows; ++n)
    for (std::int64_t i = 0; i < s.out_height; ++i)
      for (std::int64_t j = 0; j < s.out_width; ++j)
        for (std::int64_t u = 0; u < s.kernel_height; ++u)
          for (std::int64_t v = 0; v < s.kernel_width; ++v) {
            const std::int64_t h = i * s.stride_height + u - s.pad_top, w = j * s.stride_width + v - s.pad_left;
            if (h < 0 || h >= s.height || w < 0 || w >= s.width) continue;
            const std::int64_t x = ((n * s.height + h) * s.width + w) * s.channels,
                               y = ((n * s.out_height + i) * s.out_width + j) * s.filters,
                               weight = (u * s.kernel_width + v) * s.channels * s.filters;
            for (std::int64_t c = 0; c < s.channels; ++c)
              for (std::int64_t k = 0; k < s.filters; ++k) visit(x + c, weight + c * s.filters + k, y + k);
          }
}

std::int64_t outputs_of(const ConvolutionSpec& s) { return s.rows * s.out_height * s.out_width * s.filters; }
std::int64_t inputs_of(const ConvolutionSpec& s) { return s.rows * s.height * s.width * s.channels; }
std::int64_t weights_of(const ConvolutionSpec& s) { return s.kernel_height * s.kernel_width * s.channels * s.filters; }

}  // namespace

template <class T>
void ReferenceBackend<T>::convolution_forward(Emitter& e, const ConvolutionSpec& s, Slot x, Slot w, Slot b, Slot y,
                                              const Epilogue& epilogue) const {
  e.call(make_kernel(
             {.name = "convolution_forward", .flops = s.flops()},
             [s](void* const* o, int, void*) {
               const T *x = static_cast<const T*>(o[0]), *w = static_cast<const T*>(o[1]), *b = static_cast<const T*>(o[2]);
               T* y = static_cast<T*>(o[3]);
               for (std::int64_t i = 0; i < outputs_of(s); ++i) y[i] = b ? b[i % s.filters] : T(0);
               each_product(s, [&](std::int64_t at_x, std::int64_t at_w, std::int64_t at_y) { y[at_y] += x[at_x] * w[at_w]; });
             }),
         {x, w, b, y});
  finish(e, outputs_of(s), y, epilogue);
}

template <class T>
void ReferenceBackend<T>::convolution_backward_data(Emitter& e, const ConvolutionSpec& s, Slot dy, Slot w, Slot dx,
                                                    const Epilogue& epilogue) const {
  e.call(make_kernel({.name = "convolution_backward_data", .flops = s.flops()},
                     [s](void* const* o, int, void*) {
                       const T *dy = static_cast<const T*>(o[0]), *w = static_cast<const T*>(o[1]);
                       T* dx = static_cast<T*>(o[2]);
                       for (std::int64_t i = 0; i < inputs_of(s); ++i) dx[i] = 0;
                       each_product(
                           s, [&](std::int64_t at_x, std::int64_t at_w, std::int64_t at_y) { dx[at_x] += dy[at_y] * w[at_w]; });
                     }),
         {dy, w, dx});
  finish(e, inputs_of(s), dx, epilogue);
}

template <class T>
void ReferenceBackend<T>::convolution_backward_weights(Emitter& e, const ConvolutionSpec& s, Slot x, Slot dy, Slot dw, Slot db,
                                                       bool accumulate) const {
  e.call(make_kernel({.name = "convolution_backward_weights", .flops = s.flops()},
                     [s, accumulate](void* const* o, int, void*) {
                       const T *x = static_cast<const T*>(o[0]), *dy = static_cast<const T*>(o[1]);
                       T *dw = static_cast<T*>(o[2]), *db = static_cast<T*>(o[3]);
                       for (std::int64_t i = 0; i < weights_of(s) && !accumulate; ++i) dw[i] = 0;
                       each_product(
                           s, [&](std::int64_t at_x, std::int64_t at_w, std::int64_t at_y) { dw[at_w] += x[at_x] * dy[at_y]; });
                       if (!db) return;
                       for (std::int64_t k = 0; k < s.filters && !accumulate; ++k) db[k] = 0;
                       for (std::int64_t i = 0; i < outputs_of(s); ++i) db[i % s.filters] += dy[i];
                     }),
         {x, dy, dw, db});
}

}  // namespace tend
