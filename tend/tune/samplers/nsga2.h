#pragma once
#include <algorithm>
#include <tuple>

#include "tend/tune/sampler.h"
#include "tend/tune/sampling.h"

namespace tend {

/// Nsga2: the genetic search of NSGA-II (Deb, Pratap, Agarwal, Meyarivan, 2002) for one value: the best of all trials before a
/// generation are its parents; binary tournaments, uniform crossover, and a new value for one parameter in each child on average.
struct Nsga2 {
  std::int64_t population = 50;
  double crossover = 0.9, swap = 0.5;
  static constexpr std::string_view about = "A genetic search: children of the best trials, with some new values.";
  static constexpr auto fields = std::tuple{
      field_of<Nsga2>("population", &Nsga2::population, at_least(2), "trials", "The trials of a generation, and its parents."),
      field_of<Nsga2>("crossover", &Nsga2::crossover, fraction(), "", "The share of children with two parents."),
      field_of<Nsga2>("swap", &Nsga2::swap, fraction(), "", "The share of the parameters that come from the second parent.")};

  std::vector<double> suggest(const Study& study, Random& random) const {
    const auto size = static_cast<std::size_t>(population);
    const std::size_t born = study.trials.size() / size * size;  // of earlier generations
    std::vector<std::size_t> parents;
    for (const std::size_t number : study.ranking())
      if (number < born && parents.size() < size) parents.push_back(number);
    if (parents.size() < 2) return new_place(study, [&] { return uniform_place(study.space, random); });
    return new_place(study, [&] { return child(study, parents, random); });
  }

 private:
  /// The better of two parents; `parents` are ranked.
  static const std::vector<double>& tournament(const Study& study, const std::vector<std::size_t>& parents, Random& random) {
    const std::uint64_t first = random.below(parents.size()), second = random.below(parents.size());
    return study.trials[parents[std::min(first, second)]].units;
  }

  std::vector<double> child(const Study& study, const std::vector<std::size_t>& parents, Random& random) const {
    std::vector<double> place = tournament(study, parents, random);
    if (random.uniform() < crossover) {
      const std::vector<double>& other = tournament(study, parents, random);
      for (std::size_t i = 0; i < place.size(); ++i)
        if (random.uniform() < swap) place[i] = other[i];
    }
    for (double& unit : place)
      if (random.uniform() < 1.0 / static_cast<double>(place.size())) unit = random.uniform();
    return place;
  }
};

}  // namespace tend
