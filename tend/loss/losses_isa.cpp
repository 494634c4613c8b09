#include "tend/loss/losses_isa.h"

#include "tend/kernels/simd/lane.h"
#include "tend/loss/loss_rows.h"
#include "tend/loss/losses.h"
#include "tend/loss/row_lanes.h"

namespace tend::TEND_ISA {

namespace {

constexpr std::int64_t widest_row = 256;  // wider rows need no lanes and would not fit the stack

/// Computes several rows at a time, each in its own lane.
template <class L, bool codes>
void rows_of(const void* self, const void* o_, const void* t_, const void* weights, std::int64_t rows, std::int64_t outputs,
             double scale, double* values, void* slopes) {
  if (outputs > widest_row) {
    loss_rows<L, codes, f32>(self, o_, t_, weights, rows, outputs, scale, values, slopes);
    return;
  }
  const L entry = *static_cast<const L*>(self);
  const float *o = static_cast<const float*>(o_), *t = static_cast<const float*>(t_), *w = static_cast<const float*>(weights);
  const std::int64_t width = target_width<L, codes>(outputs);
  RowLanes outputs_at[widest_row], targets_at[widest_row], slopes_at[widest_row];
  for (std::int64_t r = 0; r < rows; r += RowLanes::count) {
    const std::int64_t n = rows - r < RowLanes::count ? rows - r : RowLanes::count;
    gather(o + r * outputs, n, outputs, outputs_at);
    gather(t + r * width, n, width, targets_at);
    RowLanes weight(1);
    if (w) gather(w + r, n, 1, &weight);
    const RowLanes value = loss_row<L, codes>(entry, outputs_at, targets_at, outputs, slopes ? slopes_at : nullptr) * weight;
    for (std::int64_t l = 0; l < n; ++l) values[r + l] = static_cast<double>(value.v[l]);
    if (!slopes) continue;
    const RowLanes factor = weight * RowLanes(scale);
    for (std::int64_t j = 0; j < outputs; ++j) slopes_at[j] *= factor;
    scatter(slopes_at, n, outputs, static_cast<float*>(slopes) + r * outputs);
  }
}

template <class List>
struct Table;
template <class... Ls>
struct Table<Types<Ls...>> {
  static constexpr LossFunctions by_code[sizeof...(Ls)] = {{&rows_of<Ls, Ls::takes_codes>, nullptr, Ls::takes_codes, ""}...};
  static constexpr LossFunctions by_values[sizeof...(Ls)] = {{&rows_of<Ls, false>, nullptr, false, ""}...};
};

}  // namespace

LossFunctions loss_at(int place, bool codes) {
  return codes ? Table<all_losses>::by_code[place] : Table<all_losses>::by_values[place];
}

}  // namespace tend::TEND_ISA
