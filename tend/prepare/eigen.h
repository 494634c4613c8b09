#pragma once
#include <cstdint>
#include <vector>

namespace tend {

/// Computes eigenvalues (ascending) and eigenvectors of a symmetric matrix a [n, n] by Householder tridiagonalization and the QL
/// algorithm with implicit shifts (Bowdler, Martin, Reinsch, Wilkinson, 1968: tred2 and tql2). On return column k of a is the
/// vector of value k. Returns false if it does not converge (entries that are not finite).
bool symmetric_eigen(std::vector<double>& a, std::int64_t n, std::vector<double>& values);

}  // namespace tend
