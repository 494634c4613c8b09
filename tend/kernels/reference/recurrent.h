#pragma once
#include <cmath>

#include "tend/kernels/reference/reference_backend.h"

namespace tend {

namespace {

template <class T>
T sigmoid(T x) {
  return 1 / (1 + std::exp(-x));
}

/// Computes one unit of one row at one place. Its gates lie `units` apart; `product` holds h U + b of each gate.
template <class T>
void step_forward(const RecurrentSpec& s, T* gate, const T* product, T kept_before, T h_before, T* kept, T* h) {
  const std::int64_t u = s.units;
  if (s.cell == Cell::lstm) {
    for (std::int64_t g = 0; g < 4; ++g)
      gate[g * u] = g == 2 ? std::tanh(gate[g * u] + product[g]) : sigmoid(gate[g * u] + product[g]);
    *kept = gate[u] * kept_before + gate[0] * gate[2 * u];
    *h = gate[3 * u] * std::tanh(*kept);
  } else {
    for (std::int64_t g = 0; g < 2; ++g) gate[g * u] = sigmoid(gate[g * u] + product[g]);
    *kept = product[2];
    gate[2 * u] = std::tanh(gate[2 * u] + gate[0] * product[2]);
    *h = (1 - gate[u]) * gate[2 * u] + gate[u] * h_before;
  }
}

/// Its gradients. dh: of its output. carried: lstm: dc of the cell, in and out; gru: out, dh_before except through the product.
template <class T>
void step_backward(const RecurrentSpec& s, const T* gate, T kept, T kept_before, T h_before, T dh, T* carried, T* dgate,
                   T* dproduct) {
  const std::int64_t u = s.units;
  if (s.cell == Cell::lstm) {
    const T i = gate[0], f = gate[u], g = gate[2 * u], o = gate[3 * u], bent = std::tanh(kept),
            dc = *carried + dh * o * (1 - bent * bent);
    dgate[0] = dc * g * i * (1 - i);
    dgate[u] = dc * kept_before * f * (1 - f);
    dgate[2 * u] = dc * i * (1 - g * g);
    dgate[3 * u] = dh * bent * o * (1 - o);
    *carried = dc * f;
  } else {
    const T r = gate[0], z = gate[u], n = gate[2 * u], dn = dh * (1 - z) * (1 - n * n);
    dgate[0] = dproduct[0] = dn * kept * r * (1 - r);
    dgate[u] = dproduct[u] = dh * (h_before - n) * z * (1 - z);
    dgate[2 * u] = dn;
    dproduct[2 * u] = dn * r;
    *carried = dh * z;
  }
}

}  // namespace

template <class T>
void ReferenceBackend<T>::recurrent_forward(Emitter& e, const RecurrentSpec& s, Slot gates, Slot u, Slot b, Slot kept,
                                            Slot h) const {
  e.call(make_kernel({.name = "recurrent_forward"},
                     [s](void* const* o, int, void*) {
                       const T *weights = static_cast<const T*>(o[1]), *b = static_cast<const T*>(o[2]);
                       T *gates = static_cast<T*>(o[0]), *kept = static_cast<T*>(o[3]), *h = static_cast<T*>(o[4]);
                       const std::int64_t width = s.gates() * s.units;
                       for (std::int64_t n = 0; n < s.rows; ++n)
                         for (std::int64_t t = 0; t < s.places; ++t) {
                           const std::int64_t at = (n * s.places + t) * s.units, before = at - s.units;
                           for (std::int64_t j = 0; j < s.units; ++j) {
                             T product[4];
                             for (std::int64_t g = 0; g < s.gates(); ++g) {
                               product[g] = b ? b[g * s.units + j] : T(0);
                               for (std::int64_t i = 0; t > 0 && i < s.units; ++i)
                                 product[g] += h[before + i] * weights[i * width + g * s.units + j];
                             }
                             step_forward(s, gates + at * s.gates() + j, product, t > 0 ? kept[before + j] : T(0),
                                          t > 0 ? h[before + j] : T(0), kept + at + j, h + at + j);
                           }
                         }
                     }),
         {gates, u, b, kept, h});
}

template <class T>
void ReferenceBackend<T>::recurrent_backward(Emitter& e, const RecurrentSpec& s, Slot gates, Slot u, Slot kept, Slot h, Slot dh,
                                             Slot dgates, Slot dproducts, Slot before) const {
  const Slot carried = e.temporary(s.units * static_cast<std::int64_t>(sizeof(T)));
  if (!dproducts) dproducts = dgates;
  e.call(make_kernel({.name = "recurrent_backward"},
                     [s](void* const* o, int, void*) {
                       const T *gates = static_cast<const T*>(o[0]), *u = static_cast<const T*>(o[1]),
                               *kept = static_cast<const T*>(o[2]), *h = static_cast<const T*>(o[3]),
                               *dh = static_cast<const T*>(o[4]);
                       T *dgates = static_cast<T*>(o[5]), *dproducts = static_cast<T*>(o[6]), *before = static_cast<T*>(o[7]),
                         *carried = static_cast<T*>(o[8]);
                       const std::int64_t width = s.gates() * s.units;
                       for (std::int64_t n = 0; n < s.rows; ++n)
                         for (std::int64_t t = s.places - 1; t >= 0; --t) {
                           const std::int64_t row = n * s.places + t, at = row * s.units, last = at - s.units;
                           const bool ends = t == s.places - 1;
                           for (std::int64_t j = 0; j < s.units; ++j) {
                             before[at + j] = t > 0 ? h[last + j] : T(0);
                             T slope = s.only_last ? ends ? dh[n * s.units + j] : T(0) : dh[at + j];
                             for (std::int64_t k = 0; !ends && k < width; ++k)
                               slope += dproducts[(row + 1) * width + k] * u[j * width + k];
                             T carry = ends ? T(0) : carried[j];
                             if (s.cell == Cell::gru) slope += carry;
                             step_backward(s, gates + row * width + j, kept[at + j], t > 0 ? kept[last + j] : T(0),
                                           before[at + j], slope, &carry, dgates + row * width + j, dproducts + row * width + j);
                             carried[j] = carry;
                           }
                         }
                     }),
         {gates, u, kept, h, dh, dgates, dproducts, before, carried});
}

}  // namespace tend
