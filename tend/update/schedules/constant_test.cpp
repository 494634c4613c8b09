#include "tend/update/schedules/constant.h"

#include <gtest/gtest.h>

namespace tend::constant_test {
namespace {

TEST(ConstantSchedule, is_one_for_ever) { EXPECT_EQ(ConstantSchedule{}.factor({.step = 99, .epoch = 7, .done = 0.5}), 1); }

}  // namespace
}  // namespace tend::constant_test
