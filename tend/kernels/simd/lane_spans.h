#pragma once
#include <cstdint>

#include "tend/kernels/functions.h"

namespace tend {

/// The functions of lane.h over spans, y[i] = f(x[i]), as compiled for each instruction set.
struct LaneSpans {
  using Span = void (*)(const float* x, float* y, std::int64_t n);
  Span exp, expm1, log, log1p, tanh, erf, sqrt;
};
const LaneSpans& lane_spans(Isa isa);

}  // namespace tend
