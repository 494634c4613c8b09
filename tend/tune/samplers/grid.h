#pragma once
#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "tend/tune/sampler.h"
#include "tend/tune/sampling.h"

namespace tend {

/// GridSampler: the points of a grid, in a random order. A parameter with a range gets as many values as the trials of the study
/// allow, the same number for each. To learn from: with few trials each parameter sees only two or three different values.
struct GridSampler {
  static constexpr std::string_view entry_name = "grid";
  std::int64_t points = 0;
  static constexpr std::string_view about = "The points of a grid, in a random order. For comparison: random values are better.";
  static constexpr auto fields = std::tuple{
      field_of<GridSampler>("points", &GridSampler::points, at_least(0), "",
                            "The values of each parameter that has a range; 0: by the number of trials.")};

  std::vector<double> suggest(const Study& study, Random&) const {
    std::vector<std::size_t> sizes;
    const std::size_t trials = std::max<std::size_t>(study.whole_trials(), 1);
    double ranges = 0, fixed = 1;
    for (const SearchParameter& p : study.space.parameters) p.levels() ? fixed *= static_cast<double>(p.levels()) : ranges += 1;
    const double each = ranges > 0 ? std::pow(static_cast<double>(trials) / fixed, 1 / ranges) : 1;
    for (const SearchParameter& p : study.space.parameters)
      sizes.push_back(p.levels() ? p.levels()
                      : points   ? static_cast<std::size_t>(points)
                                 : std::max<std::size_t>(2, static_cast<std::size_t>(each + 1e-9)));
    std::size_t all = 1;
    for (const std::size_t n : sizes) all *= n;
    // The order: a walk by a step without a common factor visits each point once.
    Random order(study.seed, purpose("grid"));
    std::size_t step = 1 + static_cast<std::size_t>(order.below(all));
    while (std::gcd(step, all) != 1) ++step;
    std::size_t index = static_cast<std::size_t>(order.below(all)) + (study.trials.size() % all) * (step % all);
    index %= all;
    std::vector<double> place;
    for (const std::size_t n : sizes) {
      place.push_back((static_cast<double>(index % n) + 0.5) / static_cast<double>(n));
      index /= n;
    }
    return place;
  }
};

}  // namespace tend
