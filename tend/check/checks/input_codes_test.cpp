#include "tend/check/checks/input_codes.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::input_codes_test {

namespace {

const std::string layers = R"([{ embedding = 4, vocabulary = 6 }, "flatten", { dense = 2 }])";

/// 60 rows of four codes 0 .. 5; one of them replaced.
Dataset codes(std::int64_t row, float value) {
  Array x({60, 4}, ElementType::float32), y({60, 1}, ElementType::float64);
  for (std::int64_t i = 0; i < 240; ++i) x.as<float>()[i] = static_cast<float>(i % 6);
  for (std::int64_t i = 0; i < 60; ++i) y.as<double>()[i] = static_cast<double>(i % 2);
  if (row >= 0) x.as<float>()[4 * row + 1] = value;
  return Dataset::classification(x, y, 2);
}
CheckResult result(float value) {
  Experiment e = small_experiment(layers);
  e.data.split = "last";  // training rows keep their numbers
  return checked(InputCodes{}, e, codes(7, value)).at(0);
}

}  // namespace

TEST(InputCodes, names_a_code_beyond_the_vocabulary_its_row_and_what_is_needed) {
  const CheckResult r = result(8);
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_EQ(r.cause, "architecture");
  EXPECT_EQ(text_of(r.changes), "network.layers.embedding_1.vocabulary = 9");
  EXPECT_NE(r.message.find("the first is 8 in row 7 of the data (counted from 0), place 1"), std::string::npos) << r.message;
}

TEST(InputCodes, names_the_line_of_a_table) {
  Dataset data = codes(7, 8);
  data.file = "codes.csv";
  data.first_line = 2;
  Experiment e = small_experiment(layers);  // rows are shuffled into their parts
  const CheckResult r = checked(InputCodes{}, e, data).at(0);
  EXPECT_NE(r.message.find("the first is 8 in line 9 of codes.csv, place 1"), std::string::npos) << r.message;
}

TEST(InputCodes, names_fractions_and_negative_codes) {
  for (const float value : {1.5f, -1.0f}) {
    const CheckResult r = result(value);
    EXPECT_EQ(r.verdict, Verdict::fail);
    EXPECT_EQ(r.cause, "data-quality");
    EXPECT_NE(r.message.find("row 7"), std::string::npos) << r.message;
  }
}

TEST(InputCodes, passes_codes_that_fit_and_networks_without_embedding) {
  EXPECT_EQ(checked(InputCodes{}, layers, codes(-1, 0)).at(0).verdict, Verdict::pass);
  EXPECT_EQ(checked(InputCodes{}, "[{ dense = 3 }]", small_classes()).at(0).verdict, Verdict::pass);
}

}  // namespace tend::input_codes_test
