#include "tend/kernels/simd/fast_backend.h"

#include "tend/base/error.h"
#include "tend/kernels/onednn/convolution.h"
#include "tend/kernels/simd/convolutions.h"
#include "tend/kernels/simd/depthwises.h"
#include "tend/kernels/simd/norms.h"
#include "tend/kernels/simd/passes.h"
#include "tend/kernels/simd/pools.h"
#include "tend/kernels/simd/product.h"
#include "tend/kernels/simd/recurrents.h"

namespace tend {

FastBackend::FastBackend(Isa isa)
    : isa_(isa),
      products_(product_table(isa)),
      passes_(pass_table(isa)),
      norms_(norm_table(isa)),
      pools_(pool_table(isa)),
      convolutions_(convolution_table(isa)),
      depthwises_(depthwise_table(isa)),
      recurrents_(recurrent_table(isa)) {}

std::string FastBackend::name() const { return std::string(name_of(isa_)) + " + oneDNN " + onednn::version(); }

const Backend& fast_backend(Isa isa) {
  TEND_EXPECTS(isa != Isa::reference && isa <= best_isa());
  static const FastBackend portable(Isa::portable);
  if (isa == Isa::portable) return portable;
  if (isa == Isa::avx2) {
    static const FastBackend avx2(Isa::avx2);
    return avx2;
  }
  static const FastBackend avx512(Isa::avx512);
  return avx512;
}

}  // namespace tend
