#pragma once
#include <tuple>

#include "tend/tune/model_search.h"
#include "tend/tune/sampler.h"

namespace tend {

/// Gp: the place where a Gaussian process expects the largest improvement (tune/model_search.h).
struct Gp {
  std::int64_t startup = 0;
  static constexpr std::string_view about = "The largest expected improvement by a Gaussian process of all values so far.";
  static constexpr auto fields = std::tuple{
      field_of<Gp>("startup", &Gp::startup, at_least(0), "",
                   "The trials of an even sequence before the model is used; 0: by the number of parameters.")};

  std::vector<double> suggest(const Study& study, Random& random) const {
    return suggest_by_model(study, static_cast<std::size_t>(startup), random);
  }
};

}  // namespace tend
