#include "tend/data/table/number_style.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "tend/base/text.h"
#include "tend/data/table/cells.h"

namespace tend {
namespace {

constexpr std::size_t longest_unit = 12;  // bytes
constexpr std::size_t most_units = 8;     // different ones that are counted in a column

constexpr std::array<std::string_view, 22> currencies{
    "US$", "R$",  "$",   "\xe2\x82\xac", "\xc2\xa3", "\xc2\xa5", "\xe2\x82\xb9", "USD", "EUR", "GBP", "JPY",
    "CHF", "CNY", "INR", "AUD",          "CAD",      "SEK",      "NOK",          "DKK", "PLN", "Rs.", "Rs"};

/// Blanks that group digits: a blank, a no-break blank, a narrow one, a thin one.
constexpr std::array<std::string_view, 4> blanks{" ", "\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x89"};
constexpr std::array<std::string_view, 2> quotes{"'", "\xe2\x80\x99"};

template <class All>
std::size_t length_at_start(std::string_view text, const All& all) {
  for (const std::string_view one : all)
    if (text.starts_with(one)) return one.size();
  return 0;
}

/// A cell in its parts: sign and parentheses, currency, digits with their marks and exponent, unit.
struct WrittenNumber {
  std::string_view before, digits, after;
  bool is_negative = false;
};

bool take_sign(std::string_view& text, bool& is_negative) {
  constexpr std::string_view minus = "\xe2\x88\x92";
  std::size_t length = 0;
  if (text.starts_with('-') || text.starts_with('+')) length = 1;
  else if (text.starts_with(minus)) length = minus.size();
  if (length == 0) return false;
  is_negative = !text.starts_with('+');
  text = stripped(text.substr(length));
  return true;
}

/// Returns the length of the digits with their marks at the start of the text. A blank or a quote belongs to them between digits.
std::size_t digits_length(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    const std::size_t grouping = std::max(length_at_start(text.substr(i), blanks), length_at_start(text.substr(i), quotes));
    const bool is_between = i > 0 && is_digit(text[i - 1]) && i + grouping < text.size() && is_digit(text[i + grouping]);
    if (is_digit(text[i]) || text[i] == '.' || text[i] == ',') ++i;
    else if (grouping > 0 && is_between) i += grouping;
    else break;
  }
  if (i > 0 && i + 1 < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    std::size_t end = i + 1 + (text[i + 1] == '-' || text[i + 1] == '+');
    const std::size_t first = end;
    while (end < text.size() && is_digit(text[end])) ++end;
    if (end > first) i = end;
  }
  return i;
}

/// Letters, or a length with a power: m2.
bool is_unit(std::string_view text) {
  constexpr std::array<std::string_view, 9> lengths{"m", "km", "cm", "mm", "dm", "ft", "in", "yd", "mi"};
  if (text.size() > 1 && (text.back() == '2' || text.back() == '3') &&
      std::find(lengths.begin(), lengths.end(), text.substr(0, text.size() - 1)) != lengths.end())
    return true;
  return text.size() <= longest_unit && std::none_of(text.begin(), text.end(), is_digit);
}

std::optional<WrittenNumber> taken_apart(std::string_view cell) {
  WrittenNumber n;
  const bool has_parentheses = cell.size() > 2 && cell.front() == '(' && cell.back() == ')';
  if (has_parentheses) cell = stripped(cell.substr(1, cell.size() - 2));
  bool has_sign = take_sign(cell, n.is_negative);
  if (const std::size_t length = length_at_start(cell, currencies)) {
    n.before = cell.substr(0, length);
    cell = stripped(cell.substr(length));
    if (!has_sign) has_sign = take_sign(cell, n.is_negative);
  }
  if (has_parentheses && has_sign) return std::nullopt;
  n.is_negative |= has_parentheses;
  const std::size_t length = digits_length(cell);
  n.digits = cell.substr(0, length);
  if (std::none_of(n.digits.begin(), n.digits.end(), is_digit)) return std::nullopt;
  n.after = stripped(cell.substr(length));
  if (!is_unit(n.after)) return std::nullopt;
  return n;
}

/// Removes the grouping marks; returns false unless the groups have three digits each, or two before the last.
bool without_groups(std::string_view whole, std::string_view mark, std::string& out) {
  std::vector<std::string_view> groups;
  for (;;) {
    std::size_t at = whole.npos, length = 0;
    const auto look = [&](std::string_view one) {
      if (const std::size_t found = whole.find(one); found < at) at = found, length = one.size();
    };
    if (mark == " ") std::for_each(blanks.begin(), blanks.end(), look);
    else if (mark == "'") std::for_each(quotes.begin(), quotes.end(), look);
    else look(mark);
    groups.push_back(whole.substr(0, at));
    if (at == whole.npos) break;
    whole.remove_prefix(at + length);
  }
  for (std::size_t i = 0; groups.size() > 1 && i < groups.size(); ++i) {
    const std::size_t n = groups[i].size();
    if (i == 0 && groups[i].starts_with('0')) return false;  // 0.695 has no thousands
    if (i == 0 ? n < 1 || n > 3 : i + 1 == groups.size() ? n != 3 : n != 2 && n != 3) return false;
  }
  for (const std::string_view group : groups) out += group;
  return true;
}

}  // namespace

bool NumberStyle::read(std::string_view cell, double& out) const {
  if (after != "%" && read_number(cell, out, decimal)) return true;
  const std::optional<WrittenNumber> n = taken_apart(cell);
  if (!n || (!n->before.empty() && n->before != before) || (!n->after.empty() && n->after != after)) return false;
  std::string digits;
  const std::size_t mark = n->digits.find(decimal);
  const std::string_view whole = n->digits.substr(0, std::min(mark, n->digits.find_first_of("eE")));
  if (thousands.empty()) digits = whole;
  else if (!without_groups(whole, thousands, digits)) return false;
  const std::string_view rest = n->digits.substr(whole.size());
  digits += rest;
  if (!read_number(digits, out, decimal)) return false;
  if (n->is_negative) out = -out;
  return after != "%" || !n->after.empty() || out == 0;
}

