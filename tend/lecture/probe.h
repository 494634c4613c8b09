#pragma once
#include <concepts>

#include "tend/base/field.h"
#include "tend/lecture/measures.h"
#include "tend/train/training.h"

namespace tend {

/// What a file on the shelf lecture/probes must hold: what a statement may measure in each of its runs beside what is always
/// measured. Each run has a copy of it, so it may keep what it has seen.
///   struct WeightPath {
///     static constexpr std::string_view about = "...";   // one sentence, with the names of its measures
///     static constexpr auto fields = std::tuple{};       // settings
///     // One or more of these. A training may be read, not changed; what needs another state forks its engine().
///     void at_start(const Training& training, Measures& measures);
///     void after_step(const Training& training, Measures& measures);
///     void after_epoch(const Training& training, Measures& measures);
///     void at_end(const Training& training, Measures& measures);
///   };
template <class P>
concept Probe = HasFieldTuple<P> && std::copyable<P> &&(
    requires(P probe, const Training& training, Measures& measures) { probe.at_start(training, measures); } ||
    requires(P probe, const Training& training, Measures& measures) { probe.after_epoch(training, measures); } ||
    requires(P probe, const Training& training, Measures& measures) { probe.at_end(training, measures); });

}  // namespace tend
