#pragma once
#include <tuple>

#include "tend/tune/sampler.h"
#include "tend/tune/sampling.h"

namespace tend {

/// HaltonSampler: a scrambled Halton sequence, which fills the space more evenly than independent values.
struct HaltonSampler {
  static constexpr std::string_view entry_name = "halton";
  static constexpr std::string_view about = "Values that fill the space evenly, by a scrambled Halton sequence.";
  static constexpr auto fields = std::tuple{};

  std::vector<double> suggest(const Study& study, Random&) const {
    std::size_t index = study.trials.size();
    return new_place(study, [&] { return halton_place(study.space, study.seed, index++); });
  }
};

}  // namespace tend
