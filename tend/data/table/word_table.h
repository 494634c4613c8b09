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
  static std::uint64_t hash_of(std::string_view word) {
    constexpr std::uint64_t factor = 0x9e3779b97f4a7c15u;
    std::uint64_t hash = word.size() * factor;
    while (!word.empty()) {
      std::uint64_t piece = 0;
      const std::size_t n = word.size() < 8 ? word.size() : 8;
      std::memcpy(&piece, word.data(), n);
      hash = (std::rotl(hash, 23) ^ piece) * factor;
      word.remove_prefix(n);
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
