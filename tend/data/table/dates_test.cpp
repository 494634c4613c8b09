#include "tend/data/table/dates.h"

#include <gtest/gtest.h>

namespace tend::dates_test {
namespace {

constexpr DateOrder ymd = DateOrder::year_month_day, mdy = DateOrder::month_day_year, dmy = DateOrder::day_month_year;

/// The date in words; "" if it is none.
std::string read(const char* cell, DateOrder order = ymd) {
  double days = 0;
  return read_date(cell, order, days) ? text_of_date(days) : "";
}
DateFinder found(const std::vector<const char*>& cells) {
  DateFinder finder;
  for (const char* cell : cells) finder.see(cell);
  return finder;
}

TEST(Dates, are_read_in_their_usual_forms) {
  for (const char* cell :
       {"2024-03-05", "2024/3/5", "2024.03.05", "5 Mar 2024", "March 5, 2024", "05-Mar-2024", "5. March 2024", "Mar 5 24"})
    EXPECT_EQ(read(cell), "5 March 2024") << cell;
  EXPECT_EQ(read("3/5/2024", mdy), "5 March 2024");
  EXPECT_EQ(read("05.03.24", dmy), "5 March 2024");
  EXPECT_EQ(read("31/12/1999", dmy), "31 December 1999");
}
TEST(Dates, times_follow_them) {
  for (const char* cell : {"2024-03-05 14:30", "2024-03-05T14:30:00Z", "2024-03-05T14:30:00.000+02:00", "2024-03-05 2:30 PM",
                           "2024-03-05 02:30:00 pm"})
    EXPECT_EQ(read(cell), "5 March 2024 14:30") << cell;
  EXPECT_EQ(read("3/5/24 12:05 AM", mdy), "5 March 2024 0:05");
}
TEST(Dates, other_cells_are_refused) {
  for (const char* cell : {"2024-02-30", "2024-13-01", "2023-02-29", "2024-03-05 25:00", "2024-03-05x", "2024-03", "10.0.0.1",
                           "1.2.3", "555-12-3456", "12:30", "hello world now", "20240305", "2024-03-051", "Mar 2024", ""})
    for (const DateOrder order : {ymd, mdy, dmy}) EXPECT_EQ(read(cell, order), "") << cell;
}
TEST(Dates, days_count_from_1970_and_come_apart_again) {
  double days = -1;
  EXPECT_TRUE(read_date("1970-01-01", ymd, days));
  EXPECT_EQ(days, 0);
  EXPECT_TRUE(read_date("2000-03-01 06:00", ymd, days));
  EXPECT_EQ(days, 11017.25);
  const CalendarDate d = calendar_date(days);
  EXPECT_EQ(d.year, 2000);
  EXPECT_EQ(d.month, 3);
  EXPECT_EQ(d.day, 1);
  EXPECT_EQ(d.weekday, 2);  // a Wednesday
  EXPECT_EQ(d.hour, 6);
  for (std::int64_t n = -100'000; n < 100'000; n += 37) {
    const CalendarDate c = calendar_date(static_cast<double>(n));
    const std::string text = std::to_string(c.year) + "-" + std::to_string(c.month) + "-" + std::to_string(c.day);
    double again = 0;
    EXPECT_TRUE(read_date(text.c_str(), ymd, again)) << text;
    EXPECT_EQ(again, static_cast<double>(n)) << text;
  }
}
TEST(Dates, their_order_is_found_from_a_day_above_12) {
  EXPECT_EQ(found({"03/05/2024", "03/25/2024"}).found(), mdy);
  EXPECT_EQ(found({"03/05/2024", "25/03/2024"}).found(), dmy);
  EXPECT_FALSE(found({"03/05/2024", "25/03/2024"}).is_ambiguous());
  EXPECT_EQ(found({"2024-03-05", "2024-03-25"}).found(), ymd);
  EXPECT_TRUE(found({"03/05/2024", "04/06/2024"}).is_ambiguous());
  EXPECT_EQ(found({"03.05.2024", "04.06.2024"}).found(), dmy);
  EXPECT_FALSE(found({"03.05.2024", "04.06.2024"}).is_ambiguous());
}

}  // namespace
}  // namespace tend::dates_test
