#pragma once
#include <cmath>

#include "tend/kernels/reference/reference_backend.h"

namespace tend {

namespace {

/// Calls visit(place in x, channel) for the numbers of one group.
template <class Visit>
void each_in_group(const GroupNormSpec& s, std::int64_t row, std::int64_t group, Visit visit) {
  const std::int64_t width = s.channels / s.groups;
  for (std::int64_t p = 0; p < s.places; ++p)
    for (std::int64_t c = group * width; c < (group + 1) * width; ++c) visit((row * s.places + p) * s.channels + c, c);
}

}  // namespace

template <class T>
void ReferenceBackend<T>::group_norm_forward(Emitter& e, const GroupNormSpec& s, Slot x, Slot gamma, Slot beta, Slot saved,
                                             Slot y, const Epilogue& epilogue) const {
  e.call(make_kernel({.name = "group_norm_forward"},
                     [s](void* const* o, int, void*) {
                       const T *x = static_cast<const T*>(o[0]), *gamma = static_cast<const T*>(o[1]),
                               *beta = static_cast<const T*>(o[2]);
                       T *saved = static_cast<T*>(o[3]), *y = static_cast<T*>(o[4]);
                       const std::int64_t width = s.channels / s.groups;
                       const auto m = static_cast<double>(s.places * width);
                       for (std::int64_t r = 0; r < s.rows; ++r)
                         for (std::int64_t g = 0; g < s.groups; ++g) {
                           double mean = 0, square = 0;
                           each_in_group(s, r, g, [&](std::int64_t i, std::int64_t) { mean += static_cast<double>(x[i]) / m; });
                           each_in_group(s, r, g, [&](std::int64_t i, std::int64_t) {
                             const double d = static_cast<double>(x[i]) - mean;
                             square += d * d;
                           });
                           const double inverse = 1 / std::sqrt(square / m + s.epsilon);
                           each_in_group(s, r, g, [&](std::int64_t i, std::int64_t c) {
                             y[i] = static_cast<T>((static_cast<double>(x[i]) - mean) * inverse) * gamma[c] + beta[c];
                           });
                           saved[2 * (r * s.groups + g)] = static_cast<T>(mean);
                           saved[2 * (r * s.groups + g) + 1] = static_cast<T>(inverse);
                         }
                     }),
         {x, gamma, beta, saved, y});
  finish(e, s.rows * s.places * s.channels, y, epilogue);
}

template <class T>
void ReferenceBackend<T>::group_norm_backward(Emitter& e, const GroupNormSpec& s, Slot x, Slot gamma, Slot saved, Slot dy,
                                              Slot dx, Slot dgamma, Slot dbeta, bool accumulate, const Epilogue& epilogue) const {
  e.call(make_kernel({.name = "group_norm_backward"},
                     [s, accumulate](void* const* o, int, void*) {
                       const T *x = static_cast<const T*>(o[0]), *gamma = static_cast<const T*>(o[1]),
                               *saved = static_cast<const T*>(o[2]), *dy = static_cast<const T*>(o[3]);
                       T *dx = static_cast<T*>(o[4]), *dgamma = static_cast<T*>(o[5]), *dbeta = static_cast<T*>(o[6]);
                       const std::int64_t width = s.channels / s.groups;
                       const auto m = static_cast<double>(s.places * width);
                       for (std::int64_t c = 0; c < s.channels && !accumulate; ++c) dgamma[c] = dbeta[c] = 0;
                       for (std::int64_t r = 0; r < s.rows; ++r)
                         for (std::int64_t g = 0; g < s.groups; ++g) {
                           const double mean = static_cast<double>(saved[2 * (r * s.groups + g)]),
                                        inverse = static_cast<double>(saved[2 * (r * s.groups + g) + 1]);
                           double sum = 0, product = 0;
                           each_in_group(s, r, g, [&](std::int64_t i, std::int64_t c) {
                             const double slope = static_cast<double>(dy[i]), xhat = (static_cast<double>(x[i]) - mean) * inverse;
                             sum += slope * static_cast<double>(gamma[c]);
                             product += slope * static_cast<double>(gamma[c]) * xhat;
                             dgamma[c] += static_cast<T>(slope * xhat);
                             dbeta[c] += dy[i];
                           });
                           if (!dx) continue;
                           each_in_group(s, r, g, [&](std::int64_t i, std::int64_t c) {
                             const double slope = static_cast<double>(dy[i]) * static_cast<double>(gamma[c]);
                             const double xhat = (static_cast<double>(x[i]) - mean) * inverse;
                             dx[i] = static_cast<T>(inverse * (slope - sum / m - xhat * product / m));
                           });
                         }
                     }),
         {x, gamma, saved, dy, dx, dgamma, dbeta});
  if (dx) finish(e, s.rows * s.places * s.channels, dx, epilogue);
}

}  // namespace tend
