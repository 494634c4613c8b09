#include "tend/data/table/typed_column.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_map>

#include "tend/base/text.h"
#include "tend/data/table/words.h"
#include "tend/data/target.h"

namespace tend {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double nearly_all = 0.9, half = 0.5;  // shares of numbers
constexpr std::size_t few_values = 20;          // so many different whole numbers may be classes
constexpr std::size_t shortest_code = 3;        // digits
constexpr std::int64_t probed = 64;             // cells that decide whether a column can hold numbers at all
constexpr double probed_share = 0.3;            // of numbers among them

/// Types one column.
class Typing {
 public:
  Typing(const Cells& cells, const DataSettings& settings, const ColumnRequest& request)
      : cells_(cells),
        request_(request),
        missing_(settings.missing),
        decimal_(settings.decimal[0]),
        thousands_(settings.thousands),
        name_(cells.names()[static_cast<std::size_t>(request.column)]) {
    typed_.values.resize(static_cast<std::size_t>(cells.rows()));
  }

  TypedColumn all() {
    if (request_.like && request_.like->is_category()) code_like();
    else if (are_dates()) {
    } else if (request_.type == "category" || !(are_plain_numbers() || are_numbers())) code();
    if (typed_.levels.empty()) drop_infinite();
    return std::move(typed_);
  }

 private:
  std::string_view cell(std::int64_t row) const { return stripped(cells_.at(row, request_.column)); }
  double& value(std::int64_t row) { return typed_.values[static_cast<std::size_t>(row)]; }
  void note(std::string text, std::int64_t lost = 0) {
    typed_.notes.push_back({.text = cells_.name() + ": " + std::move(text), .lost = lost, .of = cells_.rows()});
  }
  std::string column() const { return "\"" + name_ + "\""; }
  std::string line(std::int64_t row) const { return "line " + std::to_string(cells_.line(row)); }
  std::string key(const char* type) const { return "--set 'data.types={" + column() + "=\"" + type + "\"}'"; }

  bool are_plain_numbers();
  bool are_codes() const;
  bool may_be_numbers() const;
  NumberStyle found_style() const;
  [[noreturn]] void refuse_ambiguous() const;
  void read_all(const NumberStyle& style);
  bool are_numbers();
  bool decide_by_share(std::int64_t numbers);
  bool are_dates();
  void note_style();
  void drop_infinite();
  void code();
  void code_like();
  std::vector<std::size_t> merged(std::vector<std::string_view>& words, const std::vector<std::int64_t>& counts);
  void point_out_stops(const std::vector<std::string>& levels);

