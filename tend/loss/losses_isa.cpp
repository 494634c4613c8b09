#include "tend/loss/losses_isa.h"

#include "tend/kernels/simd/lane.h"
#include "tend/loss/loss_rows.h"
#include "tend/loss/losses.h"

namespace tend::TEND_ISA {

namespace {

template <class L>
void rows_of(const void* self, const void* o, const void* t, const void* weights, std::int64_t rows, std::int64_t outputs, double scale,
             double* values, void* slopes) {
  loss_rows<L, f32>(self, o, t, weights, rows, outputs, scale, values, slopes);
}

template <class List>
struct Table;
template <class... Ls>
struct Table<Types<Ls...>> {
  static constexpr LossFunctions all[sizeof...(Ls)] = {{&rows_of<Ls>, nullptr, Ls::takes_codes, ""}...};
};

}  // namespace

LossFunctions loss_at(int place) { return Table<all_losses>::all[place]; }

}  // namespace tend::TEND_ISA
