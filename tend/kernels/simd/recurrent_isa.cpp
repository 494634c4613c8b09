#include "tend/kernels/simd/lane.h"
#include "tend/kernels/simd/recurrents.h"

namespace tend::TEND_ISA {
namespace {

TEND_INLINE f32* lanes_of(float* p) { return reinterpret_cast<f32*>(p); }
TEND_INLINE const f32* lanes_of(const float* p) { return reinterpret_cast<const f32*>(p); }

TEND_INLINE f32 sigmoid(f32 x) { return f32(1.0f) / (f32(1.0f) + exp(-x)); }

void lstm(const CellStep& s) {
  const std::int64_t u = s.units;
  for (std::int64_t r = 0; r < s.rows; ++r) {
    f32* z = lanes_of(s.gates + r * s.gates_row);
    const f32 *p = lanes_of(s.product + r * 4 * u), *before = lanes_of(s.kept_before + r * s.before_row);
    f32 *cell = lanes_of(s.kept + r * s.row), *h = lanes_of(s.h + r * s.row), *copy = lanes_of(s.h_copy + r * u);
#pragma GCC ivdep
    for (std::int64_t j = 0; j < 2 * u; ++j) z[j] = sigmoid(z[j] + p[j]);
#pragma GCC ivdep
    for (std::int64_t j = 2 * u; j < 3 * u; ++j) z[j] = tanh(z[j] + p[j]);
#pragma GCC ivdep
    for (std::int64_t j = 3 * u; j < 4 * u; ++j) z[j] = sigmoid(z[j] + p[j]);
#pragma GCC ivdep
    for (std::int64_t j = 0; j < u; ++j) {
      const f32 c = z[u + j] * before[j] + z[j] * z[2 * u + j], y = z[3 * u + j] * tanh(c);
      cell[j] = c;
      h[j] = y;
      copy[j] = y;
    }
  }
}

void gru(const CellStep& s) {
  const std::int64_t u = s.units;
  for (std::int64_t r = 0; r < s.rows; ++r) {
    f32* z = lanes_of(s.gates + r * s.gates_row);
    const f32 *p = lanes_of(s.product + r * 3 * u), *before = lanes_of(s.h_before + r * s.before_row);
    f32 *kept = lanes_of(s.kept + r * s.row), *h = lanes_of(s.h + r * s.row), *copy = lanes_of(s.h_copy + r * u);
#pragma GCC ivdep
    for (std::int64_t j = 0; j < 2 * u; ++j) z[j] = sigmoid(z[j] + p[j]);
#pragma GCC ivdep
    for (std::int64_t j = 0; j < u; ++j) {
      const f32 n = tanh(z[2 * u + j] + z[j] * p[2 * u + j]), y = (f32(1.0f) - z[u + j]) * n + z[u + j] * before[j];
      kept[j] = p[2 * u + j];
      z[2 * u + j] = n;
      h[j] = y;
      copy[j] = y;
    }
  }
}

void lstm_backward(const CellSlope& s) {
  const std::int64_t u = s.units;
  const f32 one(1.0f);
  for (std::int64_t r = 0; r < s.rows; ++r) {
    const f32 *z = lanes_of(s.gates + r * s.gates_row), *cell = lanes_of(s.kept + r * s.row),
              *before = lanes_of(s.kept_before + r * s.before_row), *h = lanes_of(s.h_before + r * s.before_row),
              *above = lanes_of(s.dh + r * s.dh_row), *behind = lanes_of(s.dh_next + r * u);
    f32 *carried = lanes_of(s.carried + r * u), *d = lanes_of(s.dgates + r * s.gates_row),
        *copy = lanes_of(s.dproduct_copy + r * 4 * u), *h_before = lanes_of(s.before + r * s.row);
#pragma GCC ivdep
    for (std::int64_t j = 0; j < u; ++j) {
      const f32 i = z[j], f = z[u + j], g = z[2 * u + j], o = z[3 * u + j], bent = tanh(cell[j]), dh = above[j] + behind[j];
      const f32 dc = carried[j] + dh * o * (one - bent * bent);
      copy[j] = dc * g * i * (one - i);
      copy[u + j] = dc * before[j] * f * (one - f);
      copy[2 * u + j] = dc * i * (one - g * g);
      copy[3 * u + j] = dh * bent * o * (one - o);
      carried[j] = dc * f;
      h_before[j] = h[j];
    }
#pragma GCC ivdep
    for (std::int64_t j = 0; j < 4 * u; ++j) d[j] = copy[j];
  }
}

void gru_backward(const CellSlope& s) {
  const std::int64_t u = s.units;
  const f32 one(1.0f);
  for (std::int64_t r = 0; r < s.rows; ++r) {
    const f32 *gate = lanes_of(s.gates + r * s.gates_row), *kept = lanes_of(s.kept + r * s.row),
              *h = lanes_of(s.h_before + r * s.before_row), *above = lanes_of(s.dh + r * s.dh_row);
    f32 *behind = lanes_of(s.dh_next + r * u), *d = lanes_of(s.dgates + r * s.gates_row),
        *products = lanes_of(s.dproducts + r * s.gates_row), *copy = lanes_of(s.dproduct_copy + r * 3 * u),
        *h_before = lanes_of(s.before + r * s.row);
#pragma GCC ivdep
    for (std::int64_t j = 0; j < u; ++j) {
      const f32 a = gate[j], z = gate[u + j], n = gate[2 * u + j], dh = above[j] + behind[j], was = h[j];
      const f32 dn = dh * (one - z) * (one - n * n);
      copy[j] = dn * kept[j] * a * (one - a);
      copy[u + j] = dh * (was - n) * z * (one - z);
      copy[2 * u + j] = dn * a;
      d[2 * u + j] = dn;
      behind[j] = dh * z;
      h_before[j] = was;
    }
#pragma GCC ivdep
    for (std::int64_t j = 0; j < 3 * u; ++j) products[j] = copy[j];
#pragma GCC ivdep
    for (std::int64_t j = 0; j < 2 * u; ++j) d[j] = copy[j];
  }
}

}  // namespace

extern const RecurrentTable recurrents = {lstm, gru, lstm_backward, gru_backward};

}  // namespace tend::TEND_ISA
