#include "tend/network/activations_isa.h"

#include "tend/kernels/simd/lane.h"
#include "tend/network/activations.h"

namespace tend::TEND_ISA {

namespace {

template <class A>
void forward(const void* self, const void* z_, void* y_, std::int64_t n) {
  const A entry = *static_cast<const A*>(self);
  const f32* z = static_cast<const f32*>(z_);
  f32* y = static_cast<f32*>(y_);
#pragma GCC ivdep
  for (std::int64_t i = 0; i < n; ++i) y[i] = entry.value(z[i]);
}

template <class A>
void backward(const void* self, const void* z_, const void* y_, const void* dy_, void* dz_, std::int64_t n) {
  const A entry = *static_cast<const A*>(self);
  const f32 *z = static_cast<const f32*>(A::needs_input ? z_ : y_), *y = static_cast<const f32*>(y_),
            *dy = static_cast<const f32*>(dy_);
  f32* dz = static_cast<f32*>(dz_);
#pragma GCC ivdep
  for (std::int64_t i = 0; i < n; ++i) dz[i] = dy[i] * entry.slope(z[i], y[i]);
}

template <class List>
struct Table;
template <class... As>
struct Table<Types<As...>> {
  static constexpr PointwiseFunctions all[sizeof...(As)] = {{&forward<As>, &backward<As>, nullptr, As::needs_input, ""}...};
};

}  // namespace

PointwiseFunctions activation_at(int place) { return Table<all_activations>::all[place]; }

}  // namespace tend::TEND_ISA
