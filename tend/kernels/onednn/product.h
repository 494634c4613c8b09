#pragma once
#include <cstdint>

namespace tend::onednn {

/// C [m,n] = alpha op(A) op(B) + beta C, row-major, op(X) = X or, with 'T', its transpose. In the calling thread alone.
void sgemm(char transa, char transb, std::int64_t m, std::int64_t n, std::int64_t k, float alpha, const float* a, std::int64_t lda, const float* b,
           std::int64_t ldb, float beta, float* c, std::int64_t ldc);

}  // namespace tend::onednn
