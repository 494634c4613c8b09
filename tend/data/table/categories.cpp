#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_map>

#include "tend/data/table/rare_levels.h"
#include "tend/data/table/typing.h"
#include "tend/data/table/word_table.h"

namespace tend {
namespace {

constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

}  // namespace

/// For each word the place of the spelling that stands for it: the most frequent of those that differ only in case, blanks or
/// zeros.
std::vector<std::size_t> Typing::merged(const std::vector<std::string_view>& words, const std::vector<std::int64_t>& counts) {
  std::vector<std::size_t> stands_for(words.size());
  std::map<std::string, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < words.size(); ++i) stands_for[i] = i, groups[folded(words[i])].push_back(i);
  if (request_.type == "category" || groups.size() == words.size()) return stands_for;
  // Upper and lower case letters of an alphabet are different.
  const bool are_letters = groups.size() > 4 && std::all_of(words.begin(), words.end(), [](auto w) { return w.size() == 1; });
  if (are_letters) return stands_for;
  std::string said;
  std::size_t number = 0;
  std::int64_t changed = 0;
  for (const auto& [key, places] : groups) {
    if (places.size() < 2) continue;
    const std::size_t best = *std::max_element(places.begin(), places.end(), [&](std::size_t a, std::size_t b) {
      return counts[a] != counts[b] ? counts[a] < counts[b] : words[a] > words[b];
    });
    std::vector<std::string> variants;
    for (const std::size_t i : places) {
      stands_for[i] = best;
      if (i != best) variants.push_back(in_quotes(words[i])), changed += counts[i];
    }
    if (number++ < Words::most_named)
      said += (said.empty() ? "" : ", ") + listed(variants, " and ", Words::most_named) + " as " + in_quotes(words[best]);
  }
  if (number > Words::most_named) said += " and " + std::to_string(number - Words::most_named) + " more";
  const bool has_decimals = std::any_of(words.begin(), words.end(), has_zero_decimals);
  note("values of " + column() + " that differ only in case" + (has_decimals ? ", blanks or zeros" : " or blanks") +
       " are the same value: " + said + " (" + counted(changed, "cell") + "); " + key("category") + " keeps them apart");
  return stands_for;
}

/// Words that mean "missing" in columns of numbers are values in a column of words.
void Typing::point_out_missing_words(const std::vector<std::string_view>& words, const std::vector<std::int64_t>& counts) {
  for (std::size_t i = 0; i < words.size(); ++i)
    if ((words[i].size() > 1 || request_.is_target) && is_missing_number_word(words[i]) && !missing_.removes(words[i]))
      note(counted(counts[i], "cell") + " of " + column() + (counts[i] == 1 ? " has" : " have") + " the value " +
           in_quotes(words[i]) + "; --set 'data.missing=[\"" + std::string(words[i]) + "\"]' reads " +
           (counts[i] == 1 ? "it" : "them") + " as missing" + (request_.is_target ? ", and leaves out these rows" : ""));
}

