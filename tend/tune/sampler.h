#pragma once
#include <concepts>
#include <vector>

#include "tend/base/field.h"
#include "tend/base/random.h"
#include "tend/tune/study.h"

namespace tend {

/// What a file on the shelf tune/samplers must hold: how the next trial of a study is chosen.
///   struct RandomSampler {
///     static constexpr std::string_view about = "...";   // one sentence
///     static constexpr auto fields = std::tuple{};       // settings
///     std::vector<double> suggest(const Study& study, Random& random) const;
///   };
/// suggest() returns one place in [0, 1] for each parameter of the study's space. It depends only on the study and on `random`,
/// whose stream belongs to the seed of the study and the number of the trial: a study that is read from a file goes on alike.
template <class S>
concept Sampler = HasFieldTuple<S> && requires(const S sampler, const Study& study, Random& random) {
  { sampler.suggest(study, random) } -> std::same_as<std::vector<double>>;
};

}  // namespace tend
