#include <cmath>

#include <gtest/gtest.h>

#include "tend/prepare/test_rows.h"

namespace tend::codes_test {
namespace {

using namespace test;
using Floats = std::vector<float>;

TEST(Codes, come_before_the_numbers_and_0_is_what_is_not_known) {
  const std::vector<Column> columns{{"x", {}}, {"colour", {"blue", "red"}}, {"y", {}}, {"size", {"s", "m", "l"}}};
  const Dataset d = table({{0.5, 1, 7, 2}, {1.5, NAN, 8, 0}}, columns);
  const Fitted f = fit("['codes']", d);
  EXPECT_EQ(f.train(), (Floats{2, 3, 0.5, 7, 0, 1, 1.5, 8}));
  EXPECT_EQ(applied(f.pipeline, d), f.train());
}
TEST(Codes, are_not_changed_by_steps_before) {
  const std::vector<Column> columns{{"x", {}}, {"colour", {"blue", "red"}}};
  const Floats x = fit("['standardize', 'codes']", table({{0, 1}, {2, 0}}, columns)).train();
  EXPECT_EQ(x, (Floats{2, -1, 1, 1}));
}

}  // namespace
}  // namespace tend::codes_test
