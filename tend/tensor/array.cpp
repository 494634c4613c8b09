#include "tend/tensor/array.h"

#include <utility>

namespace tend {
namespace {

/// Returns the number of bytes of a shape. Throws if an extent is negative or the product overflows: shapes may come from files.
std::size_t bytes_of(const Shape& shape, ElementType type) {
  std::int64_t bytes = size_of(type);
  for (const std::int64_t size : shape.sizes()) {
    if (size < 0) throw Error(Trouble::usage, "Array", "the shape " + shape.text(), "extents that are not negative");
    if (__builtin_mul_overflow(bytes, size, &bytes))
      throw Error(Trouble::usage, "Array", "the shape " + shape.text(), "fewer bytes than fit into memory");
  }
  return static_cast<std::size_t>(bytes);
}

}  // namespace

Array::Array(Shape shape, ElementType type) : shape_(std::move(shape)), type_(type) {
  owner_ = BigMemory(bytes_of(shape_, type_));
  data_ = owner_.data();
}

void Array::reshape(Shape shape) {
  TEND_EXPECTS(shape.count() == shape_.count());
  shape_ = std::move(shape);
}

}  // namespace tend
