#pragma once
#include <cmath>

#include "tend/kernels/reference/reference_backend.h"

namespace tend {

namespace {

/// The place of the numbers of head h of row n.
struct AttentionPlaces {
  std::int64_t places, row, width, features;
  explicit AttentionPlaces(const AttentionSpec& s)
      : places(s.places), row(3 * s.features), width(s.features / s.heads), features(s.features) {}
  std::int64_t query(std::int64_t n, std::int64_t h, std::int64_t i) const { return (n * places + i) * row + h * width; }
  std::int64_t output(std::int64_t n, std::int64_t h, std::int64_t i) const { return (n * places + i) * features + h * width; }
};

template <class T>
T dot(const T* a, const T* b, std::int64_t n) {
  T sum = 0;
  for (std::int64_t i = 0; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace

template <class T>
void ReferenceBackend<T>::attention_forward(Emitter& e, const AttentionSpec& s, Slot x, Slot shares, Slot y) const {
  if (!shares) shares = e.temporary(s.rows * s.heads * s.places * s.places * static_cast<std::int64_t>(sizeof(T)));
  e.call(make_kernel({.name = "attention_forward"},
                     [s](void* const* o, int, void*) {
                       const AttentionPlaces at(s);
                       const T* x = static_cast<const T*>(o[0]);
                       T *share = static_cast<T*>(o[1]), *y = static_cast<T*>(o[2]);
                       const T scale = 1 / std::sqrt(static_cast<T>(at.width));
                       for (std::int64_t n = 0; n < s.rows; ++n)
                         for (std::int64_t h = 0; h < s.heads; ++h)
                           for (std::int64_t i = 0; i < s.places; ++i, share += s.places) {
                             const std::int64_t seen = s.is_causal ? i + 1 : s.places;
                             const T* q = x + at.query(n, h, i);
                             for (std::int64_t j = 0; j < seen; ++j)
                               share[j] = scale * dot(q, x + at.query(n, h, j) + s.features, at.width);
                             T top = share[0], sum = 0;
                             for (std::int64_t j = 1; j < seen; ++j) top = share[j] > top ? share[j] : top;
                             for (std::int64_t j = 0; j < seen; ++j) sum += share[j] = std::exp(share[j] - top);
                             for (std::int64_t j = 0; j < s.places; ++j) share[j] = j < seen ? share[j] / sum : T(0);
                             for (std::int64_t c = 0; c < at.width; ++c) {
                               T mixed = 0;
                               for (std::int64_t j = 0; j < seen; ++j)
                                 mixed += share[j] * x[at.query(n, h, j) + 2 * s.features + c];
                               y[at.output(n, h, i) + c] = mixed;
                             }
                           }
                     }),
         {x, shares, y});
}

template <class T>
void ReferenceBackend<T>::attention_backward(Emitter& e, const AttentionSpec& s, Slot x, Slot shares, Slot dy, Slot dx) const {
  const Slot slopes = e.temporary(s.places * static_cast<std::int64_t>(sizeof(T)));
  e.call(make_kernel({.name = "attention_backward"},
                     [s](void* const* o, int, void*) {
                       const AttentionPlaces at(s);
                       const T *x = static_cast<const T*>(o[0]), *share = static_cast<const T*>(o[1]),
                               *dy = static_cast<const T*>(o[2]);
                       T *dx = static_cast<T*>(o[3]), *slope = static_cast<T*>(o[4]);
                       const T scale = 1 / std::sqrt(static_cast<T>(at.width));
                       for (std::int64_t i = 0; i < s.rows * s.places * at.row; ++i) dx[i] = 0;
                       for (std::int64_t n = 0; n < s.rows; ++n)
                         for (std::int64_t h = 0; h < s.heads; ++h)
                           for (std::int64_t i = 0; i < s.places; ++i, share += s.places) {
                             const std::int64_t seen = s.is_causal ? i + 1 : s.places, query = at.query(n, h, i);
                             const T* slope_of_y = dy + at.output(n, h, i);
                             T mean = 0;
                             for (std::int64_t j = 0; j < seen; ++j) {
                               slope[j] = dot(slope_of_y, x + at.query(n, h, j) + 2 * s.features, at.width);
                               mean += share[j] * slope[j];
                             }
                             for (std::int64_t j = 0; j < seen; ++j) {
                               const std::int64_t key = at.query(n, h, j) + s.features, value = key + s.features;
                               const T score = scale * share[j] * (slope[j] - mean);
                               for (std::int64_t c = 0; c < at.width; ++c) {
                                 dx[query + c] += score * x[key + c];
                                 dx[key + c] += score * x[query + c];
                                 dx[value + c] += share[j] * slope_of_y[c];
                               }
                             }
                           }
                     }),
         {x, shares, dy, dx, slopes});
}

}  // namespace tend
