#include "tend/check/checks/padding.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::padding_test {

namespace {

/// 80 rows of 20 codes, of which five are values and the others 0, at the end or at the start.
Dataset padded(bool at_end) {
  Array x({80, 20}, ElementType::float32), y({80, 1}, ElementType::float64);
  for (std::int64_t r = 0; r < 80; ++r) {
    for (std::int64_t p = 0; p < 5; ++p) x.as<float>()[20 * r + (at_end ? p : 15 + p)] = static_cast<float>(1 + (r + p) % 7);
    y.as<double>()[r] = static_cast<double>(r % 2);
  }
  return Dataset::classification(x, y, 2);
}
std::string layers(const std::string& last) {
  return "[{ embedding = 4, vocabulary = 8 }, { lstm = 5, last = " + last + " }, " + (last == "true" ? "" : "\"flatten\", ") +
         "{ dense = 2 }]";
}

}  // namespace

TEST(Padding, names_a_last_state_that_follows_long_padding) {
  const CheckResult r = checked(Padding{}, layers("true"), padded(true)).at(0);
  EXPECT_EQ(r.verdict, Verdict::warn);
  EXPECT_EQ(r.cause, "data-quality");
  EXPECT_EQ(r.layer, "lstm_1");
  EXPECT_NE(r.message.find("15 of the 20 places"), std::string::npos) << r.message;
}

TEST(Padding, passes_padding_before_the_values_and_layers_that_give_all_places) {
  EXPECT_EQ(checked(Padding{}, layers("true"), padded(false)).at(0).verdict, Verdict::pass);
  EXPECT_EQ(checked(Padding{}, layers("false"), padded(true)).at(0).verdict, Verdict::pass);
}

}  // namespace tend::padding_test
