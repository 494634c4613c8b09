#include "tend/data/adapt.h"

#include <cstring>

#include <gtest/gtest.h>

#include "tend/data/test_files.h"

namespace tend::adapt_test {
namespace {

/// Words with rare values and two spellings, a number with words between, an identifier, a gap.
std::string people(int rows, const std::string& first_target = "yes") {
  std::string text = "id,town,size,mark,colour,label\n";
  for (int i = 0; i < rows; ++i)
    text += std::to_string(i) + "," +
            (i % 50 == 3  ? "hamlet " + std::to_string(i)
             : i % 9 == 0 ? "ULM"
             : i % 2      ? "Ulm"
                          : "Bonn") +
            "," + (i % 40 == 5 ? "?" : std::to_string(i % 7)) + "," +
            (i % 60 == 7 ? "n/a" : std::to_string(i * 37 % 100) + ".5") + "," +
            (i % 3    ? "red"
             : i % 30 ? "other"
                      : "red.") +
            "," + (i ? (i % 4 ? "yes" : "no") : first_target) + "\n";
  return text;
}

Dataset read(const std::string& folder, const DataSettings& settings) { return read_dataset("t.csv", settings, {folder, {}}); }

DataSettings with_target() {
  DataSettings settings;
  settings.target = "label";
  return settings;
}

void expect_same(const Dataset& a, const Dataset& b) {
  ASSERT_EQ(a.x.shape().text(), b.x.shape().text());
  EXPECT_EQ(std::memcmp(a.x.data(), b.x.data(), static_cast<std::size_t>(a.x.shape().count()) * sizeof(double)), 0);
  EXPECT_EQ(to_json(columns_to_value(a.columns)), to_json(columns_to_value(b.columns)));
  EXPECT_EQ(to_json(notes_to_value(a.notes)), to_json(notes_to_value(b.notes)));
}

TEST(Adapt, gives_the_table_and_the_notes_that_reading_again_gives) {
  const test::Folder folder;
  folder.write("t.csv", people(300));
  const DataSettings then = with_target();
  for (const auto& [ignored, rare] :
       {std::pair{std::vector<std::string>{"id", "mark"}, 0}, {{}, 3}, {{"size", "id"}, 12}, {{"colour"}, 200}}) {
    DataSettings now = then;
    now.ignore = ignored;
    now.rare_values = rare;
    Dataset data = read(folder.path(""), then);
    ASSERT_TRUE(adapt(data, then, now));
    expect_same(data, read(folder.path(""), now));
  }
}

TEST(Adapt, leaves_tables_to_a_second_reading_where_rows_were_left_out_or_groups_differ) {
  const test::Folder folder;
  folder.write("t.csv", people(300, ""));
  const DataSettings then = with_target();
  Dataset data = read(folder.path(""), then);
  DataSettings now = then;
  now.rare_values = 3;
  EXPECT_FALSE(adapt(data, then, now));
  now = then;
  now.group = "town";
  EXPECT_FALSE(adapt(data, then, now));
  now = then;
  now.ignore = {"id"};
  ASSERT_TRUE(adapt(data, then, now));
  expect_same(data, read(folder.path(""), now));
}

}  // namespace
}  // namespace tend::adapt_test
