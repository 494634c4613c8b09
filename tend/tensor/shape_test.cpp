#include "tend/tensor/shape.h"

#include <gtest/gtest.h>

namespace tend::shape_test {
namespace {

TEST(Shape, text_lists_the_extents_in_brackets) {
  EXPECT_EQ((Shape{28, 28, 1}).text(), "[28, 28, 1]");
  EXPECT_EQ((Shape{7}).text(), "[7]");
  EXPECT_EQ(Shape{}.text(), "[]");
}

TEST(Shape, count_is_the_product_of_the_extents_and_1_for_a_scalar) {
  EXPECT_EQ((Shape{3, 4, 5}).count(), 60);
  EXPECT_EQ((Shape{3, 0}).count(), 0);
  EXPECT_EQ(Shape{}.count(), 1);
}

TEST(Shape, negative_axes_count_from_the_end) {
  const Shape s{2, 3, 5};
  EXPECT_EQ(s[0], 2);
  EXPECT_EQ(s[-1], 5);
  EXPECT_EQ(s[-3], 2);
}

TEST(Shape, shapes_are_equal_when_all_extents_are) {
  EXPECT_EQ((Shape{2, 3}), (Shape{2, 3}));
  EXPECT_NE((Shape{2, 3}), (Shape{3, 2}));
  EXPECT_NE((Shape{6}), (Shape{6, 1}));
}

TEST(ElementType, sizes_are_those_of_the_c_types) {
  EXPECT_EQ(size_of(ElementType::float32), 4);
  EXPECT_EQ(size_of(ElementType::float64), 8);
  EXPECT_EQ(size_of(ElementType::int64), 8);
  EXPECT_EQ(size_of(ElementType::uint8), 1);
}

}  // namespace
}  // namespace tend::shape_test
