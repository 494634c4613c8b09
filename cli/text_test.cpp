#include "text.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tend::text_test {
namespace {

TEST(CalibrationText, says_so_where_the_calibration_error_is_larger_than_before) {
  const std::string worse = calibration_text({.temperature = 0.9, .error_before = 0.02, .error = 0.03}),
                    better = calibration_text({.temperature = 1.3, .error_before = 0.03, .error = 0.02}),
                    labels = calibration_text({.temperature = 1.3, .error_before = std::nan(""), .error = std::nan("")});
  EXPECT_NE(worse.find("calibration error 0.03, before 0.02. This error is larger than before, but the loss"), std::string::npos)
      << worse;
  EXPECT_TRUE(better.ends_with("calibration error 0.02, before 0.03")) << better;
  EXPECT_TRUE(labels.ends_with("temperature 1.3")) << labels;
}

TEST(Text, is_broken_between_words_with_an_indent) {
  EXPECT_EQ(in_lines("one two three four", 2, 10), "one two\n  three\n  four");
  EXPECT_EQ(in_lines("one", 2, 10), "one");
  EXPECT_EQ(in_lines("averyveryverylongword two", 2, 10), "averyveryverylongword\n  two");
  EXPECT_EQ(in_lines("\033[32mrepaired\033[0m  it", 2, 14), "\033[32mrepaired\033[0m  it");  // colours take no room
  EXPECT_EQ(in_lines("", 4, 10), "");
}

}  // namespace
}  // namespace tend::text_test
