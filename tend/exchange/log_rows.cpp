#include "tend/exchange/log_rows.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <unordered_map>

namespace tend {

namespace {

/// The value of the first column with this meaning in each row; in rows without it, that of the row before. Nothing where no row
/// has one, where they go back, or where epochs are parts of one.
std::optional<std::vector<double>> places_of(const std::vector<LogRow>& rows, std::string_view meaning) {
  std::map<std::string, bool> means_it;
  std::vector<double> places;
  std::optional<double> last;
  for (const LogRow& row : rows) {
    for (const auto& [name, value] : row) {
      const auto [known, is_new] = means_it.try_emplace(name, false);
      if (is_new) known->second = meaning_of(name) == meaning;
      if (!known->second || !std::isfinite(value)) continue;
      if ((last && value < *last) || (meaning == of_epochs && value != std::floor(value))) return {};
      last = value;
      break;
    }
    places.push_back(last.value_or(0));
  }
  return last ? std::optional(places) : std::nullopt;
}

}  // namespace

bool has_finite_loss(const LogRow& row) {
  return std::any_of(row.begin(), row.end(),
                     [](const auto& cell) { return std::isfinite(cell.second) && meaning_of(cell.first).ends_with("loss"); });
}

void leave_out_missing(std::vector<LogRow>& rows) {
  std::unordered_map<std::string, std::size_t> places;
  std::vector<bool> is_judged, is_place;  // by the place of a column
  const auto place_of = [&](const std::string& name) {
    const auto [known, is_new] = places.try_emplace(name, is_judged.size());
    if (is_new) {
      const std::string meaning = meaning_of(name);
      is_judged.push_back(meaning.ends_with("loss") || meaning == "gradient_norm");
      is_place.push_back(meaning == of_steps || meaning == of_epochs);
    }
    return known->second;
  };
  const auto finite_in = [&](const LogRow& row) {
    std::vector<std::size_t> finite;
    for (const auto& [name, value] : row)
      if (std::isfinite(value) && !is_place[place_of(name)]) finite.push_back(place_of(name));
    return finite;
  };
  for (const LogRow& row : rows)
    for (const auto& cell : row) place_of(cell.first);
  std::vector<std::vector<bool>> together(
      is_judged.size());  // both are finite in some row; with itself: it is finite in some row
  for (std::size_t c = 0; c < is_judged.size(); ++c)
    if (is_judged[c]) together[c].resize(is_judged.size());
  for (const LogRow& row : rows) {
    const std::vector<std::size_t> finite = finite_in(row);
    for (const std::size_t c : finite)
      if (is_judged[c])
        for (const std::size_t other : finite) together[c][other] = true;
  }
  for (LogRow& row : rows) {
    if (std::none_of(row.begin(), row.end(), [](const auto& cell) { return std::isnan(cell.second); })) continue;
    const std::vector<std::size_t> finite = finite_in(row);
    std::erase_if(row, [&](const auto& cell) {
      const std::size_t c = place_of(cell.first);
      return std::isnan(cell.second) && is_judged[c] && together[c][c] &&
             std::any_of(finite.begin(), finite.end(), [&](std::size_t other) { return !together[c][other]; });
    });
  }
}

std::vector<LogSeries> series_of(const std::vector<LogRow>& rows) {
  std::vector<double> numbers(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) numbers[i] = static_cast<double>(i + 1);
  std::string axis = "row";
  for (const std::string_view meaning : {of_epochs, of_steps})
    if (const auto places = places_of(rows, meaning)) numbers = *places, axis = meaning;
  std::vector<LogSeries> all;
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (const auto& [name, value] : rows[i]) {
      const auto [place, is_new] = places.try_emplace(name, all.size());
      if (is_new) all.push_back({.name = name, .axis = axis, .steps = {}, .values = {}});
      all[place->second].steps.push_back(numbers[i]);
      all[place->second].values.push_back(value);
    }
  return all;
}

void number_where_steps_stand(std::vector<LogSeries>& log) {
  for (LogSeries& series : log) {
    if (series.steps.size() < 2 || series.steps.front() != series.steps.back()) continue;
    for (std::size_t i = 0; i < series.steps.size(); ++i) series.steps[i] = static_cast<double>(i + 1);
    series.axis = "row";
  }
}

}  // namespace tend
