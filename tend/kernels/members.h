#pragma once
#include <algorithm>
#include <cmath>
#include <limits>

#include "tend/kernels/backend.h"
#include "tend/kernels/function_kernel.h"

namespace tend {

/// log sigmoid(x), without overflow.
inline double log_sigmoid(double x) { return x < 0 ? x - std::log1p(std::exp(x)) : -std::log1p(std::exp(-x)); }

/// A sum of exponentials whose logarithm is taken at the end, without overflow: log(sum of share exp(x)).
class LogOfSum {
 public:
  void add(double share, double x) {
    if (x > largest_) sum_ = sum_ * std::exp(largest_ - x) + share, largest_ = x;
    else if (x > -std::numeric_limits<double>::infinity() || std::isnan(x)) sum_ += share * std::exp(x - largest_);
  }
  double log() const { return largest_ + std::log(sum_); }

 private:
  double largest_ = -std::numeric_limits<double>::infinity(), sum_ = 0;
};

/// One row of Backend::join_members. o: the row's outputs of the first member; the next member's are `stride` elements further.
template <class T>
void join_row(const JoinSpec& s, const T* o, std::int64_t stride, const T* shares, T* y) {
  const auto each_member = [&](auto take) {
    for (std::int64_t m = 0; m < s.members; ++m)
      if (shares[m] > 0) take(static_cast<double>(shares[m]), o + m * stride);
  };
  if (s.join == Join::softmax) {
    constexpr std::int64_t kept = 256;  // normalizers; those of further members are computed for each class again
    double normalizers[kept];
    const auto normalizer_of = [&](const T* of) {
      LogOfSum normalizer;
      for (std::int64_t j = 0; j < s.outputs; ++j) normalizer.add(1, static_cast<double>(of[j]));
      return normalizer.log();
    };
    for (std::int64_t m = 0; m < std::min(kept, s.members); ++m)
      if (shares[m] > 0) normalizers[m] = normalizer_of(o + m * stride);
    for (std::int64_t k = 0; k < s.outputs; ++k) {
      LogOfSum sum;
      for (std::int64_t m = 0; m < s.members; ++m) {
        if (!(shares[m] > 0)) continue;
        const T* of = o + m * stride;
        sum.add(static_cast<double>(shares[m]), static_cast<double>(of[k]) - (m < kept ? normalizers[m] : normalizer_of(of)));
      }
      y[k] = static_cast<T>(sum.log());
    }
    return;
  }
  for (std::int64_t k = 0; k < s.outputs; ++k) {
    if (s.join == Join::sigmoid) {
      LogOfSum yes, no;
      each_member([&](double share, const T* of) {
        yes.add(share, log_sigmoid(static_cast<double>(of[k])));
        no.add(share, log_sigmoid(-static_cast<double>(of[k])));
      });
      y[k] = static_cast<T>(yes.log() - no.log());
    } else {
      double sum = 0;
      each_member([&](double share, const T* of) { sum += share * static_cast<double>(of[k]); });
      y[k] = static_cast<T>(sum);
    }
  }
}

/// The calls that all back ends share. T is the element type.
template <class T>
void emit_join_members(Emitter& e, const JoinSpec& s, Slot o, Slot shares, Slot y) {
  constexpr std::int64_t rows_of_block = 64;
  const auto blocks = static_cast<int>((s.rows + rows_of_block - 1) / rows_of_block);
  const double bytes = static_cast<double>(sizeof(T)) * static_cast<double>((s.members + 1) * s.rows * s.outputs);
  e.call(make_kernel({.name = "join_members", .blocks = blocks, .bytes = bytes},
                     [s](void* const* p, int block, void*) {
                       const std::int64_t first = block * rows_of_block, end = std::min(first + rows_of_block, s.rows);
                       for (std::int64_t r = first; r < end; ++r)
                         join_row(s, static_cast<const T*>(p[0]) + r * s.outputs, s.rows * s.outputs, static_cast<const T*>(p[1]),
                                  static_cast<T*>(p[2]) + r * s.outputs);
                     }),
         {o, shares, y});
}

inline void emit_mean_of_losses(Emitter& e, std::int64_t members, Slot losses) {
  e.call(make_kernel({.name = "mean_of_losses"},
                     [members](void* const* p, int, void*) {
                       const auto* of = static_cast<const double*>(p[0]);
                       double sum = 0, count = 0;
                       for (std::int64_t m = 0; m < members; ++m)
                         if (std::isfinite(of[m])) sum += of[m], ++count;
                       static_cast<double*>(p[1])[signal_place::loss] = sum / count;  // NaN if there are none
                     }),
         {losses, Slot{Buffer::signals, 0}});
}

}  // namespace tend
