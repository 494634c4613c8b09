#include "tend/tune/sampling.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tend {

namespace {

std::size_t prime(std::size_t index) {
  std::size_t n = 2;
  for (std::size_t found = 0;; ++n) {
    bool is_prime = true;
    for (std::size_t d = 2; d * d <= n; ++d)
      if (n % d == 0) is_prime = false;
    if (is_prime && found++ == index) return n;
  }
}

/// The radical inverse of `index`, the digits of each place permuted at random.
double scrambled_inverse(std::size_t index, std::size_t base, Random& random) {
  double value = 0, weight = 1;
  std::vector<std::size_t> order(base);
  for (int digit = 0; weight > 1e-12 && digit < 40; ++digit) {
    std::iota(order.begin(), order.end(), std::size_t{0});
    random.shuffle(order.data(), base);
    weight /= static_cast<double>(base);
    value += weight * static_cast<double>(order[index % base]);
    index /= base;
  }
  return std::min(value, std::nextafter(1.0, 0.0));
}

double reflected(double v) {
  v = std::fabs(std::fmod(v, 2.0));
  return v > 1 ? 2 - v : v;
}

}  // namespace

std::vector<double> uniform_place(const SearchSpace& space, Random& random) {
  std::vector<double> place(space.parameters.size());
  for (double& v : place) v = random.uniform();
  return place;
}

std::vector<double> halton_place(const SearchSpace& space, std::uint64_t seed, std::size_t index) {
  std::vector<double> place(space.parameters.size());
  for (std::size_t i = 0; i < place.size(); ++i) {
    Random digits(seed, purpose("halton"), static_cast<std::uint32_t>(i));
    place[i] = scrambled_inverse(index, prime(i), digits);
  }
  return place;
}

std::vector<double> near_place(const SearchSpace& space, const std::vector<double>& from, double share, double reach,
                               Random& random) {
  std::vector<double> place = from;
  const std::size_t sure = static_cast<std::size_t>(random.below(place.size()));
  for (std::size_t i = 0; i < place.size(); ++i) {
    const SearchParameter& p = space.parameters[i];
    if (i != sure && random.uniform() >= share) continue;
    const std::size_t n = p.levels();
    if (n == 1) continue;
    if (p.is_choice()) {
      place[i] = p.middle_of((p.level_of(from[i]) + 1 + static_cast<std::size_t>(random.below(n - 1))) % n);
    } else if (n > 0) {
      const double step = reach * static_cast<double>(n) * random.normal();
      const auto by = static_cast<std::ptrdiff_t>(std::round(step + (step < 0 ? -0.5 : 0.5)));
      const auto level = static_cast<std::ptrdiff_t>(p.level_of(from[i])) + (by == 0 ? 1 : by);
      const auto last = static_cast<std::ptrdiff_t>(n) - 1;
      place[i] = p.middle_of(static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(level < 0      ? -level
                                                                                 : level > last ? 2 * last - level
                                                                                                : level,
                                                                                 0, last)));
    } else {
      place[i] = reflected(from[i] + reach * random.normal());
    }
  }
  return place;
}

}  // namespace tend