  const Cells& cells_;
  const ColumnRequest& request_;
  MissingWords missing_;
  char decimal_;
  const std::string& thousands_;
  const std::string& name_;
  TypedColumn typed_;
  Words others_, absent_;  // cells that are no numbers; words that mean missing in columns of numbers
};

/// The quick way, which most columns take.
bool Typing::are_plain_numbers() {
  if (request_.like && !request_.like->style.is_plain()) return false;
  const bool is_usual = missing_.is_usual();
  for (std::int64_t i = 0; i < cells_.rows(); ++i) {
    const std::string_view text = cell(i);
    double& v = value(i);
    // Most cells are numbers, so this check comes first; "nan" is treated the same by both checks.
    if (is_usual && read_number(text, v, decimal_)) continue;
    if (missing_.contains(text)) v = nan;
    else if (!read_number(text, v, decimal_)) return false;
  }
  if (request_.type == "number" || request_.like || !are_codes()) return true;
  return false;
}

/// Whole numbers of one width, some with leading zeros: 01234.
bool Typing::are_codes() const {
  std::size_t width = 0;
  bool has_zero = false;
  for (std::int64_t i = 0; i < cells_.rows(); ++i) {
    const std::string_view text = cell(i);
    if (missing_.contains(text)) continue;
    if (width == 0) width = text.size();
    if (width < shortest_code || text.size() != width || !is_all_digits(text)) return false;
    has_zero |= text[0] == '0';
  }
  return has_zero;
}

bool Typing::may_be_numbers() const {
  const std::int64_t step = std::max<std::int64_t>(1, cells_.rows() / probed);
  StyleFinder finder(decimal_, thousands_, cells_.delimiter() == ',');
  std::int64_t seen = 0, numbers = 0;
  for (std::int64_t i = 0; i < cells_.rows(); i += step) {
    const std::string_view text = cell(i);
    if (missing_.contains(text) || is_missing_number_word(text)) continue;
    ++seen;
    numbers += finder.see(text);
  }
  return seen == 0 || static_cast<double>(numbers) >= probed_share * static_cast<double>(seen);
}

/// The marks of numbers mean one of two things.
void Typing::refuse_ambiguous() const {
  std::int64_t row = 0;
  while (cell(row).find(',') == std::string_view::npos) ++row;
  throw Error(Trouble::data, cells_.name(),
              "the commas of " + column() + " may be decimal commas or stand between thousands, as in " + in_quotes(cell(row)) +
                  " on " + line(row),
              "to know which", "--set 'data.decimal=\",\"' or --set 'data.thousands=\",\"'");
}

NumberStyle Typing::found_style() const {
  StyleFinder finder(decimal_, thousands_, cells_.delimiter() == ',');
  for (std::int64_t i = 0; i < cells_.rows(); ++i)
    if (const std::string_view text = cell(i); !missing_.contains(text)) finder.see(text);
  if (finder.is_ambiguous() && request_.type.empty()) refuse_ambiguous();
  return finder.found();
}

void Typing::read_all(const NumberStyle& style) {
  for (std::int64_t i = 0; i < cells_.rows(); ++i) {
    const std::string_view text = cell(i);
    double& v = value(i);
    if (!missing_.contains(text) && style.read(text, v)) continue;
    v = nan;
    if (missing_.contains(text)) continue;
    (is_missing_number_word(text) && !missing_.removes(text) ? absent_ : others_).add(text, i);
  }
}

bool Typing::are_numbers() {
  const bool must_be = request_.type == "number" || request_.like;
  if (!must_be && !request_.has_numbers && (!may_be_numbers() || are_codes())) {
    if (are_codes())
      note("the cells of " + column() + " are read as words because of their leading zeros, as in " + in_quotes(cell(0)) + "; " +
           key("number") + " reads numbers");
    return false;
  }
  typed_.style = request_.like && !request_.like->style.is_plain() ? request_.like->style : found_style();
  read_all(typed_.style);
  const std::int64_t numbers = std::count_if(typed_.values.begin(), typed_.values.end(), [](double v) { return !std::isnan(v); });
  if (numbers == 0 && !must_be && (others_.total > 0 || absent_.total > 0)) return false;
  if (others_.total > 0 && !decide_by_share(numbers)) {
    typed_.style = {};
    return false;
  }
  note_style();
  if (absent_.total > 0)
    note(counted(absent_.total, "cell") + " of " + column() + (absent_.total == 1 ? " is" : " are") +
         " taken as missing: " + absent_.text() + "; the first is on " + line(absent_.first_row));
  return true;
}

/// Are the cells numbers, although some are not? Says so, or throws.
bool Typing::decide_by_share(std::int64_t numbers) {
  const std::int64_t all = numbers + others_.total;
  const double share = static_cast<double>(numbers) / static_cast<double>(all);
  const std::string seen = std::to_string(numbers) + " of " + counted(all, "cell") + " of " + column() +
                           " are numbers; the first other one is " + in_quotes(others_.first) + ", " + line(others_.first_row);
  std::vector<double> distinct = typed_.values;
  distinct.erase(std::remove_if(distinct.begin(), distinct.end(), [](double v) { return std::isnan(v); }), distinct.end());
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  const bool has_few = distinct.size() <= few_values &&
                       std::all_of(distinct.begin(), distinct.end(), [](double v) { return v == std::nearbyint(v); });
  if (request_.type == "number" || (request_.like && share >= half)) {
    note(seen + "; " + (others_.total == 1 ? "that one is" : "these " + std::to_string(others_.total) + " are") +
             " taken as missing",
         others_.total);
    return true;
  }
  if (request_.like)
    throw Error(Trouble::data, cells_.name(), seen, "numbers, as in the training data", "is this the right column?");
  if (request_.is_target) {
    if (!request_.has_numbers && (request_.has_classes || has_few || share < half)) {
      if (share >= half) note(seen + "; each value is a class");
      return false;
    }
    throw Error(Trouble::data, cells_.name(), seen + ", in the target",
                request_.has_numbers ? "numbers, as data.task says" : "only numbers, or only classes",
                "correct the file, or " + key("number") + " leaves out " + counted(others_.total, "row") + "; " +
                    key("category") + " makes each value a class (" + std::to_string(distinct.size() + others_.counts.size()) +
                    " classes)");
  }
  const bool has_word = others_.most_frequent() >= std::max<std::int64_t>(2, all / 100);
  if (share < nearly_all || (has_few && has_word)) {
    if (share >= half && !has_few)
      note(seen + "; the column is read as words. " + key("number") + " takes the others as missing");
    return false;
  }
  note(seen + "; " + (others_.total == 1 ? "that one is" : "these " + std::to_string(others_.total) + " are") +
           " taken as missing. " + key("category") + " reads words",
       others_.total);
  return true;
}

/// Are the cells of an input dates? Others are then missing.
bool Typing::are_dates() {
  const bool is_given = request_.type.starts_with("date"), is_like = request_.like && request_.like->date;
  if (!is_given && !is_like && (request_.is_target || request_.like || !request_.type.empty())) return false;
  DateFinder finder;
  const std::int64_t step = std::max<std::int64_t>(1, cells_.rows() / probed);
  for (const std::int64_t by : {step, std::int64_t{1}}) {  // a few cells first
    if (is_like || (by == 1 && step == 1 && finder.seen() > 0)) break;
    finder = {};
    for (std::int64_t i = 0; i < cells_.rows(); i += by)
      if (const std::string_view text = cell(i); !missing_.contains(text) && !is_missing_number_word(text)) finder.see(text);
    const bool are = finder.seen() > 0 && static_cast<double>(finder.dates()) >= nearly_all * static_cast<double>(finder.seen());
    if (!is_given && !are) return false;
  }
  typed_.date = is_like ? *request_.like->date : request_.type == "date_day_first" ? DateOrder::day_month_year : finder.found();
  std::int64_t first = -1;
  for (std::int64_t i = 0; i < cells_.rows(); ++i) {
    const std::string_view text = cell(i);
    if (!missing_.contains(text) && read_date(text, *typed_.date, value(i))) {
      if (first < 0) first = i;
      continue;
    }
    value(i) = nan;
    if (!missing_.contains(text)) (is_missing_number_word(text) ? absent_ : others_).add(text, i);
  }
  if (first >= 0 && !request_.like)
    note("the cells of " + column() + " are read as dates, " + text_of_date(value(first)) + " for " + in_quotes(cell(first)) +
         (finder.is_ambiguous() && !is_given ? "; --set 'data.types={" + column() + "=\"date_day_first\"}' takes the day first"
                                             : ""));
  if (others_.total > 0)
    note(counted(others_.total, "cell") + " of " + column() + (others_.total == 1 ? " is no date and" : " are no dates and") +
             " taken as missing: " + others_.text() + "; the first is on " + line(others_.first_row),
         others_.total);
  return true;
}

void Typing::note_style() {
  if (typed_.style == NumberStyle{.decimal = decimal_} || (request_.like && request_.like->style == typed_.style)) return;
  for (std::int64_t i = 0; i < cells_.rows(); ++i) {
    const std::string_view text = cell(i);
    double plain = 0;
    if (missing_.contains(text) || std::isnan(value(i)) || read_number(text, plain, decimal_)) continue;
    note("the cells of " + column() + " are read as numbers: " + in_quotes(text) + " (" + line(i) + ") is " +
         number_text(value(i)));
    return;
  }
}

void Typing::drop_infinite() {
  std::int64_t count = 0, first = -1;
  for (std::int64_t i = 0; i < cells_.rows(); ++i) {
    if (!std::isinf(value(i))) continue;
    if (count++ == 0) first = i;
    value(i) = nan;
  }
  if (count > 0)
    note(counted(count, "cell") + " of " + column() + (count == 1 ? " is" : " are") +
             " infinite and taken as missing; the first is " + in_quotes(cell(first)) + ", " + line(first),
         count);
}

/// For each word the place of the spelling that stands for it: the most frequent of those that differ only in case or blanks.
std::vector<std::size_t> Typing::merged(std::vector<std::string_view>& words, const std::vector<std::int64_t>& counts) {
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
  note("values of " + column() + " that differ only in case or blanks are the same value: " + said + " (" +
       counted(changed, "cell") + "); " + key("category") + " keeps them apart");
  return stands_for;
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
  std::unordered_map<std::string_view, std::size_t> seen;
  std::vector<std::string_view> words;
  std::vector<std::int64_t> counts;
  for (std::int64_t i = 0; i < cells_.rows(); ++i) {
    const std::string_view text = cell(i);
    value(i) = nan;
    if (missing_.contains(text)) continue;
    const auto [place, is_new] = seen.try_emplace(text, words.size());
    if (is_new) words.push_back(text), counts.push_back(0);
    ++counts[place->second];
    value(i) = static_cast<double>(place->second);
  }
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
}

void Typing::code_like() {
  typed_.levels = request_.like->levels;
  std::unordered_map<std::string_view, double> codes;
  std::unordered_map<std::string, double> by_folded;  // NaN: two levels differ only in case or blanks
  for (std::size_t i = 0; i < typed_.levels.size(); ++i) {
    codes.emplace(typed_.levels[i], static_cast<double>(i));
    const auto [place, is_new] = by_folded.try_emplace(folded(typed_.levels[i]), static_cast<double>(i));
    if (!is_new) place->second = nan;
  }
  Words unknown, respelt;
  for (std::int64_t i = 0; i < cells_.rows(); ++i) {
    const std::string_view text = cell(i);
    double& v = value(i);
    v = nan;
    if (missing_.contains(text)) continue;
    if (const auto place = codes.find(text); place != codes.end()) {
      v = place->second;
      continue;
    }
    const auto place = by_folded.find(folded(text));
    if (place != by_folded.end() && request_.type != "category") v = place->second;
    (std::isnan(v) ? unknown : respelt).add(text, i);
  }
  if (respelt.total > 0)
    note(counted(respelt.total, "value") + " of " + column() +
         " differ only in case or blanks from those of the training data and count as them: " + respelt.text());
  if (unknown.total == 0) return;
  std::string stop;
  for (const auto& [word, count] : unknown.counts) {
    const std::string other = word.ends_with('.') ? word.substr(0, word.size() - 1) : word + ".";
    if (stop.empty() && codes.contains(other))
      stop = ". " + in_quotes(word) + " differs from " + in_quotes(other) + " only by a full stop";
  }
  note(counted(unknown.total, "value") + " of " + column() + (unknown.total == 1 ? " does" : " do") +
           " not occur in the training data and " + (unknown.total == 1 ? "counts" : "count") + " as missing: " + unknown.text() +
           "; the first is on " + line(unknown.first_row) + stop,
       unknown.total);
}

}  // namespace

TypedColumn type_column(const Cells& cells, const DataSettings& settings, const ColumnRequest& request) {
  return Typing(cells, settings, request).all();
}

}  // namespace tend
