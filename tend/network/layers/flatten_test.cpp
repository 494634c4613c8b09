#include "tend/network/layers/flatten.h"

#include <gtest/gtest.h>

namespace tend::flatten_test {
namespace {

TEST(Flatten, keeps_all_numbers_in_one_axis) { EXPECT_EQ(Flatten{}.layout({{3, 4, 2}}).output, (Shape{24})); }

}  // namespace
}  // namespace tend::flatten_test
