#include <cstring>

#include "tend/kernels/simd/blocks.h"
#include "tend/kernels/simd/fast_backend.h"
#include "tend/kernels/simd/isa_table.h"
#include "tend/kernels/simd/product.h"
#include "tend/kernels/simd/recurrents.h"

namespace tend {

TEND_ISA_TABLE(RecurrentTable, recurrents, recurrent_table)

namespace {

/// A block is some rows over all places, so no block waits for another. U is stored in panels in the order of the product.
struct RecurrentPlan {
  RecurrentSpec s;
  std::int64_t width, tallest;
  Cut rows;
  explicit RecurrentPlan(const RecurrentSpec& spec) : s(spec), width(spec.gates() * spec.units) {
    rows = {s.rows, static_cast<int>(std::clamp<std::int64_t>(s.rows / 16, 1, 32))};
    tallest = (s.rows + rows.count - 1) / rows.count;
  }
  std::int64_t at(std::int64_t row, std::int64_t place) const { return (row * s.places + place) * s.units; }
  double flops() const { return 2.0 * static_cast<double>(s.rows * s.places) * static_cast<double>(s.units * width); }
  std::string note(const char* isa) const {
    return std::to_string(s.places) + " places of " + std::to_string(s.units) + " " + isa;
  }
};

/// Packs b [k, n], element (p, j) at b[p step + j column], into panels [n / panel][k][panel]; the last one is filled with zeros.
Slot emit_panels(Emitter& e, Slot b, std::int64_t step, std::int64_t column, std::int64_t k, std::int64_t n, std::int64_t panel) {
  const std::int64_t panels = (n + panel - 1) / panel;
  const Slot packed = e.temporary(4 * panels * panel * k);
  const Cut cut = cut_pass(panels, panel * k, 65536);
  auto run = [=](void* const* o, int block, void*) {
    for (std::int64_t p = cut(block); p < cut(block + 1); ++p) {
      const float* from = at(o[0], p * panel * column);
      float* to = at(o[1], p * panel * k);
      const std::int64_t columns = std::min(panel, n - p * panel);
      for (std::int64_t i = 0; i < k; ++i)
        for (std::int64_t j = 0; j < panel; ++j) to[i * panel + j] = j < columns ? from[i * step + j * column] : 0.0f;
    }
  };
  e.call(make_kernel({.name = "pack", .blocks = cut.count, .bytes = 8.0 * static_cast<double>(n * k)}, run), {b, packed});
  return packed;
}

/// c [m, n] (+)= a [m, k] packed + bias.
void panel_product(const ProductTable& table, const float* a, const float* packed, const float* bias, float* c, std::int64_t m,
                   std::int64_t n, std::int64_t k, bool accumulate) {
  ProductBlock g;
  g.m = m, g.k = k, g.a = a, g.a_row = k, g.a_step = 1, g.b_step = table.panel, g.c_row = n, g.accumulate = accumulate;
  for (std::int64_t j = 0; j < n; j += table.panel) {
    g.b = packed + j * k;
    g.c = c + j;
    g.n = std::min<std::int64_t>(table.panel, n - j);
    g.bias = bias ? bias + j : nullptr;
    table.product(g);
  }
}

void clear(float* x, std::int64_t n) { std::memset(x, 0, static_cast<std::size_t>(n) * sizeof(float)); }

}  // namespace

void FastBackend::recurrent_forward(Emitter& e, const RecurrentSpec& s, Slot gates, Slot u, Slot b, Slot kept, Slot h) const {
  const RecurrentPlan plan(s);
  const Slot packed = emit_panels(e, u, plan.width, 1, s.units, plan.width, products_.panel);
  auto run = [plan, s, &products = products_, &table = recurrents_](void* const* o, int block, void* scratch) {
    const std::int64_t first = plan.rows(block), rows = plan.rows(block + 1) - first;
    float *product = static_cast<float*>(scratch), *before = product + plan.tallest * plan.width,
          *zeros = before + plan.tallest * s.units;
    clear(before, rows * s.units);
    clear(zeros, s.units);
    for (std::int64_t t = 0; t < s.places; ++t) {
      panel_product(products, before, at(o[1]), at(o[2]), product, rows, plan.width, s.units, false);
      const std::int64_t here = plan.at(first, t), last = plan.at(first, t - 1);
      CellStep step{.rows = rows,
                    .units = s.units,
                    .gates_row = s.places * plan.width,
                    .row = s.places * s.units,
                    .gates = at(o[0], here * s.gates()),
                    .product = product,
                    .kept_before = zeros,
                    .h_before = zeros,
                    .before_row = 0,
                    .kept = at(o[3], here),
                    .h = at(o[4], here),
                    .h_copy = before};
      if (t > 0) step.kept_before = at(o[3], last), step.h_before = at(o[4], last), step.before_row = s.places * s.units;
      (s.cell == Cell::lstm ? table.lstm : table.gru)(step);
    }
  };
  const std::int64_t scratch = 4 * (plan.tallest * (plan.width + s.units) + s.units);
  e.call(make_kernel({.name = "recurrent_forward",
                      .blocks = plan.rows.count,
                      .flops = plan.flops(),
                      .scratch_bytes = scratch,
                      .note = plan.note(word())},
                     run),
         {gates, packed, b, kept, h});
}

void FastBackend::recurrent_backward(Emitter& e, const RecurrentSpec& s, Slot gates, Slot u, Slot kept, Slot h, Slot dh,
                                     Slot dgates, Slot dproducts, Slot before) const {
  const RecurrentPlan plan(s);
  const Slot packed = emit_panels(e, u, 1, plan.width, plan.width, s.units, products_.panel);
  auto run = [plan, s, &products = products_, &table = recurrents_](void* const* o, int block, void* scratch) {
    const std::int64_t first = plan.rows(block), rows = plan.rows(block + 1) - first, row = s.places * s.units;
    float *slopes = static_cast<float*>(scratch), *dh_next = slopes + plan.tallest * plan.width,
          *carried = dh_next + plan.tallest * s.units, *zeros = carried + plan.tallest * s.units;
    clear(dh_next, rows * s.units);
    clear(carried, rows * s.units);
    clear(zeros, s.units);
    for (std::int64_t t = s.places - 1; t >= 0; --t) {
      const std::int64_t here = plan.at(first, t), last = plan.at(first, t - 1);
      CellSlope step{.rows = rows,
                     .units = s.units,
                     .gates_row = row * s.gates(),
                     .row = row,
                     .gates = at(o[0], here * s.gates()),
                     .kept = at(o[2], here),
                     .kept_before = zeros,
                     .h_before = zeros,
                     .before_row = 0,
                     .dh = zeros,
                     .dh_row = 0,
                     .carried = carried,
                     .dh_next = dh_next,
                     .dgates = at(o[5], here * s.gates()),
                     .dproducts = at(o[6], here * s.gates()),
                     .dproduct_copy = slopes,
                     .before = at(o[7], here)};
      if (t > 0) step.kept_before = at(o[2], last), step.h_before = at(o[3], last), step.before_row = row;
      if (!s.only_last) step.dh = at(o[4], here), step.dh_row = row;
      else if (t == s.places - 1) step.dh = at(o[4], first * s.units), step.dh_row = s.units;
      (s.cell == Cell::lstm ? table.lstm_backward : table.gru_backward)(step);
      if (t > 0) panel_product(products, slopes, at(o[1]), nullptr, dh_next, rows, s.units, plan.width, s.cell == Cell::gru);
    }
  };
  const std::int64_t scratch = 4 * (plan.tallest * (plan.width + 2 * s.units) + s.units);
  e.call(make_kernel({.name = "recurrent_backward",
                      .blocks = plan.rows.count,
                      .flops = plan.flops(),
                      .scratch_bytes = scratch,
                      .note = plan.note(word())},
                     run),
         {gates, packed, kept, h, dh, dgates, dproducts, before});
}

}  // namespace tend
