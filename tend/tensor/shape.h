#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

namespace tend {

/// The extents of a tensor, row-major. A row of a batch has a shape without the batch axis: [F], [H, W, C], [T, F].
/// Images are channels last everywhere in tend.
class Shape {
 public:
  Shape() = default;
  Shape(std::initializer_list<std::int64_t> sizes) : sizes_(sizes) {}
  explicit Shape(std::vector<std::int64_t> sizes) : sizes_(std::move(sizes)) {}

  int rank() const { return static_cast<int>(sizes_.size()); }
  /// Requires -rank() <= axis < rank(); negative axes count from the end.
  std::int64_t operator[](int axis) const { return sizes_[static_cast<std::size_t>(axis < 0 ? axis + rank() : axis)]; }
  std::int64_t count() const {  ///< product of the extents; 1 for a scalar
    std::int64_t n = 1;
    for (auto s : sizes_) n *= s;
    return n;
  }
  const std::vector<std::int64_t>& sizes() const { return sizes_; }
  bool operator==(const Shape&) const = default;
  std::string text() const;  ///< "[28, 28, 1]"

 private:
  std::vector<std::int64_t> sizes_;
};

enum class ElementType : std::uint8_t { float32, float64, int64, uint8 };
constexpr std::int64_t size_of(ElementType t) { return t == ElementType::float32 ? 4 : t == ElementType::uint8 ? 1 : 8; }
template <class T>
constexpr ElementType element_type();
template <>
constexpr ElementType element_type<float>() {
  return ElementType::float32;
}
template <>
constexpr ElementType element_type<double>() {
  return ElementType::float64;
}
template <>
constexpr ElementType element_type<std::int64_t>() {
  return ElementType::int64;
}
template <>
constexpr ElementType element_type<std::uint8_t>() {
  return ElementType::uint8;
}

}  // namespace tend
