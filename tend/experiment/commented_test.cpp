#include "tend/experiment/commented.h"

#include <algorithm>
#include <sstream>

#include <gtest/gtest.h>

#include "tend/experiment/key_tables.h"

namespace tend::commented_test {
namespace {

std::pair<Experiment, std::vector<Inferred>> inferred_digits() {
  std::vector<Inferred> reasons;
  Dataset data;
  Experiment given = Experiment::parse("[data]\nsource = 'digits'", "e.toml");
  Experiment literal = infer_from_source(given, {}, data, reasons);
  return {std::move(literal), std::move(reasons)};
}

TEST(Commented, a_file_reads_back_as_the_experiment) {
  const auto [literal, reasons] = inferred_digits();
  const std::string text = commented_toml(literal, reasons);
  EXPECT_EQ(Experiment::parse(text, "e.toml").to_value(), literal.to_value()) << text;
}

TEST(Commented, each_value_has_its_meaning_and_each_decision_its_reason) {
  const auto [literal, reasons] = inferred_digits();
  std::string text = commented_toml(literal, reasons);
  // Comments are wrapped: compare without line ends.
  for (std::size_t at; (at = text.find("\n# ")) != text.npos;) text.replace(at, 3, " ");
  for (const KeySection& section : key_tables().sections)
    for (const FieldDescription& field : section.fields)
      if (!field.text.empty() && section.name != "tune") EXPECT_NE(text.find(field.text), std::string::npos) << field.name;
  ASSERT_GT(reasons.size(), 8U);
  for (const Inferred& i : reasons)
    if (i.field != "network.layers") EXPECT_NE(text.find("Chosen: " + i.reason + "."), std::string::npos) << i.field;
  EXPECT_NE(text.find("Keras' validation_split takes the last rows"), std::string::npos);
  EXPECT_NE(text.find("Values: shuffle, stratified, last."), std::string::npos);
}

TEST(Commented, lines_of_comments_are_short) {
  const auto [literal, reasons] = inferred_digits();
  std::istringstream in(commented_toml(literal, reasons));
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("#")) EXPECT_LE(line.size(), 125U) << line;
}

}  // namespace
}  // namespace tend::commented_test
