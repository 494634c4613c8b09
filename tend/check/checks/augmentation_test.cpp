#include "tend/check/checks/augmentation.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::augmentation_test {

namespace {

/// 90 images of 6 x 6: a bar at the left (0), at the right (1) or in the middle (2), at one of three brightnesses.
Dataset bars() {
  Array x({90, 6, 6, 1}, ElementType::float32), y({90, 1}, ElementType::float64);
  for (std::int64_t r = 0; r < 90; ++r) {
    const std::int64_t c = r % 3, column = c == 0 ? 0 : c == 1 ? 5 : 2;
    for (std::int64_t i = 0; i < 6; ++i) x.as<float>()[(r * 6 + i) * 6 + column] = 1.0f + 0.1f * static_cast<float>(r % 5);
    y.as<double>()[r] = static_cast<double>(c);
  }
  return Dataset::classification(x, y, 3);
}
CheckResult result(const std::string& steps) {
  return checked(Augmentation{}, R"(["flatten", { dense = 3 }])", bars(), "[prepare]\nsteps = " + steps + "\n").at(0);
}

}  // namespace

TEST(Augmentation, names_a_step_that_turns_one_class_into_another) {
  const CheckResult r = result("[\"flip_horizontal\"]");
  EXPECT_EQ(r.verdict, Verdict::warn);
  EXPECT_EQ(r.cause, "data-label");
  EXPECT_EQ(text_of(r.changes), "prepare.steps = []");
  EXPECT_NE(r.message.find("of the class \"0\" into images like those of \"1\""), std::string::npos) << r.message;
}

TEST(Augmentation, passes_rows_that_are_not_changed_or_keep_their_class) {
  EXPECT_EQ(result("[]").verdict, Verdict::pass);
  EXPECT_EQ(result("[{ random_crop = 6, padding = 0 }]").verdict, Verdict::pass);
}

}  // namespace tend::augmentation_test
