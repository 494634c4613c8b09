#pragma once
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>

#include "tend/base/field.h"
#include "tend/tune/study.h"

namespace tend {

/// What a file on the shelf tune/stoppers must hold: when a trial of a study pauses, stops, and goes on.
///   struct Median {
///     static constexpr std::string_view about = "...";   // one sentence
///     static constexpr auto fields = std::tuple{};       // settings
///     // The step, above trial.steps(), at which a decision is to be made next.
///     std::size_t pause(const Study& study, const SearchTrial& trial) const;
///     // Why a trial with new values stops, as one word with hyphens; "" if it does not. Its state is kept.
///     std::string cause(const Study& study, const SearchTrial& trial) const;
///   };
/// One that decides which trials go on has two more:
///     static constexpr bool is_usual = true;         // optional: it applies where a study names no stopper
///     static constexpr bool wants_findings = true;   // optional: it looks at SearchTrial::findings
///     bool suspends(const Study& study, const SearchTrial& trial) const;       // does it wait at its present step?
///     std::optional<std::size_t> promote(const Study& study) const;            // a waiting trial that is to go on
template <class S>
concept Stopper = HasFieldTuple<S> && requires(const S stopper, const Study& study, const SearchTrial& trial) {
  { stopper.pause(study, trial) } -> std::same_as<std::size_t>;
  { stopper.cause(study, trial) } -> std::same_as<std::string>;
};

}  // namespace tend
