#pragma once
#include <tuple>

#include "tend/tune/sampler.h"
#include "tend/tune/sampling.h"

namespace tend {

/// RandomSampler: independent places (Bergstra and Bengio, 2012, "Random search for hyper-parameter optimization").
struct RandomSampler {
  static constexpr std::string_view entry_name = "random";
  static constexpr std::string_view about = "Independent values.";
  static constexpr auto fields = std::tuple{};

  std::vector<double> suggest(const Study& study, Random& random) const {
    return new_place(study, [&] { return uniform_place(study.space, random); });
  }
};

}  // namespace tend
