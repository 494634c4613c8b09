#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "tend/base/text.h"
#include "tend/data/table/plain_numbers.h"
#include "tend/data/table/typing.h"
#include "tend/data/target.h"

namespace tend {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double nearly_all = 0.9, half = 0.5, certain = 0.97;  // shares of numbers
constexpr std::size_t few_values = 20;                          // so many different whole numbers may be classes
constexpr std::size_t shortest_code = 3;                        // digits
constexpr std::int64_t probed = 64;                             // cells that decide whether a column can hold numbers at all
constexpr double probed_share = 0.3;                            // of numbers among them

/// What a number may mean in a column of dates: "; 45322 would be 31 January 2024 as the serial number of a spreadsheet"; or "".
std::string number_as_date(std::string_view cell) {
  double v = 0;
  if (!read_number(cell, v)) return "";
  for (const NumberDate kind : {NumberDate::digits, NumberDate::seconds, NumberDate::milliseconds, NumberDate::serial})
    if (const std::string said = possible_date(v, kind); !said.empty()) return "; " + said;
  return "";
}

/// A word for a missing value among numbers. One that data.missing makes a value of columns of words, such as NA, is no number.
bool is_no_number(std::string_view cell, const MissingWords& missing) {
  static const MissingWords usual({});
  return missing.removes(cell) ? usual.contains(cell) : is_missing_number_word(cell);
}

/// Is it a word for a number, a number in another form, or a word for a missing one: five, 5,0, no answer?
bool stands_for_number(std::string_view word) {
  static constexpr std::array<std::string_view, 27> words{"zero",
                                                          "one",
                                                          "two",
                                                          "three",
                                                          "four",
                                                          "five",
                                                          "six",
                                                          "seven",
                                                          "eight",
                                                          "nine",
                                                          "ten",
                                                          "eleven",
                                                          "twelve",
                                                          "no answer",
                                                          "no data",
                                                          "not available",
                                                          "not applicable",
                                                          "unk",
                                                          "tbd",
                                                          "void",
                                                          "empty",
                                                          "refused",
                                                          "undefined",
                                                          "no value",
                                                          "xx",
                                                          "x",
                                                          "??"};
  return unit_of_number(word).has_value() || is_missing_number_word(word) ||
         std::find(words.begin(), words.end(), lower_case(word)) != words.end();
}

}  // namespace

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

/// Whole numbers that would be rounded identify something.
bool Typing::are_long_identifiers() {
  if (!request_.type.empty() || request_.like || request_.is_target || request_.may_be_rounded) return false;
  std::int64_t rounded = 0, first = -1, all = 0;
  for (std::int64_t i = 0; i < cells_.rows(); ++i) {
    const std::string_view text = cell(i);
    double v = 0;
    if (missing_.contains(text)) continue;
    ++all;
    if (!is_whole_number(text) || !read_number(text, v, decimal_) || std::isinf(v)) return false;
    if (is_rounded(text, v) && rounded++ == 0) first = i;
  }
  if (10 * rounded < 3 * all || rounded == 0) return false;  // single ones are codes such as 2^64 - 1
  typed_.hint = "whole numbers of more than 15 digits: an identifier";
  note("the cells of " + column() + " are read as words, since " + counted(rounded, "whole number") + " of more than 15 digits" +
       " would be rounded, as " + in_quotes(cell(first)) + " on " + line(first) + "; " + key("number") + " reads numbers");
  return true;
}

bool Typing::may_be_numbers() const {
  const std::int64_t step = std::max<std::int64_t>(1, cells_.rows() / probed);
  StyleFinder finder(decimal_, thousands_, cells_.delimiter() == ',');
  std::int64_t seen = 0, numbers = 0;
  for (std::int64_t i = 0; i < cells_.rows(); i += step) {
    const std::string_view text = cell(i);
    if (missing_.contains(text) || is_no_number(text, missing_)) continue;
    ++seen;
    numbers += finder.see(text);
  }
  return seen == 0 || static_cast<double>(numbers) >= probed_share * static_cast<double>(seen);
}

/// The marks of numbers mean one of two things.
void Typing::refuse_ambiguous(char mark) const {
  const auto first_with = [&](char c) {
    std::int64_t row = 0;
    while (cell(row).find(c) == std::string_view::npos) ++row;
    return in_quotes(cell(row)) + " on " + line(row);
  };
  if (mark == ',')
    throw Error(Trouble::data, cells_.name(),
                "the commas of " + column() + " may be decimal commas or stand between thousands, as in " + first_with(','),
                "to know which", "--set 'data.decimal=\",\"' or --set 'data.thousands=\",\"'");
  throw Error(Trouble::data, cells_.name(),
              "the points of " + column() + " may be decimal points or stand between thousands: " + first_with('.') + " beside " +
                  first_with(','),
              "to know which", "--set 'data.thousands=\".\"', or write the cells with commas as the others");
}

NumberStyle Typing::found_style() const {
  StyleFinder finder(decimal_, thousands_, cells_.delimiter() == ',');
  for (std::int64_t i = 0; i < cells_.rows(); ++i)
    if (const std::string_view text = cell(i); !missing_.contains(text)) finder.see(text);
  if (const char mark = finder.ambiguous_mark(); mark && request_.type.empty()) refuse_ambiguous(mark);
  return finder.found();
}

