#include "@path@"

#include <gtest/gtest.h>

namespace tend::@name@_test {

TEST(@Type@, has_the_output_shape_of_its_equation) {
  EXPECT_EQ(@Type@{}.layout({Shape{5}}).output, Shape({5}));
  FAIL() << "put shapes here that were worked out by hand, then take this line out; gradients are the exam's";
}

TEST(@Type@, names_the_shape_it_wanted) { EXPECT_THROW(@Type@{}.layout({Shape{5, 5}}), Error); }

}  // namespace tend::@name@_test
