#pragma once
#include <cstddef>

/// Dense matrices of doubles by rows, compiled for each instruction set. No sum is reordered by the width of a register: all give
/// the same bits.
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
};
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
