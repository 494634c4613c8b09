#include "tend/data/table/json_lines.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/data/table/columns.h"
#include "tend/data/test_files.h"

namespace tend::json_lines_test {
namespace {

std::string error_of(const std::string& text) {
  try {
    csv_of_json_lines(text, "a.jsonl");
  } catch (const Error& e) {
    EXPECT_EQ(e.trouble, Trouble::data);
    return e.what();
  }
  return "";
}

TEST(JsonLines, become_a_table_whose_columns_are_the_keys) {
  EXPECT_EQ(csv_of_json_lines("{\"a\": 1, \"b\": \"x, \\\"y\\\"\"}\n\n{\"c\": true, \"a\": 2.5, \"b\": null}\n", "a.jsonl"),
            "\"a\",\"b\",\"c\"\n1,\"x, \"\"y\"\"\",\n\n2.5,,true\n");
}

TEST(JsonLines, a_row_of_one_missing_value_is_still_a_row) {
  EXPECT_EQ(csv_of_json_lines("{\"a\": 1}\n{\"a\": null}", "a.jsonl"), "\"a\"\n1\n\"\"\n");
}

TEST(JsonLines, that_are_no_objects_or_hold_lists_are_named_with_their_line) {
  EXPECT_EQ(error_of("{\"a\": 1}\n[1, 2]\n"), "a.jsonl line 2: a list of 2; wanted one JSON object with keys");
  EXPECT_EQ(
      error_of("\n{\"a\": [1]}\n"),
      "a.jsonl line 2: the key \"a\" holds a list of 1; wanted a number, a text, true, false or null; give each value a key of its own");
  EXPECT_TRUE(error_of("{\"a\": 1}\n{\"a\": \n").starts_with("a.jsonl line 2: ")) << error_of("{\"a\": 1}\n{\"a\": \n");
  EXPECT_EQ(error_of(" \n"), "a.jsonl: an empty file; wanted one JSON object on each line");
}

TEST(JsonLines, are_read_as_data_and_places_are_lines_of_the_file) {
  const test::Folder folder;
  const std::string path = folder.write(
      "a.jsonl", "{\"x\": 1, \"kind\": \"a\"}\n{\"x\": \"?\", \"kind\": \"b\"}\n{\"x\": 1e3, \"kind\": \"a\"}\n");
  DataSettings settings;
  settings.target = "kind";
  settings.decimal = ",";  // says nothing about JSON
  const Dataset data = read_dataset(path, settings, {});
  ASSERT_EQ(data.rows(), 3);
  EXPECT_EQ(data.x.as<double>()[0], 1);
  EXPECT_TRUE(std::isnan(data.x.as<double>()[1]));
  EXPECT_EQ(data.x.as<double>()[2], 1000);
  EXPECT_EQ(data.classes, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(column_names(path, settings, {}), (std::vector<std::string>{"x", "kind"}));
  const Cells cells(csv_of_json_lines("{\"x\": 1}\n\n{\"x\": 2}\n", "a.jsonl"), settings_of_json_lines({}), "a.jsonl", 1);
  EXPECT_EQ(cells.place(1), "a.jsonl line 3");
}

}  // namespace
}  // namespace tend::json_lines_test
