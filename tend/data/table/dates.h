#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace tend {

/// The order of day, month and year in a date of three numbers.
enum class DateOrder { year_month_day, month_day_year, day_month_year };
const char* name_of(DateOrder order);

/// Reads a date with or without a time as days since 1970-01-01, the time as a fraction of the day: 2024-03-05, 2024/3/5 14:30,
/// 2024-03-05T14:30:00.5Z, 05.03.2024, 3/5/24 2:30 PM, 5 Mar 2024, March 5, 2024. A time zone is not applied. Years of two digits
/// are 1970 to 2069. Returns false for any other text. Requires a stripped cell.
bool read_date(std::string_view cell, DateOrder order, double& days);

/// What numbers may mean that stand for dates.
enum class NumberDate { digits, seconds, milliseconds, serial };
/// The date as days since 1970-01-01: 20240131, seconds or milliseconds since 1970, or the serial number of a spreadsheet, of the
/// years 1950 to 2100. Returns false for other numbers.
bool date_of_number(double v, NumberDate kind, double& days);
/// "45322 would be 31 January 2024 as the serial number of a spreadsheet"; "" if the number is no such date.
std::string possible_date(double v, NumberDate kind);

/// What a date is made of.
struct CalendarDate {
  std::int64_t year = 0;
  int month = 1, day = 1;  ///< from 1
  int weekday = 0;         ///< 0: Monday
  double hour = 0;         ///< 0 up to 24
};
CalendarDate calendar_date(double days);

/// "5 March 2024 14:30", without the time at midnight.
std::string text_of_date(double days);

/// Finds the order in which most cells of a column are dates.
class DateFinder {
 public:
  void see(std::string_view cell);
  DateOrder found() const;
  std::int64_t dates() const;  ///< cells that are dates in that order
  bool is_ambiguous() const;   ///< they are so in two orders, as when no day is above 12
  std::int64_t seen() const { return seen_; }

 private:
  std::int64_t seen_ = 0, of_order_[3] = {};
  std::int64_t points_ = 0;  // day.month.year is usual with points
};

}  // namespace tend