void StyleFinder::vote(std::string_view digits) {
  const std::size_t exponent = digits.find_first_of("eE");
  digits = digits.substr(0, exponent);
  const auto points = std::count(digits.begin(), digits.end(), '.'), commas = std::count(digits.begin(), digits.end(), ',');
  const std::size_t point = digits.rfind('.'), comma = digits.rfind(',');
  const bool has_blank = std::any_of(blanks.begin(), blanks.end(), [&](auto b) { return digits.find(b) != digits.npos; });
  const bool has_quote = std::any_of(quotes.begin(), quotes.end(), [&](auto q) { return digits.find(q) != digits.npos; });
  grouping_blanks_ += has_blank;
  grouping_quotes_ += has_quote;
  whole_ += points + commas == 0;
  if (points && commas) {
    if (point > comma) ++grouping_commas_, ++decimal_points_;
    else ++grouping_points_, ++decimal_commas_;
    return;
  }
  const auto three_after = [&](std::size_t at) {
    return digits.size() - at == 4 && at >= 1 && at <= 3 && digits[0] != '0' && exponent == digits.npos;
  };
  if (commas > 1) ++grouping_commas_;
  else if (commas == 1) ++(three_after(comma) && !has_blank && !has_quote ? ambiguous_commas_ : decimal_commas_);
  if (points > 1) ++grouping_points_;
  else if (points == 1) ++(three_after(point) && !has_blank && !has_quote ? ambiguous_points_ : decimal_points_);
}

bool StyleFinder::see(std::string_view cell) {
  const std::optional<WrittenNumber> n = taken_apart(cell);
  if (!n) return false;
  ++numbers_;
  vote(n->digits);
  const auto same = std::find_if(units_.begin(), units_.end(),
                                 [&](const Unit& u) { return u.before == n->before && u.after == n->after; });
  if (same != units_.end()) ++same->count;
  else if (units_.size() < most_units) units_.push_back({std::string(n->before), std::string(n->after), 1});
  return true;
}

NumberStyle StyleFinder::found() const {
  NumberStyle style;
  style.decimal = decimal_;
  const auto most = std::max_element(units_.begin(), units_.end(),
                                     [](const Unit& a, const Unit& b) { return a.count < b.count; });
  if (most != units_.end() && 2 * most->count > numbers_) style.before = most->before, style.after = most->after;
  if (grouping_blanks_ > 0) style.thousands = " ";
  else if (grouping_quotes_ > 0) style.thousands = "'";
  if (!thousands_.empty()) {
    style.thousands = thousands_;
    if (thousands_ == ".") style.decimal = ',';
    return style;
  }
  // Which of the two marks is the decimal one? A mark before exactly three digits may be either.
  const std::int64_t for_comma = decimal_commas_ + grouping_points_, for_point = decimal_points_ + grouping_commas_;
  if (decimal_ == ',' || for_comma > for_point) {
    style.decimal = ',';
    // Points that are decimal ones in other cells cannot group digits: such cells are then no numbers of this column.
    if (style.thousands.empty() && (grouping_points_ > 0 || (ambiguous_points_ > 0 && for_point == 0))) style.thousands = ".";
    return style;
  }
  const bool commas_group = grouping_commas_ > 0 ||
                            (ambiguous_commas_ > 0 && (for_point > 0 || whole_ > 0 || is_comma_delimited_));
  if (style.thousands.empty() && commas_group) style.thousands = ",";
  return style;
}

char StyleFinder::ambiguous_mark() const {
  if (decimal_ != '.' || !thousands_.empty()) return 0;
  if (2 * ambiguous_commas_ > numbers_ && decimal_commas_ + grouping_points_ + decimal_points_ + grouping_commas_ + whole_ == 0 &&
      !is_comma_delimited_)
    return ',';
  // A few decimal commas beside "1.120" in most cells: these may be 1120, or the commas may be the mistake.
  return 2 * ambiguous_points_ > numbers_ && decimal_commas_ > 0 && grouping_points_ + decimal_points_ + grouping_commas_ == 0
             ? '.'
             : '\0';
}

std::optional<NumberUnit> unit_of_number(std::string_view cell) {
  const std::optional<WrittenNumber> n = taken_apart(cell);
  if (!n) return std::nullopt;
  const std::string_view digits = n->digits.substr(0, n->digits.find_first_of("eE"));
  const std::size_t mark = digits.find_last_of(".,");
  const bool is_other = mark != digits.npos && digits.find(digits[mark] == '.' ? ',' : '.') < mark;
  const bool may_group = mark != digits.npos && !is_other &&
                         ((digits.size() - mark == 4 && digits[0] != '0') || digits.find(digits[mark]) < mark);
  return NumberUnit{.before = std::string(n->before),
                    .after = std::string(n->after),
                    .mark = mark == digits.npos || may_group ? '\0' : digits[mark]};
}

bool is_missing_number_word(std::string_view cell) {
  static constexpr std::array<std::string_view, 25> words{
      "n/a", "#n/a", "n.a.",    "n.a",     "-",     "--",     "---",    ".",     "..",      "none",   "nil",     "missing", "\\n",
      "#na", "<na>", "#value!", "#div/0!", "#ref!", "#name?", "#null!", "#num!", "unknown", "(null)", "(blank)", "nd"};
  return std::find(words.begin(), words.end(), lower_case(cell)) != words.end();
}

}  // namespace tend
