#pragma once
#include <concepts>
#include <string>
#include <string_view>
#include <vector>

#include "tend/base/causes.h"
#include "tend/base/entry_name.h"
#include "tend/base/field.h"
#include "tend/experiment/change.h"
#include "tend/trial/advice.h"

namespace tend {

/// What a file on the shelf repair/remedies must hold: changes that may help against some causes. It proposes; whether a proposal
/// helps is measured (repair/tournament.h), so it may be bold.
///   struct LowerRate {
///     static constexpr auto fields = std::tuple{};
///     static constexpr std::string_view causes = "learning-rate-high numerics";   // words of base/causes.h
///     static constexpr int place = 10;        // proposals for a cause are tried from low to high: the smallest change first
///     std::vector<Changes> propose(const TrialContext& run) const;    // each is applied as a whole; empty where it does not apply
///   };
template <class R>
concept Remedy = HasFieldTuple<R> && requires(const R remedy, const TrialContext& run) {
  { remedy.propose(run) } -> std::same_as<std::vector<Changes>>;
  { R::causes } -> std::convertible_to<std::string_view>;
  { R::place } -> std::convertible_to<int>;
};

}  // namespace tend
