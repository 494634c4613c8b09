#include "tend/kernels/reference/reference_backend.h"

#include "tend/base/error.h"
#include "tend/kernels/reference/attention.h"
#include "tend/kernels/reference/convolution.h"
#include "tend/kernels/reference/dense.h"
#include "tend/kernels/reference/depthwise.h"
#include "tend/kernels/reference/group_norm.h"
#include "tend/kernels/reference/norm.h"
#include "tend/kernels/reference/pointwise.h"
#include "tend/kernels/reference/pool.h"
#include "tend/kernels/reference/recurrent.h"
#include "tend/kernels/reference/select.h"
#include "tend/kernels/reference/sweep.h"

namespace tend {

const Backend& reference_backend(ElementType type) {
  static const ReferenceBackend<float> single;
  static const ReferenceBackend<double> twice;
  TEND_EXPECTS(type == ElementType::float32 || type == ElementType::float64);
  if (type == ElementType::float32) return single;
  return twice;
}

}  // namespace tend
