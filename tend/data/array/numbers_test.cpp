#include "tend/data/array/numbers.h"

#include <gtest/gtest.h>

#include "tend/data/test_files.h"

namespace tend::numbers_test {
namespace {

FileArray read(const std::string& bytes, NumberFormat format, Shape shape, bool is_column_major = false) {
  return read_elements(*memory_stream(bytes), format, std::move(shape), is_column_major, "x");
}

TEST(Numbers, axes_may_come_in_any_order) {
  const std::string bytes("\0\1\2\3\4\5", 6);  // [2, 3]: 0 1 2 / 3 4 5
  const FileArray a = read(bytes, {'u', 1, false}, {2, 3});
  const Array t = to_bytes(transposed(a, {1, 0}));
  EXPECT_EQ(t.shape(), (Shape{3, 2}));
  EXPECT_EQ(std::vector<int>(t.as<std::uint8_t>(), t.as<std::uint8_t>() + 6), (std::vector<int>{0, 3, 1, 4, 2, 5}));
  const Array f = to_doubles(read(bytes, {'u', 1, false}, {2, 3}, true));  // columns first: 0 2 4 / 1 3 5
  EXPECT_EQ(std::vector<double>(f.as<double>(), f.as<double>() + 6), (std::vector<double>{0, 2, 4, 1, 3, 5}));
}
TEST(Numbers, bytes_in_order_are_not_copied) {
  const FileArray a = read("abcd", {'u', 1, false}, {4});
  EXPECT_EQ(to_bytes(a).data(), a.raw.data());
}
TEST(Numbers, a_claim_that_the_file_cannot_hold_is_refused_before_memory_is_taken) {
  for (const Shape& shape :
       {Shape{1 << 30, 1 << 30, 1 << 30}, Shape{std::int64_t{1} << 62, 2}, Shape{1000}, Shape{0, 5}, Shape{-1, -4}})
    EXPECT_THROW(read("abcd", {'f', 8, false}, shape), Error) << shape.text();
  EXPECT_THROW(read("abcd", {'u', 1, false}, {3}), Error);  // one byte too many
}

}  // namespace
}  // namespace tend::numbers_test
