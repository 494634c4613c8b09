#include "waiting.h"

#include <chrono>

#include <gtest/gtest.h>

namespace tend::waiting_test {
namespace {

TEST(Waiting, speaks_only_after_a_while_and_not_where_that_is_unwanted) {
  testing::internal::CaptureStderr();
  {
    const Waiting waiting(false, "Checking", 0.02);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "  Checking ... 0 s\n");
  testing::internal::CaptureStderr();
  { const Waiting waiting(false, "Checking", 10); }
  {
    const Waiting waiting(true, "Checking", 0.01);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace tend::waiting_test
