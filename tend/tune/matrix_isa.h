#pragma once
#include <cstddef>

/// Dense matrices of doubles by rows, and kernels of points, compiled for each instruction set. No sum is reordered by the width
/// of a register: all give the same bits.
namespace tend {
struct MatrixFunctions {
  /// Replaces the lower half of the n x n matrix `a` by its Cholesky factor. `column`: room for n numbers. Returns false if the
  /// matrix is not positive definite.
  bool (*factorize)(double* a, double* column, std::size_t n);
  /// The whole inverse of a matrix from its Cholesky factor. `scratch`: room for n x n numbers.
  void (*invert)(const double* factor, double* scratch, double* inverse, std::size_t n);
  /// out[i] = rows_i^T S rows_i for each of m rows of n numbers and a symmetric matrix S. `scratch`: room for 4 n numbers.
  void (*quadratic_forms)(const double* symmetric, const double* rows, double* scratch, double* out, std::size_t m,
                          std::size_t n);
  /// The Matern 5/2 kernel of n squared distances, and its derivative by them. Exponentials have an error of about 1e-15.
  void (*matern)(const double* squared, double* values, double* slopes, std::size_t n);
  /// sums[i] += factor * v[i]
  void (*add_scaled)(double factor, const double* v, double* sums, std::size_t n);
  /// sums[i] += factor * (v[i] - x)^2; is_choice: factor where they differ
  void (*add_squares)(double factor, double x, bool is_choice, const double* v, double* sums, std::size_t n);
  /// sums[i] -= ((x - centres[i]) * scales[i])^2 / 2
  void (*take_normal)(double x, const double* centres, const double* scales, double* sums, std::size_t n);
  double (*dot)(const double* a, const double* b, std::size_t n);
};
/// Those for the best instruction set of this processor.
const MatrixFunctions& matrix_functions();
}  // namespace tend
namespace tend::portable {
MatrixFunctions matrix_functions();
}
namespace tend::avx2 {
MatrixFunctions matrix_functions();
}
namespace tend::avx512 {
MatrixFunctions matrix_functions();
}
