#include "tend/kernels/simd/lane_spans.h"

#include "tend/kernels/simd/isa_table.h"

namespace tend {

TEND_ISA_TABLE(LaneSpans, spans, lane_spans)

}  // namespace tend
