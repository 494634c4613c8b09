#pragma once
#include <cstddef>
#include <vector>

#include "tend/base/random.h"
#include "tend/tune/study.h"

namespace tend {

/// One uniform place for each parameter.
std::vector<double> uniform_place(const SearchSpace& space, Random& random);
/// The point with this index, from 0, of the Halton sequence in the first primes, each digit permuted and the whole shifted by
/// numbers of the study's seed (Owen, 2017, "A randomized Halton algorithm in R").
std::vector<double> halton_place(const SearchSpace& space, std::uint64_t seed, std::size_t index);
/// Calls `draw()` until its place is new in the study; a full space, and one that is nearly full, gives a known one.
template <class Draw>
std::vector<double> new_place(const Study& study, Draw draw) {
  std::vector<double> place = draw();
  for (int tries = 0; tries < 100 && study.has(place); ++tries) place = draw();
  return place;
}
/// A place near `from`: each parameter changes with probability `share`, at least one does. One with an order moves by a normal
/// step of `reach` (a share of its range; at least one level), a choice becomes any other one.
std::vector<double> near_place(const SearchSpace& space, const std::vector<double>& from, double share, double reach,
                               Random& random);

}  // namespace tend
