#include <functional>

#include <gtest/gtest.h>

#include "tend/data/table/columns.h"

namespace tend::mixture_test {
namespace {

/// A table whose column c has 100 cells.
Dataset read(const std::function<std::string(int)>& cell) {
  std::string text = "c;y\n";
  for (int i = 0; i < 100; ++i) text += cell(i) + ";" + std::to_string(i % 2) + "\n";
  const DataSettings settings;
  return dataset_of_cells(Cells(text, settings, "t.csv"), settings, nullptr, false);
}
std::string two_digits(int v) { return (v < 10 ? "0" : "") + std::to_string(v); }
std::string hint_of(const Dataset& d) { return d.columns.at(0).hint; }

TEST(Mixture, dates_in_two_forms_are_named_with_their_numbers_and_the_first_line) {
  const Dataset d = read([](int i) {
    const std::string month = two_digits(1 + i / 28), day = two_digits(1 + i % 28);
    return i % 5 == 4 ? day + "." + month + ".2024" : "2024-" + month + "-" + day;
  });
  EXPECT_EQ(
      hint_of(d),
      "dates in two forms: 80 of 100 cells like \"2024-01-01\", 20 like \"15.01.2024\"; the first of another form is on line 6. "
      "Write all in one form, as 2024-01-31");
  ASSERT_EQ(d.notes.size(), 1u);
  EXPECT_EQ(d.notes[0].text, "t.csv: the cells of \"c\" are read as words, since they are " + hint_of(d));
  EXPECT_EQ(d.notes[0].column, "c");
}

TEST(Mixture, dates_with_the_day_first_beside_some_with_the_month_first_are_named) {
  const Dataset d = read([](int i) {
    const std::string month = two_digits(1 + i / 28), day = two_digits(1 + i % 28);
    return i % 2 ? day + "/" + month + "/2024" : month + "/" + day + "/2024";
  });
  EXPECT_NE(hint_of(d).find("dates in three forms: "), std::string::npos) << hint_of(d);  // 01/02/2024 may be either
}

TEST(Mixture, units_and_percent_signs_are_named) {
  EXPECT_EQ(
      hint_of(read([](int i) { return i % 3 ? std::to_string(i) + " kg" : std::to_string(500 + i) + " g"; })),
      "numbers in two forms: 66 of 100 cells like \"1 kg\", 34 like \"500 g\"; the first of another form is on line 2. Write "
      "all in one form and unit; --set 'data.types={\"c\"=\"number\"}' takes the others as missing");
  EXPECT_NE(hint_of(read([](int i) {
              return i % 2 ? std::to_string(i) + " %" : "0." + std::to_string(100 + i);
            })).find("50 of 100 cells like \"0.100\", 50 like \"1 %\""),
            std::string::npos);
}

TEST(Mixture, decimal_marks_are_named) {
  const auto cell = [](int i) { return std::to_string(i) + (i % 10 == 3 ? "" : i < 50 ? ".5" : ",25"); };
  EXPECT_NE(hint_of(read(cell)).find("55 of 100 cells like \"0.5\", 45 like \"50,25\""), std::string::npos)
      << hint_of(read(cell));
  EXPECT_NE(hint_of(read([](int i) { return std::to_string(i) + (i % 2 ? ".5 m2" : " sqft"); })).find("like \"0 sqft\""),
            std::string::npos);
}

TEST(Mixture, names_codes_and_columns_of_one_form_have_none) {
  EXPECT_EQ(hint_of(read([](int i) { return "name " + std::to_string(i); })), "");
  EXPECT_EQ(hint_of(read([](int i) { return std::to_string(i) + static_cast<char>('a' + i % 26); })), "");  // house numbers
  EXPECT_EQ(hint_of(read([](int i) { return std::to_string(i) + " kg"; })), "");
  EXPECT_EQ(hint_of(read([](int i) { return "2024-01-" + two_digits(1 + i % 28); })), "");
}

TEST(Mixture, cells_of_several_numbers_are_named) {
  const auto starts = [](const std::string& text, const std::function<std::string(int)>& cell) {
    const std::string hint = hint_of(read(cell));
    return hint.starts_with(text) ? "" : hint;
  };
  EXPECT_EQ(starts("times or durations, as \"0:00:10\" on line 2. ", [](int i) { return "0:" + two_digits(i % 60) + ":10"; }),
            "");
  EXPECT_EQ(starts("pairs of numbers, as ", [](int i) { return "48." + std::to_string(i) + ", 11.5"; }), "");
  EXPECT_EQ(starts("pairs of numbers, as ", [](int i) { return std::to_string(i) + "-" + std::to_string(i + 10); }), "");
  const Dataset codes = read([](int i) { return std::to_string(50000 + 37 * i) + "-" + std::to_string(1000 + 61 * i); });
  EXPECT_EQ(hint_of(codes).find("pairs of numbers"), std::string::npos) << hint_of(codes);  // codes, not ranges
  EXPECT_EQ(starts("months, as \"1990-01\" on line 2. ",
                   [](int i) { return std::to_string(1990 + i / 12) + "-" + two_digits(1 + i % 12); }),
            "");
  EXPECT_EQ(hint_of(read([](int i) { return i % 2 ? "18-25" : "26-40"; })), "");  // categories
}

TEST(DatesOfNumbers, are_pointed_out_where_all_cells_are_such_dates) {
  const auto note = [](const std::string& name, const std::function<std::string(int)>& cell) {
    std::string text = name + ";y\n";
    for (int i = 0; i < 40; ++i) text += cell(i) + ";" + std::to_string(i % 2) + "\n";
    const DataSettings settings;
    const Dataset d = dataset_of_cells(Cells(text, settings, "t.csv"), settings, nullptr, false);
    return d.notes.empty() ? "" : d.notes[0].text;
  };
  const auto digits = [](int i) { return "202401" + two_digits(1 + i % 31); };
  EXPECT_NE(note("c", digits).find("20240101 would be 1 January 2024 as a date without separators"), std::string::npos);
  const auto seconds = [](int i) { return std::to_string(1706659200 + 86400 * i); };
  EXPECT_NE(note("timestamp", seconds).find("1706659200 would be 31 January 2024 as seconds since 1970"), std::string::npos);
  EXPECT_EQ(note("views", seconds), "");
  const auto serial = [](int i) { return std::to_string(45322 + i); };
  EXPECT_NE(note("Date", serial).find("45322 would be 31 January 2024 as the serial number of a spreadsheet"), std::string::npos);
  EXPECT_EQ(note("price", serial), "");
  EXPECT_EQ(note("c", [](int i) { return std::to_string(20240101 + 37 * i); }), "");  // some are no dates
}

TEST(DatesOfNumbers, a_column_that_must_be_a_date_says_what_its_numbers_may_mean) {
  DataSettings settings;
  settings.types["c"] = "date";
  try {
    dataset_of_cells(Cells("c;y\n20240131;0\n20240201;1\n", settings, "t.csv"), settings, nullptr, false);
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("20240131 would be 31 January 2024 as a date without separators"), std::string::npos)
        << e.what();
  }
}

}  // namespace
}  // namespace tend::mixture_test