void Typing::read_all(const NumberStyle& style) {
  for (std::int64_t i = 0; i < cells_.rows(); ++i) {
    const std::string_view text = cell(i);
    double& v = value(i);
    if (!missing_.contains(text) && style.read(text, v)) continue;
    v = nan;
    if (missing_.contains(text)) continue;
    (is_no_number(text, missing_) ? absent_ : others_).add(text, i);
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
  typed_.style = request_.like ? style_of_new_rows() : found_style();
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
  const bool must_be_known = request_.is_target && !request_.may_be_absent;
  if (request_.type == "number" || (request_.like && !must_be_known && (share >= half || request_.may_be_absent))) {
    note(seen + "; " + (others_.total == 1 ? "that one is" : "these " + std::to_string(others_.total) + " are") +
             " taken as missing",
         others_.total);
    return true;
  }
  if (request_.like)
    throw Error(Trouble::data, cells_.name(), seen + (must_be_known ? ", in the target" : ""), "numbers, as in the training data",
                share < half ? "is this the right column? " + key("number") + " takes these cells as missing"
                             : "correct the file; " + key("number") + " leaves out " + counted(others_.total, "row"));
  if (request_.is_target) {
    const bool are_slips = share >= certain && !request_.has_classes &&
                           std::any_of(others_.counts.begin(), others_.counts.end(),
                                       [](const auto& other) { return stands_for_number(other.first); });
    if (!request_.has_numbers && !are_slips && (request_.has_classes || has_few || share < half)) {
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
    if (!has_few && (share >= half || others_.counts.size() <= Words::most_named))  // "<5" beside numbers
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
  if (request_.like ? !is_like : !is_given && (request_.is_target || !request_.type.empty())) return false;
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
  typed_.date = request_.type == "date_day_first"     ? DateOrder::day_month_year
                : request_.type == "date_month_first" ? DateOrder::month_day_year
                : is_like                             ? *request_.like->date
                                                      : finder.found();
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
  if (is_like && others_.total > 0) refuse_other_order();
  if (first < 0 && others_.total > 0)
    throw Error(Trouble::data, cells_.name(),
                "none of the " + counted(others_.total, "cell") + " of " + column() + " is a date; the first is " +
                    in_quotes(others_.first) + " on " + line(others_.first_row) + number_as_date(others_.first),
                request_.like ? "dates, as in the training data" : "dates, as data.types says",
                request_.like ? "is this the right column?" : "write them as 2024-03-31, or remove the column from data.types");
  if (others_.total > 0)
    note(counted(others_.total, "cell") + " of " + column() + (others_.total == 1 ? " is no date and" : " are no dates and") +
             " taken as missing: " + others_.text() + "; the first is on " + line(others_.first_row),
         others_.total);
  return true;
}

/// New rows with days and months exchanged: some cells are no dates in the order of the training data, but all are in the other.
void Typing::refuse_other_order() const {
  const DateOrder order = *typed_.date;
  if (order == DateOrder::year_month_day) return;
  const bool is_day_first = order == DateOrder::day_month_year;
  const DateOrder other = is_day_first ? DateOrder::month_day_year : DateOrder::day_month_year;
  std::int64_t all = 0;
  double days = 0;
  for (std::int64_t i = 0; i < cells_.rows(); ++i) {
    const std::string_view text = cell(i);
    if (missing_.contains(text) || is_missing_number_word(text)) continue;
    ++all;
    if (!read_date(text, other, days)) return;
  }
  throw Error(Trouble::data, cells_.name(),
              std::to_string(others_.total) + " of " + counted(all, "cell") + " of " + column() + " are no dates with the " +
                  (is_day_first ? "day" : "month") + " first, as the training data have, but all are with the " +
                  (is_day_first ? "month" : "day") + " first; the first is " + in_quotes(others_.first) + ", " +
                  line(others_.first_row),
              "dates in the order of the training data",
              "write them as 2024-03-31, or " + key(is_day_first ? "date_month_first" : "date_day_first") + " reads them");
}

void Typing::note_style() {
  if (request_.like) return note_other_form();
  std::string marked, otherwise;  // cells that are no plain numbers, and those that would be other ones
  for (std::int64_t i = 0; i < cells_.rows() && (marked.empty() || otherwise.empty()); ++i) {
    const std::string_view text = cell(i);
    double plain = 0;
    if (missing_.contains(text) || std::isnan(value(i))) continue;
    const bool is_plain = read_number(text, plain, decimal_);
    if (is_plain && plain == value(i)) continue;
    std::string& example = is_plain ? otherwise : marked;
    if (example.empty()) example = in_quotes(text) + " (" + line(i) + ") is " + number_text(value(i));
  }
  if (marked.empty() && otherwise.empty()) return;
  note("the cells of " + column() + " are read as numbers: " + marked + (marked.empty() || otherwise.empty() ? "" : ", ") +
       otherwise);
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

TypedColumn type_column(const Cells& cells, const DataSettings& settings, const ColumnRequest& request) {
  return Typing(cells, settings, request).all();
}

}  // namespace tend
