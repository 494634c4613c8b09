#pragma once
#include <cstdint>

namespace tend::onednn {

/// C [m,n] = alpha op(A) [m,k] op(B) [k,n] + beta C, row-major, op: 'N' as it is, 'T' transposed; lda, ldb, ldc: elements from
/// row to row of what is stored. beta 0 never reads C. Runs on the calling thread alone; from many threads at once.
void sgemm(char transa, char transb, std::int64_t m, std::int64_t n, std::int64_t k, float alpha, const float* a, std::int64_t lda,
           const float* b, std::int64_t ldb, float beta, float* c, std::int64_t ldc);

}  // namespace tend::onednn
