#include "tend/kernels/simd/fast_backend.h"

#include "tend/base/error.h"
#include "tend/kernels/onednn/convolution.h"
#include "tend/kernels/simd/norms.h"
#include "tend/kernels/simd/passes.h"
#include "tend/kernels/simd/pools.h"
#include "tend/kernels/simd/product.h"

namespace tend {

FastBackend::FastBackend(Isa isa)
    : isa_(isa), products_(product_table(isa)), passes_(pass_table(isa)), norms_(norm_table(isa)), pools_(pool_table(isa)) {}

std::string FastBackend::name() const { return std::string(name_of(isa_)) + " + oneDNN " + onednn::version(); }

void FastBackend::convolution_forward(Emitter& e, const ConvolutionSpec& s, Slot x, Slot w, Slot b, Slot y, const Epilogue& epilogue) const {
  onednn::convolution_forward(e, s, x, w, b, y, epilogue, isa_);
}

void FastBackend::convolution_backward_data(Emitter& e, const ConvolutionSpec& s, Slot dy, Slot w, Slot dx, const Epilogue& epilogue) const {
  onednn::convolution_backward_data(e, s, dy, w, dx, epilogue, isa_);
}

void FastBackend::convolution_backward_weights(Emitter& e, const ConvolutionSpec& s, Slot x, Slot dy, Slot dw, Slot db, bool accumulate) const {
  onednn::convolution_backward_weights(e, s, x, dy, dw, db, accumulate, isa_);
}

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
