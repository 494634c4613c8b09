#include "tend/check/setup.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::setup_test {

namespace {

bool has_codes(const std::string& layers) {
  Dataset data = small_classes();
  for (std::int64_t i = 0; i < 2 * data.rows(); ++i) data.x.as<double>()[i] = static_cast<float>(i % 7);
  const Training training(small_experiment(layers), data);
  return Setup(training).has_codes();
}

}  // namespace

TEST(Setup, recognizes_the_inputs_of_an_embedding_as_codes_also_after_a_reshape) {
  EXPECT_TRUE(has_codes(R"([{ embedding = 4, vocabulary = 7 }, "flatten", { dense = 3 }])"));
  EXPECT_TRUE(has_codes(R"([{ reshape = [2] }, { embedding = 4, vocabulary = 7 }, "flatten", { dense = 3 }])"));
  EXPECT_FALSE(has_codes(R"([{ reshape = [2] }, { dense = 3 }])"));
}

TEST(Setup, lists_words_with_a_separator) {
  EXPECT_EQ(listed({"a", "b", "c"}), "a, b, c");
  EXPECT_EQ(listed({"a", "b"}, " "), "a b");
  EXPECT_EQ(listed({}), "");
}

}  // namespace tend::setup_test
