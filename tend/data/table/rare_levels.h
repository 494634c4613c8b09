#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace tend {

/// Where the codes of a column are: one for each of `rows` rows, `stride` numbers apart.
struct CodePlaces {
  std::int64_t rows = 0, stride = 1;
};

/// What became of the levels that few rows have.
struct RareLevels {
  std::int64_t other = -1;  ///< the level that took them; -1: no level is rare
  std::string text = {};    ///< says which, for a note
};

/// Makes one level, "other", the last one, of the levels that fewer than `least` rows have; a level of that name that is not rare
/// takes them instead. Codes are NaN where a value is missing. `column`: its name.
RareLevels join_rare_levels(double* codes, CodePlaces places, std::int64_t least, const std::string& column,
                            std::vector<std::string>& levels);

}  // namespace tend
