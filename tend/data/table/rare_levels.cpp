#include "tend/data/table/rare_levels.h"

#include <algorithm>
#include <cmath>

#include "tend/data/table/words.h"

namespace tend {

RareLevels join_rare_levels(double* codes, CodePlaces places, std::int64_t least, const std::string& column,
                            std::vector<std::string>& levels) {
  if (least < 1 || levels.empty()) return {};
  std::vector<std::int64_t> rows(levels.size());
  for (std::int64_t r = 0; r < places.rows; ++r)
    if (const double code = codes[r * places.stride]; !std::isnan(code)) ++rows[static_cast<std::size_t>(code)];
  const std::int64_t rare = std::count_if(rows.begin(), rows.end(), [&](std::int64_t n) { return n < least; });
  if (rare == 0) return {};
  std::vector<std::string> kept;
  std::vector<std::int64_t> now(levels.size(), -1);
  for (std::size_t k = 0; k < levels.size(); ++k)
    if (rows[k] >= least) {
      now[k] = static_cast<std::int64_t>(kept.size());
      kept.push_back(levels[k]);
    }
  RareLevels joined{.other = std::find(kept.begin(), kept.end(), "other") - kept.begin()};
  if (joined.other == static_cast<std::int64_t>(kept.size())) kept.emplace_back("other");
  Words words;
  for (std::int64_t r = 0; r < places.rows; ++r) {
    double& code = codes[r * places.stride];
    if (std::isnan(code)) continue;
    const auto level = static_cast<std::size_t>(code);
    if (now[level] < 0) words.add(levels[level], r);
    code = static_cast<double>(now[level] < 0 ? joined.other : now[level]);
  }
  levels = std::move(kept);
  joined.text = counted(rare, "value") + " of " + in_quotes(column) + " with fewer than " + counted(least, "row") +
                (rare == 1 ? " is" : " are") + " read as \"other\" (" + counted(words.total, "cell") + "): " + words.text();
  return joined;
}

}  // namespace tend
