#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace tend {

/// Philox 4x32-10 (Salmon, Moraes, Dror, Shaw, 2011, "Parallel random numbers: as easy as 1, 2, 3"): computes a block of four
/// 32-bit words from a counter and a key. It is header-only, because kernels compile it for their instruction set. U is a 32-bit
/// word type: std::uint32_t, or a kernel's own wrapper.
struct Philox {
  static constexpr std::uint32_t multiplier_0 = 0xD2511F53u, multiplier_1 = 0xCD9E8D57u;
  static constexpr std::uint32_t weyl_0 = 0x9E3779B9u, weyl_1 = 0xBB67AE85u;

  __attribute__((always_inline)) static constexpr void block(std::uint32_t (&c)[4], std::uint32_t k0, std::uint32_t k1) {
    for (int round = 0; round < 10; ++round) {
      const std::uint64_t a = static_cast<std::uint64_t>(multiplier_0) * c[0];
      const std::uint64_t b = static_cast<std::uint64_t>(multiplier_1) * c[2];
      const std::uint32_t c1 = c[1], c3 = c[3];
      c[0] = static_cast<std::uint32_t>(b >> 32) ^ c1 ^ k0;
      c[1] = static_cast<std::uint32_t>(b);
      c[2] = static_cast<std::uint32_t>(a >> 32) ^ c3 ^ k1;
      c[3] = static_cast<std::uint32_t>(a);
      k0 += weyl_0;
      k1 += weyl_1;
    }
  }
};

/// Returns a stable 32-bit word for the purpose of random numbers, hashed from a name ("dropout_1", "shuffle") by FNV-1a.
constexpr std::uint32_t purpose(std::string_view name) {
  std::uint32_t h = 2166136261u;
  for (char c : name) h = (h ^ static_cast<unsigned char>(c)) * 16777619u;
  return h;
}

/// A stream of numbers that is a function of (seed, purpose, a, b): the n-th numbers of two equal streams are equal on every
/// machine. The distributions are our own, so results do not depend on the standard library.
class Random {
 public:
  Random(std::uint64_t seed, std::uint32_t purpose, std::uint32_t a = 0, std::uint32_t b = 0)
      : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}, counter_{0, a, b, purpose} {}

  std::uint32_t word();
  double uniform();  ///< in [0, 1), 53 bits
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  double normal();                       ///< standard normal, by Box and Muller
  std::uint64_t below(std::uint64_t n);  ///< 0 .. n-1, without bias; n >= 1

  /// Permutes first[0 .. n-1] in place (Fisher and Yates).
  template <class T>
  void shuffle(T* first, std::size_t n) {
    for (std::size_t i = n; i > 1; --i) {
      const auto j = static_cast<std::size_t>(below(i));
      T t = first[i - 1];
      first[i - 1] = first[j];
      first[j] = t;
    }
  }

 private:
  std::uint32_t key_[2], counter_[4], words_[4] = {};
  int left_ = 0;
  double spare_ = 0;
  bool has_spare_ = false;
};

}  // namespace tend
