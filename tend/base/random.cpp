#include "tend/base/random.h"

#include <cmath>
#include <numbers>

#include "tend/base/error.h"

namespace tend {

std::uint32_t Random::word() {
  if (left_ == 0) {
    for (int i = 0; i < 4; ++i) words_[i] = counter_[i];
    Philox::block(words_, key_[0], key_[1]);
    ++counter_[0];
    left_ = 4;
  }
  return words_[4 - left_--];
}

double Random::uniform() {
  const std::uint64_t high = word() >> 5, low = word() >> 6;
  return static_cast<double>((high << 26) | low) * 0x1p-53;
}

double Random::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  const double radius = std::sqrt(-2 * std::log(1 - uniform()));  // 1 - uniform() lies in (0, 1]
  const double angle = 2 * std::numbers::pi * uniform();
  spare_ = radius * std::sin(angle);
  has_spare_ = true;
  return radius * std::cos(angle);
}

std::uint64_t Random::below(std::uint64_t n) {
  TEND_EXPECTS(n >= 1);
  // Lemire (2019): the result is the high half of word * n. Low halves below 2^bits mod n would cause bias and are drawn again.
  if (n <= 0xFFFFFFFFu) {
    const auto small = static_cast<std::uint32_t>(n);
    const std::uint32_t unfair = (0u - small) % small;
    for (;;) {
      const std::uint64_t product = static_cast<std::uint64_t>(word()) * small;
      if (static_cast<std::uint32_t>(product) >= unfair) return product >> 32;
    }
  }
  const std::uint64_t unfair = (0u - n) % n;
  for (;;) {
    const std::uint64_t high = word(), low = word();
    const auto product = static_cast<unsigned __int128>((high << 32) | low) * n;
    if (static_cast<std::uint64_t>(product) >= unfair) return static_cast<std::uint64_t>(product >> 64);
  }
}

}  // namespace tend
