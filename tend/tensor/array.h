#pragma once
#include <cstddef>
#include <memory>
#include <span>

#include "tend/base/error.h"
#include "tend/tensor/big_memory.h"
#include "tend/tensor/shape.h"

namespace tend {

/// Numbers with a shape, row-major. Owned (shared by copies of the Array) or borrowed from the caller, who keeps them alive.
class Array {
 public:
  Array() = default;
  /// Makes an owned, zeroed, 64-byte aligned array, in a temporary file if the memory has no room for it (big_memory.h).
  Array(Shape shape, ElementType type);
  template <class T>
  static Array borrow(std::span<const T> values, Shape shape) {
    if (static_cast<std::int64_t>(values.size()) != shape.count())
      throw Error(Trouble::usage, "Array", std::to_string(values.size()) + " values",
                  "as many as the shape " + shape.text() + " has");
    Array a;
    a.shape_ = std::move(shape);
    a.type_ = ::tend::element_type<T>();
    a.data_ = const_cast<void*>(static_cast<const void*>(values.data()));
    return a;
  }

  const Shape& shape() const { return shape_; }
  ElementType type() const { return type_; }
  bool empty() const { return shape_.rank() == 0 || shape_.count() == 0; }
  std::int64_t rows() const { return shape_.rank() ? shape_[0] : 0; }  ///< the first extent
  std::int64_t row_size() const { return rows() ? shape_.count() / rows() : 0; }
  Shape row_shape() const { return Shape(std::vector<std::int64_t>(shape_.sizes().begin() + 1, shape_.sizes().end())); }
  /// Is it in a temporary file, because the memory has no room for it?
  bool is_on_disk() const { return owner_.is_on_disk(); }
  const void* data() const { return data_; }
  void* data() { return data_; }
  /// Requires that T matches type().
  template <class T>
  const T* as() const {
    TEND_EXPECTS(type_ == ::tend::element_type<T>());
    return static_cast<const T*>(data_);
  }
  template <class T>
  T* as() {
    TEND_EXPECTS(type_ == ::tend::element_type<T>());
    return static_cast<T*>(data_);
  }
  void reshape(Shape shape);  ///< requires the same count

 private:
  Shape shape_;
  ElementType type_ = ElementType::float32;
  void* data_ = nullptr;
  BigMemory owner_;
};

}  // namespace tend
