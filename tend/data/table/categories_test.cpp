#include <cmath>

#include <gtest/gtest.h>

#include "tend/data/table/columns.h"

namespace tend::categories_test {
namespace {

Dataset read(const std::string& text, const DataSettings& settings, const Dataset* like = nullptr) {
  return dataset_of_cells(Cells(text, settings, "t.csv"), settings, like, false);
}
std::string notes_of(const Dataset& d) {
  std::string all;
  for (const DataNote& note : d.notes) all += note.text + "\n";
  return all;
}

const std::string colours = "c,y\nred,0\nred,1\nblue,0\nblue,1\nteal,0\nTeal,1\nochre,0\n,1\n";

TEST(Categories, words_for_missing_numbers_are_values_of_words_and_said) {
  DataSettings settings;
  settings.rare_values = 0;
  const Dataset d = read("c,y\nred,1\nn/a,2\nblue,3\nn/a,4\n", settings);
  ASSERT_EQ(d.notes.size(), 1u);
  EXPECT_EQ(d.notes[0].text,
            "t.csv: 2 cells of \"c\" have the value \"n/a\"; --set 'data.missing=[\"n/a\"]' reads them as missing");
  EXPECT_EQ(d.columns[0].levels.size(), 3u);
  EXPECT_EQ(d.notes[0].lost, 0);
}

TEST(Categories, na_among_codes_of_two_letters_is_missing_and_said) {
  DataSettings settings;
  const std::string countries = "c,y\nGB,1\nNA,2\nDE,3\nFR,4\n";
  const std::string said = notes_of(read(countries, settings));
  EXPECT_NE(said.find("1 cell of \"c\" is taken as missing: \"NA\", the first on line 3; --set 'data.missing=[\"-NA\"]'"),
            std::string::npos)
      << said;
  settings.missing = {"-NA"};
  const Dataset d = read(countries, settings);
  EXPECT_EQ(d.columns[0].levels, (std::vector<std::string>{"DE", "FR", "GB", "NA"}));
  EXPECT_TRUE(d.notes.empty());
}

TEST(Categories, values_with_few_rows_become_other_the_last_level) {
  DataSettings s;
  s.rare_values = 3;
  const Dataset all = read(colours, s);
  EXPECT_EQ(all.columns[0].levels, std::vector<std::string>{"other"});
  s.rare_values = 2;  // the two spellings of teal are one value with two rows
  const Dataset d = read(colours, s);
  EXPECT_EQ(d.columns[0].levels, (std::vector<std::string>{"Teal", "blue", "red", "other"}));
  EXPECT_EQ(d.columns[0].other, 3);
  EXPECT_EQ(d.x.as<double>()[6], 3);
  EXPECT_TRUE(std::isnan(d.x.as<double>()[7]));  // missing is not other
  EXPECT_NE(notes_of(d).find("1 value of \"c\" with fewer than 2 rows is read as \"other\" (1 cell): \"ochre\""),
            std::string::npos)
      << notes_of(d);
}

TEST(Categories, an_existing_level_other_takes_the_rare_ones) {
  DataSettings s;
  s.rare_values = 2;
  const Dataset d = read("c,y\nother,0\nother,1\nred,0\nred,1\nochre,1\n", s);
  EXPECT_EQ(d.columns[0].levels, (std::vector<std::string>{"other", "red"}));
  EXPECT_EQ(d.columns[0].other, 0);
  EXPECT_EQ(d.x.as<double>()[4], 0);
}

TEST(Categories, new_values_of_later_data_are_other_and_counted) {
  DataSettings s;
  s.rare_values = 2;
  const Dataset known = read(colours, s);
  const Dataset d = read("c,y\npink,1\nochre,0\nred,1\n", s, &known);
  EXPECT_EQ(d.x.as<double>()[0], 3);
  EXPECT_EQ(d.x.as<double>()[1], 3);
  EXPECT_EQ(d.x.as<double>()[2], 2);
  EXPECT_NE(notes_of(d).find("2 values of \"c\" are rare in the training data or new, and count as \"other\""), std::string::npos)
      << notes_of(d);
  const std::vector<Column> saved = columns_of_value(columns_to_value(known.columns), "model");
  EXPECT_EQ(saved[0].other, 3);
  EXPECT_EQ(d.notes.back().lost, 2);  // most values of the column
  const Dataset few = read("c,y\nred,1\nred,1\nred,1\nred,0\nochre,0\nred,1\n", s, &known);
  EXPECT_EQ(few.notes.back().lost, 0);
}

TEST(Categories, the_target_and_columns_without_rare_values_stay_as_they_are) {
  DataSettings s;
  s.rare_values = 2;
  const Dataset d = read("c,y\nred,a\nred,b\nblue,c\nblue,a\n", s);
  EXPECT_EQ(d.classes, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(d.columns[0].other, -1);
}

}  // namespace
}  // namespace tend::categories_test
