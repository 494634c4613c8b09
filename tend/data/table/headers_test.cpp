#include <gtest/gtest.h>

#include "tend/data/table/columns.h"

namespace tend::headers_test {
namespace {

std::string refusal(const std::string& text, const DataSettings& settings) {
  try {
    dataset_of_cells(Cells(text, settings, "t.csv"), settings, nullptr, false);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}
std::string notes(const Cells& cells) {
  std::string all;
  for (const DataNote& note : cells.notes()) all += note.text + "\n";
  return all;
}
bool has(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

TEST(FirstLines, the_numbers_of_columns_are_a_header) {
  const Cells numbered("0,1,2\n0.5,1.5,2\n3,4,5\n", {}, "t.csv");
  EXPECT_TRUE(numbered.has_header());
  EXPECT_EQ(numbered.rows(), 2);
  EXPECT_TRUE(has(notes(numbered), "t.csv line 1 numbers the columns, 0, 1, 2") && has(notes(numbered), "data.header=false"));
  for (const std::string corner : {"", "Unnamed: 0"}) {
    const Cells with_index(corner + ",0,1,2\n0,0.5,1.5,2\n1,3,4,5\n", {}, "t.csv");
    EXPECT_EQ(with_index.names(), (std::vector<std::string>{"Unnamed: 0", "0", "1", "2"}));
  }
  EXPECT_FALSE(Cells("0,1\n3,4\n", {}, "t.csv").has_header());             // too few columns
  EXPECT_FALSE(Cells("0,1,2\n3,4,5\n0,1,2\n", {}, "t.csv").has_header());  // a row like others
  EXPECT_FALSE(Cells("0,1,3\n3,4,5\n", {}, "t.csv").has_header());
  DataSettings settings;
  settings.header = false;
  EXPECT_EQ(Cells("0,1,2\n3,4,5\n", settings, "t.csv").rows(), 2);
}

TEST(FirstLines, a_target_that_stands_in_a_first_line_of_numbers_names_the_key) {
  const std::string years = "2019,2020,2021,2022\n1.5,2,3,4.5\n2.5,1,7,8\n4,2,1,2\n";
  DataSettings settings;
  for (const Value& target : {Value("2022"), Value(2022)}) {
    settings.target = target;
    settings.header = Value();
    const std::string said = refusal(years, settings);
    EXPECT_TRUE(has(said, "no column \"2022\": t.csv line 1") && has(said, "--set data.header=true")) << said;
    settings.header = true;
    EXPECT_EQ(refusal(years, settings), "");
  }
}

TEST(FirstLines, the_questions_and_keys_of_a_survey_are_left_out) {
  std::string text =
      "age,Q1,Q2\n\"How old, in years?\",Do you agree?,Rate us\n\"{\"\"ImportId\"\":\"\"QID1\"\"}\","
      "\"{\"\"ImportId\"\":\"\"QID2\"\"}\",\"{\"\"ImportId\"\":\"\"QID3\"\"}\"\n";
  for (int i = 0; i < 20; ++i) text += std::to_string(20 + i) + ",yes," + std::to_string(i % 5) + "\n";
  const Cells survey(text, {}, "t.csv");
  EXPECT_EQ(survey.rows(), 20);
  EXPECT_TRUE(has(notes(survey), "t.csv line 2 and the next 1 row have no values but belong to the header")) << notes(survey);
  std::string units = "a,b,c\nm,kg,word\nfloat,float,text\n";
  for (int i = 0; i < 20; ++i) units += std::to_string(i) + ",1.5,x\n";
  EXPECT_EQ(Cells(units, {}, "t.csv").rows(), 20);
}

TEST(FirstLines, a_header_of_another_case_among_the_rows_is_a_header) {
  const Cells cells("age,Town\n1,Ulm\nAGE,TOWN\n2,Bonn\n", {}, "t.csv");
  EXPECT_EQ(cells.rows(), 2);
  EXPECT_TRUE(has(notes(cells), "1 row repeats the header and is left out; the first is t.csv line 3")) << notes(cells);
  EXPECT_EQ(Cells("a,b\nA,B\nc,d\n", {}, "t.csv").rows(), 2);  // values of one letter
}

TEST(FirstLines, the_separator_of_a_spreadsheet_is_obeyed_and_counted_as_a_line) {
  for (const std::string end : {"\n", "\r\n"}) {
    const Cells cells("sep=;" + end + "a;b,c" + end + "1;2" + end, {}, "t.csv");
    EXPECT_EQ(cells.delimiter(), ';');
    EXPECT_EQ(cells.names(), (std::vector<std::string>{"a", "b,c"}));
    EXPECT_EQ(cells.place(0), "t.csv line 3");
  }
}

}  // namespace
}  // namespace tend::headers_test
