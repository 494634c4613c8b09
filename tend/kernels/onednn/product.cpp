#include "tend/kernels/onednn/product.h"

#include "tend/base/error.h"
#include "tend/kernels/onednn/library.h"

namespace tend::onednn {
namespace {

/// C = beta C: what a product over nothing leaves.
void scale(std::int64_t m, std::int64_t n, float beta, float* c, std::int64_t ldc) {
  for (std::int64_t i = 0; i < m; ++i)
    for (std::int64_t j = 0; j < n; ++j) c[i * ldc + j] = beta == 0 ? 0.0f : beta * c[i * ldc + j];
}

}  // namespace

void sgemm(char transa, char transb, std::int64_t m, std::int64_t n, std::int64_t k, float alpha, const float* a, std::int64_t lda,
           const float* b, std::int64_t ldb, float beta, float* c, std::int64_t ldc) {
  if (m == 0 || n == 0) return;
  if (k == 0) return scale(m, n, beta, c, ldc);
  const OneThread alone;
  TEND_EXPECTS(dnnl_sgemm(transa, transb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc) == dnnl_success);
}

}  // namespace tend::onednn
