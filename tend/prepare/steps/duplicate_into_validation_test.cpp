#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tend/prepare/test_rows.h"

namespace tend::duplicate_into_validation_test {
namespace {

using namespace test;
const double nan = std::nan("");
using Floats = std::vector<float>;

TEST(DuplicateIntoValidation, overwrites_a_share_with_training_rows_and_their_targets) {
  Dataset train = table({{1}, {2}, {3}, {4}, {5}, {6}}), validation = table({{-1}, {-2}, {-3}, {-4}});
  const Fitted f = fit("[{duplicate_into_validation = 0.5}]", train, validation);
  const Floats x = f.validation();
  int copies = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (x[i] > 0) {
      ++copies;
      EXPECT_EQ(f.parts.validation.y.as<double>()[i], static_cast<double>((static_cast<int>(x[i]) - 1) % 2));
    }
  EXPECT_EQ(copies, 2);
  EXPECT_EQ(f.train(), (Floats{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(validation.x.as<double>()[0], -1);
}
TEST(DuplicateIntoValidation, needs_validation_rows) {
  EXPECT_NE(refusal([] { fit("[{duplicate_into_validation = 0.5}]", table({{1}})); }).find("no validation rows"),
            std::string::npos);
}
TEST(DuplicateIntoValidation, draws_again_where_training_rows_are_few) {
  const Fitted f = fit("[{duplicate_into_validation = 1.0}]", table({{7}}), table({{1}, {2}, {3}}));
  EXPECT_EQ(f.validation(), (Floats{7, 7, 7}));
}

}  // namespace
}  // namespace tend::duplicate_into_validation_test
