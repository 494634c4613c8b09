#include <gtest/gtest.h>

#include "program.h"

namespace tend::gradient_test {
namespace {

TEST(GradcheckFlow, every_tensor_of_an_experiment_is_listed_with_its_verdict) {
  const Folder f;
  f.write("flowers.csv", flowers(200));
  f.write("e.toml", flower_experiment);
  const Said said = f.tend("gradcheck e.toml --json");
  ASSERT_EQ(said.code, 0) << said.error;
  const auto j = said.json();
  EXPECT_EQ(j["verdict"], "pass");
  ASSERT_EQ(j["tensors"].size(), 4u);
  for (const auto& t : j["tensors"]) {
    for (const char* key : {"tensor", "part", "shape", "checked", "kinks", "element", "numeric", "analytic", "trained", "error",
                            "trained_error", "verdict", "mistake"})
      EXPECT_TRUE(t.contains(key)) << key;
    EXPECT_LE(t["error"], 1e-4) << t["tensor"];
  }
  EXPECT_FALSE(std::filesystem::exists(f / "runs"));  // no files remain
}

TEST(GradcheckFlow, the_table_says_that_the_gradients_are_right_and_wrong_use_is_told) {
  const Folder f;
  const Said digits = f.tend("gradcheck --elements 4 --burn-in 2");
  EXPECT_EQ(digits.code, 0) << digits.error;
  EXPECT_NE(digits.out.find("The gradients are right."), std::string::npos) << digits.out;
  EXPECT_EQ(f.tend("gradcheck nowhere.toml").code, 66);
  EXPECT_EQ(f.tend("gradcheck --elements 0").code, 2);
}

TEST(ExamFlow, every_shelf_is_examined_and_counted) {
#ifdef TEND_SANITIZED
  GTEST_SKIP() << "the sanitized exams of each shelf are tests of their own";
#endif
  const Folder f;
  const Said said = f.tend("exam --json");
  ASSERT_EQ(said.code, 0) << said.out;
  const auto j = said.json();
  EXPECT_TRUE(j["faults"].empty());
  ASSERT_EQ(j["shelves"].size(), 6u);
  for (const auto& shelf : j["shelves"]) EXPECT_GT(shelf["entries"], 5) << shelf["shelf"];
}

}  // namespace
}  // namespace tend::gradient_test
