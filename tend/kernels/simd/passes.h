#pragma once
#include <cstdint>

#include "tend/kernels/functions.h"

namespace tend {

/// The elements that dropout keeps, and their factor, as defined by DropoutSpec (kernels/backend.h).
struct DropoutDraw {
  std::uint32_t key[2];
  std::uint32_t step, purpose;
  std::uint32_t threshold;  ///< out of 65536
  float scale;
};

/// Inner functions of passes over memory.
struct PassTable {
  void (*softmax)(const float* x, float* y, std::int64_t rows, std::int64_t classes, bool log);
  void (*softmax_backward)(const float* y, const float* dy, float* dx, std::int64_t rows, std::int64_t classes, bool log);
  /// Handles rows [first, first + rows) of the batch of a whole step; x and y start at row `first`.
  void (*dropout)(const DropoutDraw& draw, const float* x, float* y, std::int64_t first, std::int64_t rows,
                  std::int64_t row_size);
  void (*add)(const float* a, const float* b, float* y, std::int64_t n);
  void (*add_scaled)(float scale, const float* x, float* y, std::int64_t n);  ///< y += scale x
  /// Returns the sum of the squares of x clipped to [-limit, limit], in double; limit 0: not clipped.
  double (*sum_of_squares)(const float* x, std::int64_t n, float limit);
  void (*approach)(float share, const float* x, float* y, std::int64_t n);   ///< y += share (x - y)
  void (*add_signs)(float scale, const float* x, float* y, std::int64_t n);  ///< y += scale sign(x)
  /// For `columns` columns of a matrix whose rows are `stride` apart: the sums of squares (in double, row by row), and w times
  /// factors.
  void (*column_squares)(const float* w, std::int64_t rows, std::int64_t stride, std::int64_t columns, double* sums);
  void (*scale_columns)(float* w, std::int64_t rows, std::int64_t stride, std::int64_t columns, const float* factors);
  /// As in Backend; slopes [channels]. dx may be nullptr; sums [channels] are written.
  void (*prelu)(const float* x, const float* slopes, float* y, std::int64_t rows, std::int64_t channels);
  void (*prelu_backward)(const float* x, const float* slopes, const float* dy, float* dx, std::int64_t rows,
                         std::int64_t channels, double* sums);
  void (*piece_max)(const float* z, float* y, std::uint8_t* where, std::int64_t count,
                    std::int64_t pieces);  ///< where may be nullptr
  void (*piece_max_backward)(const float* dy, const std::uint8_t* where, float* dz, std::int64_t count, std::int64_t pieces);
};
const PassTable& pass_table(Isa isa);

}  // namespace tend
