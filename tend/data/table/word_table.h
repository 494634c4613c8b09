#pragma once
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace tend {

/// Numbers different words in the order in which they appear. The words must outlive it.
class WordTable {
 public:
  WordTable() : slots_(64) {}
  /// Returns the number of the word, which is words().size() - 1 if it is new.
  std::size_t number_of(std::string_view word) {
    const std::uint64_t hash = hash_of(word);
    for (std::size_t slot = hash & (slots_.size() - 1);; slot = (slot + 1) & (slots_.size() - 1)) {
      if (slots_[slot].number == 0) {
        slots_[slot] = {hash, words_.size() + 1};
        words_.push_back(word);
        if (2 * words_.size() > slots_.size()) grow();
        return words_.size() - 1;
      }
      if (slots_[slot].hash == hash && words_[slots_[slot].number - 1] == word) return slots_[slot].number - 1;
    }
  }
  const std::vector<std::string_view>& words() const { return words_; }

 private:
  struct Slot {
    std::uint64_t hash = 0, number = 0;  ///< number from 1; 0: free
  };
  template <class T>
  static std::uint64_t piece(const char* at) {
    T bits;
    std::memcpy(&bits, at, sizeof bits);
    return bits;
  }
  /// Mixes pieces of 8 bytes; the last one overlaps the one before it. Words of up to 8 bytes are one piece.
  static std::uint64_t hash_of(std::string_view word) {
    constexpr std::uint64_t factor = 0x9e3779b97f4a7c15u;
    const char* at = word.data();
    const std::size_t n = word.size();
    std::uint64_t hash = n * factor;
    const auto mix = [&](std::uint64_t v) { hash = (std::rotl(hash, 23) ^ v) * factor; };
    if (n >= 8) {
      for (std::size_t i = 0; i + 8 < n; i += 8) mix(piece<std::uint64_t>(at + i));
      mix(piece<std::uint64_t>(at + n - 8));
    } else if (n >= 4) {
      mix(piece<std::uint32_t>(at) << 32 | piece<std::uint32_t>(at + n - 4));
    } else {
      for (std::size_t i = 0; i < n; ++i) hash = (hash ^ static_cast<unsigned char>(at[i])) * factor;
    }
    return hash ^ (hash >> 32);
  }
  void grow() {
    std::vector<Slot> before(2 * slots_.size());
    before.swap(slots_);
    for (const Slot& old : before) {
      if (old.number == 0) continue;
      std::size_t slot = old.hash & (slots_.size() - 1);
      while (slots_[slot].number != 0) slot = (slot + 1) & (slots_.size() - 1);
      slots_[slot] = old;
    }
  }

  std::vector<Slot> slots_;
  std::vector<std::string_view> words_;
};

}  // namespace tend
