#pragma once
#include <algorithm>
#include <tuple>

#include "tend/tune/sampler.h"
#include "tend/tune/sampling.h"

namespace tend {

/// CoarseToFine: the lecture's own search (Stanford CS231n 2017, lecture 6): random values over the whole space first, then
/// random values in a box about the best ones so far.
struct CoarseToFine {
  double coarse = 0.5, box = 0.5;
  static constexpr std::string_view about = "Random values over the whole space, then in a box about the best ones so far.";
  static constexpr auto fields = std::tuple{
      field_of<CoarseToFine>("coarse", &CoarseToFine::coarse, part_of_one(), "", "The share of the trials in the whole space."),
      field_of<CoarseToFine>("box", &CoarseToFine::box, part_of_one(), "", "The size of the box as a share of each range.")};

  std::vector<double> suggest(const Study& study, Random& random) const {
    const auto best = study.best_trial();
    const auto first = coarse * static_cast<double>(std::max<std::size_t>(study.whole_trials(), 10));
    if (!best || static_cast<double>(study.trials.size()) < first)
      return new_place(study, [&] { return uniform_place(study.space, random); });
    return new_place(study, [&] { return inside_box(study.space, study.trials[*best].units, random); });
  }

 private:
  std::vector<double> inside_box(const SearchSpace& space, const std::vector<double>& centre, Random& random) const {
    std::vector<double> place = centre;
    for (std::size_t i = 0; i < place.size(); ++i) {
      const SearchParameter& p = space.parameters[i];
      const std::size_t n = p.levels();
      if (p.is_choice() || (n > 0 && n <= 3)) {
        if (random.uniform() >= 0.7) place[i] = random.uniform();
      } else {
        const double half = std::max(box / 2, n > 0 ? 1 / static_cast<double>(n) : 0);
        place[i] = std::clamp(centre[i] + random.uniform(-half, half), 0.0, 1.0);
      }
    }
    return place;
  }
};

}  // namespace tend
