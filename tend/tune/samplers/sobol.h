#pragma once
#include <array>
#include <cstdint>
#include <tuple>

#include "tend/tune/sampler.h"
#include "tend/tune/sampling.h"

namespace tend {

/// Sobol: the Sobol' sequence with the direction numbers of Joe and Kuo (2008, "Constructing Sobol sequences with better
/// two-dimensional projections", new-joe-kuo-6), in Gray code order, each dimension shifted by random digits of the study's seed.
/// Dimensions beyond the 21st are independent values.
struct Sobol {
  static constexpr std::string_view about = "Values that fill the space evenly, by a shifted Sobol' sequence.";
  static constexpr auto fields = std::tuple{};

  std::vector<double> suggest(const Study& study, Random& random) const {
    auto index = static_cast<std::uint32_t>(study.trials.size());
    return new_place(study, [&] {
      std::vector<double> place = uniform_place(study.space, random);
      for (std::size_t d = 0; d < std::min(place.size(), dimensions); ++d) {
        Random digits(study.seed, purpose("sobol"), static_cast<std::uint32_t>(d));
        place[d] = static_cast<double>(point(d, index) ^ digits.word()) / 4294967296.0;
      }
      ++index;
      return place;
    });
  }

  static constexpr std::size_t dimensions = 21;
  /// The point with this index, from 0, in one dimension, as 32 binary digits.
  static std::uint32_t point(std::size_t dimension, std::uint32_t index) {
    std::array<std::uint32_t, 32> v{};
    if (dimension == 0) {
      for (std::size_t i = 0; i < 32; ++i) v[i] = 1U << (31 - i);
    } else {
      const auto& [degree, a, m] = polynomials[dimension - 1];
      for (std::size_t i = 0; i < 32; ++i) {
        if (i < degree) {
          v[i] = m[i] << (31 - i);
          continue;
        }
        v[i] = v[i - degree] ^ (v[i - degree] >> degree);
        for (std::size_t k = 1; k < degree; ++k)
          if ((a >> (degree - 1 - k)) & 1U) v[i] ^= v[i - k];
      }
    }
    std::uint32_t x = 0;
    const std::uint32_t gray = index ^ (index >> 1);
    for (std::size_t i = 0; i < 32; ++i)
      if ((gray >> i) & 1U) x ^= v[i];
    return x;
  }

 private:
  struct Polynomial {
    std::size_t degree;
    std::uint32_t a;
    std::array<std::uint32_t, 7> m;
  };
  static constexpr std::array<Polynomial, dimensions - 1> polynomials{{{1, 0, {1}},
                                                                       {2, 1, {1, 3}},
                                                                       {3, 1, {1, 3, 1}},
                                                                       {3, 2, {1, 1, 1}},
                                                                       {4, 1, {1, 1, 3, 3}},
                                                                       {4, 4, {1, 3, 5, 13}},
                                                                       {5, 2, {1, 1, 5, 5, 17}},
                                                                       {5, 4, {1, 1, 5, 5, 5}},
                                                                       {5, 7, {1, 1, 7, 11, 19}},
                                                                       {5, 11, {1, 1, 5, 1, 1}},
                                                                       {5, 13, {1, 1, 1, 3, 11}},
                                                                       {5, 14, {1, 3, 5, 5, 31}},
                                                                       {6, 1, {1, 3, 3, 9, 7, 49}},
                                                                       {6, 13, {1, 1, 1, 15, 21, 21}},
                                                                       {6, 16, {1, 3, 1, 13, 27, 49}},
                                                                       {6, 19, {1, 1, 1, 15, 7, 5}},
                                                                       {6, 22, {1, 3, 1, 15, 13, 25}},
                                                                       {6, 25, {1, 1, 5, 5, 19, 61}},
                                                                       {7, 1, {1, 3, 7, 11, 23, 15, 103}},
                                                                       {7, 4, {1, 3, 7, 13, 13, 15, 69}}}};
};

}  // namespace tend
