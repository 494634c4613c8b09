#include <cmath>

#include <gtest/gtest.h>

#include "tend/data/table/columns.h"

namespace tend::new_rows_test {
namespace {

using Cell = std::string;

/// A table of the columns x and y: the cell of each row, and 0.5, 1.5 ...
std::string table(const std::vector<Cell>& cells, char delimiter = ',') {
  std::string text = std::string("x") + delimiter + "y\n";
  for (std::size_t i = 0; i < cells.size(); ++i)
    text += (cells[i].find(',') != Cell::npos && delimiter == ',' ? "\"" + cells[i] + "\"" : cells[i]) + delimiter +
            std::to_string(i) + ".5\n";
  return text;
}
Dataset read(const std::string& text, const DataSettings& settings = {}, const Dataset* like = nullptr) {
  return dataset_of_cells(Cells(text, settings, "t.csv"), settings, like, like != nullptr);
}
double x(const Dataset& d, std::int64_t row) { return d.x.as<double>()[row * d.x.shape()[1]]; }
std::string notes(const Dataset& d) {
  std::string all;
  for (const DataNote& note : d.notes) all += note.text + "\n";
  return all;
}
std::string refusal(const std::string& text, const Dataset& like, const DataSettings& settings = {}) {
  try {
    read(text, settings, &like);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}
bool has(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

const Dataset plain = read(table({"27901.82", "33386.48", "950.5"}));

TEST(NewRows, numbers_in_an_unambiguous_other_form_are_read_and_noted) {
  const Dataset thousands = read(table({"27,901.82", "33,386.48", "950.5"}), {}, &plain);
  EXPECT_EQ(x(thousands, 0), 27901.82);
  EXPECT_EQ(x(thousands, 2), 950.5);
  EXPECT_TRUE(has(notes(thousands),
                  "2 cells of \"x\" are written in another form than the training data: \"27,901.82\" (line 2) "
                  "is read as 27901.82"))
      << notes(thousands);
  EXPECT_EQ(x(read(table({"$27,901.82", "$950.50"}), {}, &plain), 1), 950.5);
  EXPECT_EQ(x(read(table({"27.901,82", "950,5"}, ';'), {}, &plain), 0), 27901.82);
  const Dataset unit = read(table({"98.2 m²", "63.6 m²"}), {}, &plain);
  EXPECT_EQ(x(unit, 0), 98.2);
  EXPECT_TRUE(has(notes(unit), "no unit is applied")) << notes(unit);
  const Dataset grouped = read(table({"27,901.82", "33,386.48"}));
  EXPECT_EQ(x(read(table({"27901.82", "950.5"}), {}, &grouped), 0), 27901.82);
  const Dataset german = read(table({"27.901,82", "950,5"}, ';'));
  EXPECT_EQ(x(read(table({"27,901.82", "950.55"}), {}, &german), 1), 950.55);
}

TEST(NewRows, marks_of_the_settings_have_effect_with_any_delimiter) {
  DataSettings comma;
  comma.decimal = ",";
  for (const char delimiter : {',', ';', '\t'}) {
    const Dataset d = read(table({"27901,8", "950,125"}, delimiter), comma, &plain);
    EXPECT_EQ(x(d, 0), 27901.8) << delimiter;
    EXPECT_EQ(x(d, 1), 950.125) << delimiter;
  }
  DataSettings grouped;
  grouped.thousands = ",";
  EXPECT_EQ(x(read(table({"27,901", "33,386"}, ';'), grouped, &plain), 0), 27901);
  EXPECT_EQ(x(read(table({"27901.5", "33386.5"}, ';'), comma, &plain), 0), 27901.5);  // the other columns stay
  const std::string ambiguous = refusal(table({"27,901", "33,386"}, ';'), plain);
  EXPECT_TRUE(has(ambiguous, "\"27,901\" on line 2") && has(ambiguous, "data.thousands=\",\"")) << ambiguous;
}

TEST(NewRows, units_that_may_change_the_numbers_are_refused_with_the_first_cell) {
  const std::string percent = refusal(table({"12 %", "35 %"}), read(table({"0.12", "0.35"})));
  EXPECT_TRUE(has(percent, "2 of 2 cells of \"x\" have a percent sign, and the training data have none: 12 % may be 12 or 0.12"))
      << percent;
  EXPECT_TRUE(has(percent, "the first is \"12 %\", line 2")) << percent;
  EXPECT_TRUE(has(refusal(table({"0.12", "0.35"}), read(table({"12 %", "35 %"}))), "have no percent sign"));
  EXPECT_TRUE(has(refusal(table({"693 sqft", "70 sqft"}), read(table({"63 m²", "12 m²"}))), "have the unit \"sqft\""));
  EXPECT_TRUE(has(refusal(table({"187.2K", "12.5K"}), plain), "have the unit \"K\""));
  EXPECT_TRUE(has(refusal(table({"€12", "€35"}), read(table({"$12", "$35"}))), "are in \"€\""));
}

TEST(NewRows, words_instead_of_numbers_name_the_cell_its_line_and_the_key) {
  const std::string words = refusal(table({"red", "blue", "3"}), plain);
  EXPECT_TRUE(has(words, "the first other one is \"red\", line 2") && has(words, "data.types={\"x\"=\"number\"}")) << words;
}

TEST(NewRows, days_and_months_that_are_exchanged_are_refused) {
  const Dataset days = read(table({"23/11/2023", "25/12/2023", "01/05/2024"}));
  const std::string other = refusal(table({"11/05/2023", "12/25/2023", "05/30/2024"}), days);
  EXPECT_TRUE(has(other, "2 of 3 cells of \"x\" are no dates with the day first")) << other;
  EXPECT_TRUE(has(other, "\"12/25/2023\", line 3") && has(other, "date_month_first")) << other;
  EXPECT_EQ(refusal(table({"11/05/2023", "12/25/2023", "30/05/2024"}), days), "");  // one wrong cell
  DataSettings settings;
  settings.types["x"] = "date_month_first";
  const Dataset read_so = read(table({"11/23/2023", "12/25/2023"}), settings, &days);
  EXPECT_EQ(x(read_so, 0), x(days, 0));
}

}  // namespace
}  // namespace tend::new_rows_test
