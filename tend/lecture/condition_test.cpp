#include "tend/lecture/condition.h"

#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "tend/base/error.h"

namespace tend::condition_test {
namespace {

double value_of(const std::string& name) {
  static const std::map<std::string, double> values{{"a.loss", 2}, {"b.test.accuracy", 0.5}, {"nan", std::nan("")}};
  const auto found = values.find(name);
  if (found == values.end()) throw Error(Trouble::usage, "test", name);
  return found->second;
}
bool hold(const std::string& text) { return holds(text, value_of, "test"); }

TEST(Condition, compares_sums_and_products_of_numbers_and_names) {
  EXPECT_TRUE(hold("a.loss > 1"));
  EXPECT_FALSE(hold("a.loss < 1"));
  EXPECT_TRUE(hold("a.loss + 2 * b.test.accuracy >= 3"));
  EXPECT_TRUE(hold("(a.loss + 2) * b.test.accuracy <= 2"));
  EXPECT_TRUE(hold("-a.loss / 4 < -0.4"));
  EXPECT_TRUE(hold("1e-3 < b.test.accuracy - 0.4"));
  EXPECT_TRUE(hold("abs(ln(10) - 2.303) < 0.001"));
  EXPECT_TRUE(hold("max(a.loss, 3) > min(a.loss, 3)"));
}

TEST(Condition, a_chain_holds_where_each_of_its_comparisons_does) {
  EXPECT_TRUE(hold("1 < a.loss < 3"));
  EXPECT_FALSE(hold("1 < a.loss < 2"));
  EXPECT_FALSE(hold("3 < a.loss < 4"));
}

TEST(Condition, what_is_not_a_number_does_not_hold) {
  EXPECT_FALSE(hold("nan < 1"));
  EXPECT_FALSE(hold("nan >= 1"));
}

TEST(Condition, names_the_values_that_it_used) {
  EXPECT_EQ(names_with_values("a.loss > b.test.accuracy / 2", value_of, "test"), "a.loss 2, b.test.accuracy 0.5");
}

TEST(Condition, a_mistake_is_an_error_with_its_place) {
  for (const char* text : {"", "a.loss", "1 <", "1 < (2", "1 < 2 3", "root(2) < 1", "max(1) < 2", "1 < 2 <", "c.loss < 1", "< 1"})
    EXPECT_THROW(hold(text), Error) << text;
  try {
    hold("1 < (a.loss");
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("at character 12"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace tend::condition_test
