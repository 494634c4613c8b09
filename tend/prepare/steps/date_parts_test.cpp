#include "tend/prepare/steps/date_parts.h"

#include <gtest/gtest.h>

#include "tend/prepare/test_rows.h"

namespace tend::date_parts_test {
namespace {

using namespace test;
using Floats = std::vector<float>;

double days(const char* text) {
  double d = 0;
  EXPECT_TRUE(read_date(text, DateOrder::year_month_day, d)) << text;
  return d;
}
const std::vector<Column> columns{{.name = "t", .date = DateOrder::year_month_day}, {.name = "x"}};

TEST(DateParts, a_date_becomes_days_since_the_first_year_month_weekday_and_hour) {
  const Fitted f = fit("['date_parts']", table({{days("2024-03-05 06:00"), 7}, {days("2025-02-04 18:30"), 8}}, columns));
  EXPECT_EQ(f.train(), (Floats{0, 2024, 3, 6, 7, 336.520833f, 2025, 2, 18.5, 8}));  // both are Tuesdays: no weekday
  EXPECT_EQ(applied(f.pipeline, table({{days("2024-03-06"), 9}}, columns)), (Floats{0.75, 2024, 3, 0, 9}));
}
TEST(DateParts, missing_dates_stay_missing_and_other_columns_do_not_change) {
  const Fitted f = fit("['date_parts', 'impute']",
                       table({{days("2024-03-05"), 1}, {std::nan(""), 2}, {days("2024-03-08"), 3}}, columns));
  EXPECT_EQ(f.train(), (Floats{0, 1, 1, 1.5, 2.5, 2, 3, 4, 3}));
  EXPECT_EQ(fit("['date_parts']", table({{1, 2}, {3, 4}})).train(), (Floats{1, 2, 3, 4}));
}

}  // namespace
}  // namespace tend::date_parts_test
