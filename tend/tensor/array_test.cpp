#include "tend/tensor/array.h"

#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

namespace tend::array_test {
namespace {

TEST(Array, an_owned_array_is_zeroed_and_aligned_to_64_bytes) {
  const Array a(Shape{3, 5}, ElementType::float32);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(a.data()) % 64, 0u);
  for (int i = 0; i < 15; ++i) EXPECT_EQ(a.as<float>()[i], 0.0f);
}

TEST(Array, copies_share_the_memory) {
  Array a(Shape{2}, ElementType::float64);
  Array b = a;
  b.as<double>()[1] = 7;
  EXPECT_EQ(a.as<double>()[1], 7);
}

TEST(Array, the_memory_outlives_the_array_that_made_it) {
  Array b;
  {
    Array a(Shape{1}, ElementType::int64);
    a.as<std::int64_t>()[0] = 42;
    b = a;
  }
  EXPECT_EQ(b.as<std::int64_t>()[0], 42);
}

TEST(Array, a_borrowed_array_is_the_callers_memory) {
  std::vector<float> values{1, 2, 3, 4, 5, 6};
  const Array a = Array::borrow<float>(values, Shape{3, 2});
  EXPECT_EQ(a.data(), values.data());
  EXPECT_EQ(a.type(), ElementType::float32);
  EXPECT_EQ(a.rows(), 3);
  EXPECT_EQ(a.row_size(), 2);
  EXPECT_EQ(a.row_shape(), Shape{2});
}

TEST(Array, borrowing_another_count_than_the_shape_has_throws) {
  std::vector<float> values(5);
  EXPECT_THROW(Array::borrow<float>(values, Shape{3, 2}), Error);
}

TEST(Array, a_shape_whose_bytes_overflow_or_are_negative_throws) {
  EXPECT_THROW(Array(Shape{std::int64_t{1} << 40, std::int64_t{1} << 40}, ElementType::float32), Error);
  EXPECT_THROW(Array(Shape{-1, 3}, ElementType::float32), Error);
}

TEST(Array, reshape_keeps_the_values) {
  Array a(Shape{2, 3}, ElementType::float32);
  a.as<float>()[4] = 9;
  a.reshape(Shape{3, 2});
  EXPECT_EQ(a.shape(), (Shape{3, 2}));
  EXPECT_EQ(a.as<float>()[4], 9);
}

TEST(Array, one_without_elements_is_empty_and_has_no_rows_to_speak_of) {
  EXPECT_TRUE(Array().empty());
  const Array a(Shape{0, 4}, ElementType::float32);
  EXPECT_TRUE(a.empty());
  EXPECT_EQ(a.rows(), 0);
  EXPECT_EQ(a.row_size(), 0);
}

}  // namespace
}  // namespace tend::array_test
