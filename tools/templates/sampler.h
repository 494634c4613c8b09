#pragma once
#include <tuple>

#include "tend/tune/sampler.h"
#include "tend/tune/sampling.h"

namespace tend {

/// @Type@: how it chooses. Paper: authors (year), "title".
struct @Type@ {
  static constexpr std::string_view about = "One sentence that says how it chooses.";
  static constexpr auto fields = std::tuple{};

  std::vector<double> suggest(const Study& study, Random& random) const {
    return new_place(study, [&] { return uniform_place(study.space, random); });
  }
};

}  // namespace tend
