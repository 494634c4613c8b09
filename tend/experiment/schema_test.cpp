#include "tend/experiment/schema.h"

#include <gtest/gtest.h>

#include "tend/experiment/key_tables.h"

namespace tend::schema_test {

namespace {

Shelves with_an_initializer_of_our_own() {
  Shelves shelves;
  shelves.initializers.add({.name = "ramp",
                            .make = {},
                            .fields = {{.name = "slope",
                                        .type = "number",
                                        .unit = "pixels",
                                        .text = "The slope of the ramp.",
                                        .words = "",
                                        .range = above(0),
                                        .fallback = 2.0}},
                            .value_field = "slope"});
  return shelves;
}

}  // namespace

TEST(Schema, describes_entries_from_outside_with_range_unit_and_default) {
  const std::string schema = to_json(experiment_schema(with_an_initializer_of_our_own()), -1);
  EXPECT_NE(schema.find("\"ramp\""), std::string::npos);
  EXPECT_NE(schema.find(R"("exclusiveMinimum":0,"description":"The slope of the ramp. Unit: pixels.","default":2.0)"),
            std::string::npos)
      << schema.substr(std::min(schema.find("\"ramp\":"), schema.size()), 300);
  EXPECT_EQ(to_json(experiment_schema(), -1).find("\"ramp\""), std::string::npos);
}

TEST(Schema, has_a_definition_for_every_form_of_a_value) {
  const Value schema = experiment_schema();
  const std::string text = to_json(schema, -1), start = "\"#/$defs/";
  std::size_t references = 0;
  for (std::size_t at = text.find(start); at != std::string::npos; at = text.find(start, at + 1), ++references) {
    const std::size_t name = at + start.size();
    EXPECT_TRUE(schema.find("$defs")->find(text.substr(name, text.find('"', name) - name))) << text.substr(at, 40);
  }
  EXPECT_GT(references, 20U);
}

TEST(Schema, leaves_out_words_that_the_reader_refuses) {
  for (const KeySection& section : key_tables().sections)
    for (const FieldDescription& field : section.fields)
      if (section.name == "train" && field.name == "precision") EXPECT_EQ(field.words, "float32");
}

TEST(Reference, says_in_one_sentence_what_each_step_and_each_layer_does) {
  const std::string text = experiment_reference(), schema = to_json(experiment_schema(), -1);
  std::size_t sentences = 0;
  for (const KeyShelf& shelf : key_tables().shelves) {
    if (shelf.name != "step" && shelf.name != "layer") continue;
    for (const KeyEntry& entry : shelf.entries) {
      EXPECT_GT(entry.about.size(), 15U) << "the type of " << entry.name << " needs: static constexpr std::string_view about";
      EXPECT_TRUE(entry.about.ends_with(".")) << entry.name << ": " << entry.about;
      EXPECT_NE(text.find("\n| `" + entry.name + "` | " + entry.about + " |\n"), std::string::npos) << entry.name;
      EXPECT_NE(schema.find("\"description\":\"" + entry.about), std::string::npos) << entry.name;
      ++sentences;
    }
  }
  EXPECT_GT(sentences, 40U);
}

TEST(Reference, names_each_key_once_in_its_section) {
  const std::string text = experiment_reference();
  for (const KeySection& section : key_tables().sections) {
    const std::size_t from = text.find("\n## " + section.title + "\n"), to = text.find("\n## ", from + 1);
    ASSERT_NE(from, std::string::npos) << section.title;
    const std::string part = text.substr(from, to - from);
    for (const FieldDescription& field : section.fields) {
      const std::string row = "\n| `" + field.name + "` |";
      EXPECT_NE(part.find(row), std::string::npos) << field.name;
      EXPECT_EQ(part.find(row), part.rfind(row)) << field.name;
    }
  }
}

}  // namespace tend::schema_test
