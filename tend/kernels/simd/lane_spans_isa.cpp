#include "tend/kernels/simd/lane.h"
#include "tend/kernels/simd/lane_spans.h"

namespace tend::TEND_ISA {
namespace {

template <class F>
TEND_INLINE void each(const float* x, float* y, std::int64_t n, F f) {
#pragma GCC ivdep
  for (std::int64_t i = 0; i < n; ++i) y[i] = f(f32(x[i])).v;
}

void exp_span(const float* x, float* y, std::int64_t n) {
  each(x, y, n, [](f32 v) { return exp(v); });
}
void expm1_span(const float* x, float* y, std::int64_t n) {
  each(x, y, n, [](f32 v) { return expm1(v); });
}
void log_span(const float* x, float* y, std::int64_t n) {
  each(x, y, n, [](f32 v) { return log(v); });
}
void log1p_span(const float* x, float* y, std::int64_t n) {
  each(x, y, n, [](f32 v) { return log1p(v); });
}
void tanh_span(const float* x, float* y, std::int64_t n) {
  each(x, y, n, [](f32 v) { return tanh(v); });
}
void erf_span(const float* x, float* y, std::int64_t n) {
  each(x, y, n, [](f32 v) { return erf(v); });
}
void sqrt_span(const float* x, float* y, std::int64_t n) {
  each(x, y, n, [](f32 v) { return sqrt(v); });
}

}  // namespace

extern const LaneSpans spans = {exp_span, expm1_span, log_span, log1p_span, tanh_span, erf_span, sqrt_span};

}  // namespace tend::TEND_ISA
