#pragma once
#include <cstdint>

#include "tend/kernels/functions.h"

namespace tend {

/// Inner functions of normalization over `columns` neighbouring channels of `rows` rows; rows lie `row` floats apart.
struct NormTable {
  /// Computes the mean of each channel and the sum of squared deviations from it, in two passes.
  void (*moments)(const float* x, std::int64_t row, std::int64_t rows, std::int64_t columns, double* means, double* squares);
  /// y = (x - mean) (inverse gamma) + beta
  void (*apply)(const float* x, float* y, std::int64_t row, std::int64_t rows, std::int64_t columns, const float* mean,
                const float* inverse, const float* gamma, const float* beta);
  /// Computes the sums over rows of dy and of dy (x - mean).
  void (*gradient_sums)(const float* x, const float* dy, std::int64_t row, std::int64_t rows, std::int64_t columns,
                        const float* mean, double* sums, double* products);
  /// dx = a dy + b (x - mean) + c
  void (*apply_gradient)(const float* x, const float* dy, float* dx, std::int64_t row, std::int64_t rows, std::int64_t columns,
                         const float* mean, const float* a, const float* b, const float* c);
  /// The same for one run of n numbers with one mean; gamma and beta have one element for each number.
  void (*row_moments)(const float* x, std::int64_t n, double* mean, double* squares);
  void (*row_apply)(const float* x, float* y, std::int64_t n, float mean, float inverse, const float* gamma, const float* beta);
  /// Computes the sums of gamma dy and gamma dy (x - mean).
  void (*row_gradient_sums)(const float* x, const float* dy, const float* gamma, std::int64_t n, float mean, double* sum,
                            double* product);
  /// dx = a gamma dy + b (x - mean) + c
  void (*row_apply_gradient)(const float* x, const float* dy, const float* gamma, float* dx, std::int64_t n, float mean, float a,
                             float b, float c);
  /// sums += dy, products += dy (x - mean) inverse, for each place separately.
  void (*row_parameter_sums)(const float* x, const float* dy, std::int64_t n, float mean, float inverse, double* sums,
                             double* products);
  void (*inverse_roots)(const float* variance, float epsilon, float* inverse, std::int64_t n);  ///< 1 / sqrt(variance + epsilon)
};
const NormTable& norm_table(Isa isa);

}  // namespace tend
