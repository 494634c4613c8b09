#pragma once
#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tend/base/text.h"

namespace tend {

/// A cell in a message; long ones are cut.
inline std::string in_quotes(std::string_view cell) { return "\"" + std::string(start_of(cell, 60)) + "\""; }

inline bool is_all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

/// Is it a whole number that is written with decimals: 4.0?
inline bool has_zero_decimals(std::string_view word) {
  const std::size_t point = word.find('.');
  return point != word.npos && is_all_digits(word.substr(0, point)) && point + 1 < word.size() &&
         word.find_first_not_of('0', point + 1) == word.npos;
}

/// In lower case, with single blanks; 4.0 is 4.
inline std::string folded(std::string_view word) {
  if (has_zero_decimals(word)) word = word.substr(0, word.find('.'));
  std::string out;
  for (const char c : lower_case(word))
    if (c != ' ' || (!out.empty() && out.back() != ' ')) out += c;
  return out;
}

/// Words with the number of cells that hold them, and the first place.
struct Words {
  static constexpr std::size_t most_named = 3;
  std::map<std::string, std::int64_t, std::less<>> counts;  ///< of the first 10,000 different ones
  std::int64_t total = 0, first_row = -1;
  std::string first;

  void add(std::string_view cell, std::int64_t row) {
    if (total++ == 0) first_row = row, first = cell;
    if (const auto found = counts.find(cell); found != counts.end()) ++found->second;
    else if (counts.size() < 10'000) counts.emplace(cell, 1);
  }
  std::int64_t most_frequent() const {
    std::int64_t most = 0;
    for (const auto& [word, count] : counts) most = std::max(most, count);
    return most;
  }
  /// "n/a" (5), "-" (4) and 3 others
  std::string text() const {
    std::vector<std::pair<std::int64_t, std::string>> order;
    for (const auto& [word, count] : counts) order.emplace_back(-count, word);
    std::sort(order.begin(), order.end());
    std::string all;
    for (std::size_t i = 0; i < std::min(order.size(), most_named); ++i)
      all += (i ? ", " : "") + in_quotes(order[i].second) + " (" + std::to_string(-order[i].first) + ")";
    if (order.size() > most_named) all += " and " + counted(static_cast<std::int64_t>(order.size() - most_named), "other word");
    return all;
  }
};

}  // namespace tend
