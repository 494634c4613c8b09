#pragma once
#include <cmath>

#include "tend/kernels/reference/reference_backend.h"

namespace tend {

template <class T>
void ReferenceBackend<T>::batch_norm_training(Emitter& e, const BatchNormSpec& s, Slot x, Slot gamma, Slot beta, Slot mean,
                                              Slot variance, Slot saved, Slot y, const Epilogue& epilogue) const {
  e.call(
      make_kernel(
          {.name = "batch_norm_training"},
          [s](void* const* o, int, void*) {
            const T *x = static_cast<const T*>(o[0]), *gamma = static_cast<const T*>(o[1]), *beta = static_cast<const T*>(o[2]);
            T *running_mean = static_cast<T*>(o[3]), *running_variance = static_cast<T*>(o[4]), *saved = static_cast<T*>(o[5]),
              *y = static_cast<T*>(o[6]);
            const auto m = static_cast<double>(s.rows);
            for (std::int64_t c = 0; c < s.channels; ++c) {
              double mean = 0, square = 0;
              for (std::int64_t r = 0; r < s.rows; ++r) mean += static_cast<double>(x[r * s.channels + c]) / m;
              for (std::int64_t r = 0; r < s.rows; ++r) {
                const double d = static_cast<double>(x[r * s.channels + c]) - mean;
                square += d * d;
              }
              const double inverse = 1 / std::sqrt(square / m + s.epsilon);
              for (std::int64_t r = 0; r < s.rows; ++r)
                y[r * s.channels + c] = static_cast<T>((static_cast<double>(x[r * s.channels + c]) - mean) * inverse) * gamma[c] +
                                        beta[c];
              running_mean[c] = static_cast<T>(s.momentum * static_cast<double>(running_mean[c]) + (1 - s.momentum) * mean);
              running_variance[c] = static_cast<T>(s.momentum * static_cast<double>(running_variance[c]) +
                                                   (1 - s.momentum) * square / (m > 1 ? m - 1 : 1));
              saved[c] = static_cast<T>(mean);
              saved[s.channels + c] = static_cast<T>(inverse);
            }
          }),
      {x, gamma, beta, mean, variance, saved, y});
  finish(e, s.rows * s.channels, y, epilogue);
}

template <class T>
void ReferenceBackend<T>::batch_norm_inference(Emitter& e, const BatchNormSpec& s, Slot x, Slot gamma, Slot beta, Slot mean,
                                               Slot variance, Slot y, const Epilogue& epilogue) const {
  e.call(make_kernel({.name = "batch_norm_inference"},
                     [s](void* const* o, int, void*) {
                       const T *x = static_cast<const T*>(o[0]), *gamma = static_cast<const T*>(o[1]),
                               *beta = static_cast<const T*>(o[2]), *mean = static_cast<const T*>(o[3]),
                               *variance = static_cast<const T*>(o[4]);
                       T* y = static_cast<T*>(o[5]);
                       for (std::int64_t i = 0; i < s.rows * s.channels; ++i) {
                         const std::int64_t c = i % s.channels;
                         y[i] = (x[i] - mean[c]) / std::sqrt(variance[c] + static_cast<T>(s.epsilon)) * gamma[c] + beta[c];
                       }
                     }),
         {x, gamma, beta, mean, variance, y});
  finish(e, s.rows * s.channels, y, epilogue);
}

template <class T>
void ReferenceBackend<T>::batch_norm_backward(Emitter& e, const BatchNormSpec& s, Slot x, Slot gamma, Slot saved, Slot dy,
                                              Slot dx, Slot dgamma, Slot dbeta, bool accumulate, const Epilogue& epilogue) const {
  e.call(make_kernel({.name = "batch_norm_backward"},
                     [s, accumulate](void* const* o, int, void*) {
                       const T *x = static_cast<const T*>(o[0]), *gamma = static_cast<const T*>(o[1]),
                               *saved = static_cast<const T*>(o[2]), *dy = static_cast<const T*>(o[3]);
                       T *dx = static_cast<T*>(o[4]), *dgamma = static_cast<T*>(o[5]), *dbeta = static_cast<T*>(o[6]);
                       const auto m = static_cast<double>(s.rows);
                       for (std::int64_t c = 0; c < s.channels; ++c) {
                         const double mean = static_cast<double>(saved[c]), inverse = static_cast<double>(saved[s.channels + c]);
                         double sum = 0, product = 0;
                         for (std::int64_t i = c; i < s.rows * s.channels; i += s.channels) {
                           sum += static_cast<double>(dy[i]);
                           product += static_cast<double>(dy[i]) * (static_cast<double>(x[i]) - mean) * inverse;
                         }
                         for (std::int64_t i = c; i < s.rows * s.channels && dx; i += s.channels) {
                           const double xhat = (static_cast<double>(x[i]) - mean) * inverse;
                           dx[i] = static_cast<T>(static_cast<double>(gamma[c]) * inverse *
                                                  (static_cast<double>(dy[i]) - sum / m - xhat * product / m));
                         }
                         dgamma[c] = (accumulate ? dgamma[c] : T(0)) + static_cast<T>(product);
                         dbeta[c] = (accumulate ? dbeta[c] : T(0)) + static_cast<T>(sum);
                       }
                     }),
         {x, gamma, saved, dy, dx, dgamma, dbeta});
  if (dx) finish(e, s.rows * s.channels, dx, epilogue);
}

}  // namespace tend