/// "NA" is missing, but among codes of two letters it may be one of them, such as Namibia.
void Typing::point_out_lost_code() {
  constexpr std::size_t fewest_codes = 3;
  const std::string_view code = "NA";
  const auto is_code = [](const std::string& level) {
    return level.size() == 2 && std::all_of(level.begin(), level.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  };
  if (request_.is_target || !missing_.contains(code) || typed_.levels.size() < fewest_codes ||
      !std::all_of(typed_.levels.begin(), typed_.levels.end(), is_code))
    return;
  Words lost;
  for (std::int64_t i = 0; i < cells_.rows(); ++i)
    if (cell(i) == code) lost.add(code, i);
  if (lost.total > 0)
    note(counted(lost.total, "cell") + " of " + column() + (lost.total == 1 ? " is" : " are") +
         " taken as missing: \"NA\", the first on " + line(lost.first_row) +
         "; --set 'data.missing=[\"-NA\"]' reads a value like the other codes");
}

/// Values that differ only by a full stop at their end.
void Typing::point_out_stops(const std::vector<std::string>& levels) {
  for (const std::string& level : levels)
    if (!level.empty() && level.back() != '.' && std::find(levels.begin(), levels.end(), level + ".") != levels.end()) {
      note("the values " + in_quotes(level) + " and " + in_quotes(level + ".") + " of " + column() +
           " differ only by a full stop; if they are the same, correct the file");
      return;
    }
}

/// Assigns codes by order of appearance while cells are read, then by order of the sorted levels.
void Typing::code() {
  WordTable seen;
  std::vector<std::int64_t> counts;
  for (std::int64_t i = 0; i < cells_.rows(); ++i) {
    const std::string_view text = cell(i);
    value(i) = not_known;
    if (missing_.contains(text)) continue;
    const std::size_t number = seen.number_of(text);
    if (number == counts.size()) counts.push_back(0);
    ++counts[number];
    value(i) = static_cast<double>(number);
  }
  const std::vector<std::string_view>& words = seen.words();
  if (request_.type.empty()) point_out_missing_words(words, counts);
  const std::vector<std::size_t> stands_for = merged(words, counts);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < words.size(); ++i)
    if (stands_for[i] == i) order.push_back(i);
  std::vector<double> numbers(words.size());
  bool all_numbers = true;
  for (std::size_t i = 0; i < words.size() && all_numbers; ++i)
    all_numbers = read_number(words[i], numbers[i], decimal_) && !std::isnan(numbers[i]);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return all_numbers && numbers[a] != numbers[b] ? numbers[a] < numbers[b] : words[a] < words[b];
  });
  std::vector<double> codes(words.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    codes[order[i]] = static_cast<double>(i);
    typed_.levels.emplace_back(words[order[i]]);
  }
  for (double& v : typed_.values)
    if (!std::isnan(v)) v = codes[stands_for[static_cast<std::size_t>(v)]];
  point_out_stops(typed_.levels);
  if (request_.type.empty()) point_out_lost_code();
  if (const RareLevels joined = join_rare_levels(typed_.values.data(), {.rows = cells_.rows()}, rare_values_, name_,
                                                 typed_.levels);
      joined.other >= 0) {
    typed_.other = joined.other;
    note(joined.text);
  }
}

void Typing::code_like() {
  typed_.levels = request_.like->levels;
  typed_.other = request_.like->other;
  std::unordered_map<std::string_view, double> codes;
  std::unordered_map<std::string, double> by_folded;  // NaN: two levels differ only in case, blanks or zeros
  for (std::size_t i = 0; i < typed_.levels.size(); ++i) {
    codes.emplace(typed_.levels[i], static_cast<double>(i));
    const auto [place, is_new] = by_folded.try_emplace(folded(typed_.levels[i]), static_cast<double>(i));
    if (!is_new) place->second = not_known;
  }
  Words unknown, respelt;
  for (std::int64_t i = 0; i < cells_.rows(); ++i) {
    const std::string_view text = cell(i);
    double& v = value(i);
    v = not_known;
    if (missing_.contains(text)) continue;
    if (const auto place = codes.find(text); place != codes.end()) {
      v = place->second;
      continue;
    }
    const auto place = by_folded.find(folded(text));
    if (place != by_folded.end() && request_.type != "category") v = place->second;
    const bool is_unknown = std::isnan(v);
    (is_unknown ? unknown : respelt).add(text, i);
    if (is_unknown && typed_.other >= 0) v = static_cast<double>(typed_.other);
  }
  if (respelt.total > 0)
    note(counted(respelt.total, "value") + " of " + column() +
         (respelt.total == 1
              ? std::string(" differs only in case, blanks or zeros from one of the training data and counts as it: ")
              : " differ only in case, blanks or zeros from those of the training data and count as them: ") +
         respelt.text());
  if (unknown.total == 0) return;
  std::string stop;
  for (const auto& [word, count] : unknown.counts) {
    const std::string other = word.ends_with('.') ? word.substr(0, word.size() - 1) : word + ".";
    if (stop.empty() && codes.contains(other))
      stop = ". " + in_quotes(word) + " differs from " + in_quotes(other) + " only by a full stop";
  }
  const bool is_one = unknown.total == 1, has_other = typed_.other >= 0;
  const std::string said = has_other ? (is_one ? " is" : " are") + std::string(" rare in the training data or new, and ")
                                     : (is_one ? " does" : " do") + std::string(" not occur in the training data and ");
  // Rare values belong to "other"; if most values are new, the column is another one than in training.
  constexpr double most_other = 0.2;
  const bool is_usual = has_other && static_cast<double>(unknown.total) <= most_other * static_cast<double>(cells_.rows());
  note(counted(unknown.total, "value") + " of " + column() + said + (is_one ? "counts" : "count") + " as " +
           (has_other ? in_quotes(typed_.levels[static_cast<std::size_t>(typed_.other)]) : "missing") + ": " + unknown.text() +
           "; the first is on " + line(unknown.first_row) + stop,
       is_usual ? 0 : unknown.total);
}

}  // namespace tend
