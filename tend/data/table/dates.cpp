#include "tend/data/table/dates.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "tend/base/text.h"
#include "tend/data/table/cells.h"
#include "tend/data/target.h"

namespace tend {
namespace {

constexpr std::array<std::string_view, 12> months{"january", "february", "march",     "april",   "may",      "june",
                                                  "july",    "august",   "september", "october", "november", "december"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// The whole number at the start of the text, of at most four digits, which is removed.
bool take_number(std::string_view& text, int& value, std::size_t& digits) {
  digits = 0;
  value = 0;
  for (; digits < text.size() && is_digit(text[digits]); ++digits) {
    if (digits == 4) return false;
    value = 10 * value + (text[digits] - '0');
  }
  text.remove_prefix(digits);
  return digits > 0;
}

/// January or Jan, Sept: at least three letters.
bool take_month(std::string_view& text, int& month) {
  std::size_t n = 0;
  while (n < text.size() && is_letter(text[n])) ++n;
  const std::string word = lower_case(text.substr(0, n));
  for (std::size_t m = 0; m < months.size(); ++m)
    if (n >= 3 && months[m].starts_with(word)) {
      month = static_cast<int>(m) + 1;
      text.remove_prefix(n);
      if (text.starts_with('.')) text.remove_prefix(1);
      return true;
    }
  return false;
}

bool take_separator(std::string_view& text) {
  const std::string_view before = text;
  while (!text.empty() && (text[0] == '-' || text[0] == '/' || text[0] == '.' || text[0] == ',' || text[0] == ' '))
    text.remove_prefix(1);
  const std::size_t n = before.size() - text.size();
  return n == 1 || (n == 2 && before[1] == ' ');
}

bool is_leap(std::int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int days_of(int month, std::int64_t year) {
  constexpr int all[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : all[month - 1];
}

/// Days since 1970-01-01 of a day in the proleptic Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms").
std::int64_t days_since_1970(std::int64_t y, int m, int d) {
  y -= m <= 2;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
  const std::int64_t of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/// "14:30", "2:30:15.25 PM", "T14:30Z", "14:30+02:00"; nothing is midnight.
bool read_time(std::string_view text, double& share_of_day) {
  share_of_day = 0;
  text = stripped(text);
  if (text.empty() || text == "Z") return true;
  if (text[0] == 'T' || text[0] == 't') text.remove_prefix(1);
  int hour = 0, minute = 0;
  double second = 0;
  std::size_t digits = 0;
  if (!take_number(text, hour, digits) || digits > 2 || !text.starts_with(':')) return false;
  text.remove_prefix(1);
  if (!take_number(text, minute, digits) || digits != 2) return false;
  if (text.starts_with(':')) {
    text.remove_prefix(1);
    const auto end = std::find_if(text.begin(), text.end(), [](char c) { return !is_digit(c) && c != '.'; });
    const auto result = std::from_chars(text.data(), text.data() + (end - text.begin()), second);
    if (result.ec != std::errc() || result.ptr != text.data() + (end - text.begin())) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
  }
  text = stripped(text);
  if (const std::string half = lower_case(text.substr(0, 2)); half == "am" || half == "pm") {
    if (hour < 1 || hour > 12) return false;
    hour = hour % 12 + (half == "pm" ? 12 : 0);
    text = stripped(text.substr(2));
  }
  const bool is_zone = text.empty() || text == "Z" || text == "UTC" || text == "GMT" ||
                       ((text[0] == '+' || text[0] == '-') && text.size() <= 6 &&
                        std::all_of(text.begin() + 1, text.end(), [](char c) { return is_digit(c) || c == ':'; }));
  if (!is_zone || hour > 24 || minute > 59 || second >= 61) return false;
  share_of_day = (hour * 3600 + minute * 60 + second) / 86400;
  return share_of_day <= 1;
}

std::int64_t full_year(int year, std::size_t digits) { return digits == 2 ? year + (year < 70 ? 2000 : 1900) : year; }

}  // namespace

const char* name_of(DateOrder order) {
  return order == DateOrder::year_month_day   ? "year_month_day"
         : order == DateOrder::month_day_year ? "month_day_year"
                                              : "day_month_year";
}

bool read_date(std::string_view cell, DateOrder order, double& days) {
  if (cell.size() < 6 || cell.size() > 40) return false;
  int value[3] = {}, month = 0, month_place = -1;
  std::size_t digits[3] = {};
  for (int i = 0; i < 3; ++i) {
    if (month_place < 0 && take_month(cell, month)) month_place = i;
    else if (!take_number(cell, value[i], digits[i])) return false;
    if (i < 2 && !take_separator(cell)) return false;
  }
  if (!cell.empty() && is_digit(cell[0])) return false;
  int y = 2, m = 0, d = 1;
  if (month_place >= 0) {
    m = month_place;
    const int first = month_place == 0 ? 1 : 0, second = month_place == 2 ? 1 : 2;
    y = digits[first] == 4 ? first : second, d = y == first ? second : first;
    value[m] = month;
  } else if (digits[0] == 4) {
    y = 0, m = 1, d = 2;
    if (order != DateOrder::year_month_day) return false;
  } else {
    if (order == DateOrder::year_month_day) return false;
    if (order == DateOrder::day_month_year) d = 0, m = 1;
  }
  if ((digits[y] != 4 && digits[y] != 2) || digits[d] > 2 || digits[d] < 1) return false;
  const std::int64_t year = full_year(value[y], digits[y]);
  if (value[m] < 1 || value[m] > 12 || value[d] < 1 || value[d] > days_of(value[m], year)) return false;
  double share = 0;
  if (!read_time(cell, share)) return false;
  days = static_cast<double>(days_since_1970(year, value[m], value[d])) + share;
  return true;
}

CalendarDate calendar_date(double days) {
  const double whole = std::floor(days);
  const auto z = static_cast<std::int64_t>(whole) + 719468;
  const std::int64_t era = (z >= 0 ? z : z - 146096) / 146097, of_era = z - era * 146097;
  const std::int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const std::int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100), m = (5 * of_year + 2) / 153;
  CalendarDate p;
  p.day = static_cast<int>(of_year - (153 * m + 2) / 5 + 1);
  p.month = static_cast<int>(m < 10 ? m + 3 : m - 9);
  p.year = year_of_era + era * 400 + (p.month <= 2);
  p.weekday = static_cast<int>(((static_cast<std::int64_t>(whole) + 3) % 7 + 7) % 7);  // 1970-01-01 was a Thursday
  p.hour = (days - whole) * 24;
  return p;
}

std::string text_of_date(double days) {
  const CalendarDate d = calendar_date(days);
  std::string month(months[static_cast<std::size_t>(d.month - 1)]);
  month[0] = static_cast<char>(month[0] - ('a' - 'A'));
  std::string text = std::to_string(d.day) + " " + month + " " + std::to_string(d.year);
  const auto minutes = std::lround(d.hour * 60);
  if (minutes > 0) {
    const std::string m = std::to_string(minutes % 60);
    text += " " + std::to_string(minutes / 60) + ":" + (m.size() < 2 ? "0" : "") + m;
  }
  return text;
}

bool date_of_number(double v, NumberDate kind, double& days) {
  constexpr double first = -7305, end = 47847, seconds_of_day = 86400;  // 1950-01-01 and 2101-01-01
  if (kind == NumberDate::digits) {
    if (!(v >= 19500101 && v < 21010101) || v != std::floor(v)) return false;
    const auto n = static_cast<std::int64_t>(v), year = n / 10000;
    const int month = static_cast<int>(n / 100 % 100), day = static_cast<int>(n % 100);
    if (month < 1 || month > 12 || day < 1 || day > days_of(month, year)) return false;
    days = static_cast<double>(days_since_1970(year, month, day));
    return true;
  }
  constexpr double serial_of_1970 = 25569;
  days = kind == NumberDate::serial ? v - serial_of_1970 : v / (kind == NumberDate::seconds ? 1 : 1000) / seconds_of_day;
  // Small numbers of seconds are too usual to be dates.
  return days >= (kind == NumberDate::serial ? first : 3650) && days < end;
}

std::string possible_date(double v, NumberDate kind) {
  static constexpr const char* meanings[] = {"a date without separators", "seconds since 1970", "milliseconds since 1970",
                                             "the serial number of a spreadsheet"};
  double days = 0;
  if (!date_of_number(v, kind, days)) return "";
  return number_text(v) + " would be " + text_of_date(days) + " as " + meanings[static_cast<int>(kind)];
}

void DateFinder::see(std::string_view cell) {
  ++seen_;
  double days = 0;
  for (const DateOrder order : {DateOrder::year_month_day, DateOrder::month_day_year, DateOrder::day_month_year})
    of_order_[static_cast<int>(order)] += read_date(cell, order, days);
  points_ += cell.find('.') < 3;
}

DateOrder DateFinder::found() const {
  const auto most = std::max_element(of_order_, of_order_ + 3) - of_order_;
  if (of_order_[1] == of_order_[most] && of_order_[2] == of_order_[most] && 2 * points_ > seen_) return DateOrder::day_month_year;
  return static_cast<DateOrder>(most);
}

std::int64_t DateFinder::dates() const { return of_order_[static_cast<int>(found())]; }

bool DateFinder::is_ambiguous() const {
  return found() != DateOrder::year_month_day && of_order_[0] < dates() && of_order_[1] == of_order_[2] && 2 * points_ <= seen_;
}

}  // namespace tend
