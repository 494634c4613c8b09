#pragma once
#include <algorithm>
#include <cmath>
#include <vector>

#include "tend/kernels/between_passes.h"
#include "tend/kernels/reference/reference_backend.h"

namespace tend {

template <class T>
void ReferenceBackend<T>::loss(Emitter& e, const LossFunctions& f, std::int64_t rows, std::int64_t outputs, bool mean, Slot o,
                               Slot t, Slot weights, Slot values, Slot slope) const {
  if (!values) values = e.temporary(rows * 8);
  e.call(make_kernel({.name = "loss"},
                     [=](void* const* p, int, void*) {
                       auto* all = static_cast<double*>(p[3]);
                       f.rows(f.self, p[0], p[1], p[2], rows, outputs, mean ? 1.0 / static_cast<double>(rows) : 1.0, all, p[4]);
                       double sum = 0;
                       for (std::int64_t r = 0; r < rows; ++r) sum += all[r];
                       *static_cast<double*>(p[5]) = sum / static_cast<double>(rows);
                     }),
         {o, t, weights, values, slope, {Buffer::signals, 8 * signal_place::loss}});
}

template <class T>
void ReferenceBackend<T>::penalty(Emitter& e, const SweepSegment& s, Slot penalty) const {
  const std::int64_t at = s.offset * static_cast<std::int64_t>(sizeof(T));
  e.call(make_kernel({.name = "penalty"},
                     [s](void* const* o, int, void*) {
                       const T* w = static_cast<const T*>(o[0]);
                       T* g = static_cast<T*>(o[1]);
                       const T factor = static_cast<T>(2 * *static_cast<const double*>(o[2]));
                       for (std::int64_t i = 0; i < s.count; ++i) g[i] += factor * w[i];
                     }),
         {{Buffer::state, at}, {Buffer::gradient, at}, penalty}, penalty);
}

template <class T>
void ReferenceBackend<T>::sign_penalty(Emitter& e, const SweepSegment& s, Slot penalty) const {
  const std::int64_t at = s.offset * static_cast<std::int64_t>(sizeof(T));
  e.call(make_kernel({.name = "sign_penalty"},
                     [s](void* const* o, int, void*) {
                       const T* w = static_cast<const T*>(o[0]);
                       T* g = static_cast<T*>(o[1]);
                       const T penalty = static_cast<T>(*static_cast<const double*>(o[2]));
                       for (std::int64_t i = 0; i < s.count; ++i) g[i] += w[i] > 0 ? penalty : w[i] < 0 ? -penalty : w[i];
                     }),
         {{Buffer::state, at}, {Buffer::gradient, at}, penalty}, penalty);
}

template <class T>
void ReferenceBackend<T>::max_norm(Emitter& e, const SweepSegment& s, std::int64_t units, Slot limit) const {
  e.call(make_kernel({.name = "max_norm"},
                     [s, units](void* const* o, int, void*) {
                       T* w = static_cast<T*>(o[0]);
                       const double limit = *static_cast<const double*>(o[1]);
                       for (std::int64_t k = 0; k < units; ++k) {
                         double square = 0;
                         for (std::int64_t i = k; i < s.count; i += units)
                           square += static_cast<double>(w[i]) * static_cast<double>(w[i]);
                         const double norm = std::sqrt(square);
                         if (!(norm > limit)) continue;
                         const T factor = static_cast<T>(limit / (1e-7 + norm));
                         for (std::int64_t i = k; i < s.count; i += units) w[i] *= factor;
                       }
                     }),
         {{Buffer::state, s.offset * static_cast<std::int64_t>(sizeof(T))}, limit}, limit);
}

template <class T>
void ReferenceBackend<T>::average(Emitter& e, std::int64_t count, Slot share, Slot value, Slot average) const {
  e.call(make_kernel({.name = "average"},
                     [count](void* const* o, int, void*) {
                       const T share = static_cast<T>(*static_cast<const double*>(o[0]));
                       const T* x = static_cast<const T*>(o[1]);
                       T* y = static_cast<T*>(o[2]);
                       for (std::int64_t i = 0; i < count; ++i) y[i] += share * (x[i] - y[i]);
                     }),
         {share, value, average}, share);
}

/// One pass of a sweep over all segments. Passes 0 and 1 begin with the norm. Pass 1 fills facts; pass 2 reads factors.
template <class T>
void sweep_pass(const SweepFunctions& f, const std::vector<SweepSegment>& segments, std::size_t slots, int pass, void* const* o) {
  T *w = static_cast<T*>(o[0]), *g = static_cast<T*>(o[1]);
  const StepInputs& in = step_inputs_at(o[2]);
  auto* signals = static_cast<double*>(o[3]);
  const double clip_value = in.clip_value, clip_norm = in.clip_norm;
  std::vector<double> norms;  // of each member
  for (const SweepSegment& s : segments) {
    norms.resize(std::max(norms.size(), static_cast<std::size_t>(s.member) + 1));
    for (std::int64_t i = s.offset; i < s.offset + s.count; ++i) {
      auto v = static_cast<double>(g[i]);
      if (clip_value != 0 && v == v) v = std::clamp(v, -clip_value, clip_value);
      norms[static_cast<std::size_t>(s.member)] += v * v;
    }
  }
  double largest = 0;
  for (double& norm : norms) {
    norm = std::sqrt(norm);
    if (&norm == &norms[0] || !(norm <= largest)) largest = norm;
  }
  signals[signal_place::clip_norm] = clip_norm != 0 ? largest : 0;
  double* sums = signals + signal_place::first_parameter;
  for (std::size_t p = 0; p < segments.size(); ++p) {
    const SweepSegment& s = segments[p];
    const double norm = norms[static_cast<std::size_t>(s.member)];
    SweepChunk chunk{};
    chunk.weight = w + s.offset;
    chunk.gradient = g + s.offset;
    chunk.count = s.count;
    chunk.clip_value = clip_value;
    chunk.scale = clip_norm != 0 && std::isfinite(norm) && norm > clip_norm ? clip_norm / norm : 1.0;
    chunk.sums = sums;
    chunk.pass = pass;
    chunk.factor = pass == 2 ? static_cast<double*>(o[5])[p] : 1;
    chunk.is_matrix = s.columns > 0;
    set_inputs(chunk, in, s.inputs ? s.inputs.offset : 0, s.decays);
    for (std::size_t k = 0; k < slots; ++k) chunk.slots[k] = static_cast<T*>(o[6 + k]) + s.offset;
    f.chunk(chunk);
    if (pass == 1) static_cast<double*>(o[4])[2 * p] = sums[2], static_cast<double*>(o[4])[2 * p + 1] = sums[1];
    sums += signal_place::per_parameter;
  }
}

template <class T>
void ReferenceBackend<T>::sweep(Emitter& e, const SweepFunctions& f, const std::vector<SweepSegment>& segments,
                                const std::vector<Slot>& slots) const {
  const auto count = static_cast<std::int64_t>(segments.size());
  const bool is_directed = f.takes_two_passes();
  std::vector<Slot> operands{{Buffer::state, 0},
                             {Buffer::gradient, 0},
                             {Buffer::step, 0},
                             {Buffer::signals, 0},
                             is_directed ? e.temporary(16 * count) : Slot{},
                             is_directed ? e.temporary(8 * count) : Slot{}};
  const Slot facts = operands[4], factors = operands[5];
  operands.insert(operands.end(), slots.begin(), slots.begin() + f.slots);
  const auto pass = [&](int number) {
    e.call(make_kernel({.name = "sweep"}, [f, segments, n = static_cast<std::size_t>(f.slots), number](
                                              void* const* o, int, void*) { sweep_pass<T>(f, segments, n, number, o); }),
           operands);
  };
  pass(is_directed ? 1 : 0);
  if (!is_directed) return;
  emit_between_passes(*this, e, f, segments, slots, facts, factors);
  pass(2);
}

}  // namespace tend
