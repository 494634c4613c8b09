#include "tend/kernels/functions.h"
#include "tend/tune/matrix_isa.h"

namespace tend {

const MatrixFunctions& matrix_functions() {
  static const MatrixFunctions functions = [] {
    switch (best_isa()) {
#if defined(__x86_64__)
      case Isa::avx2: return avx2::matrix_functions();
      case Isa::avx512: return avx512::matrix_functions();
#endif
      default: return portable::matrix_functions();
    }
  }();
  return functions;
}

}  // namespace tend
