#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tend/base/error.h"
#include "tend/tensor/shape.h"

namespace tend {

/// The kind of a place in a Block.
enum class PlaceKind : std::uint8_t { parameter, slot, statistic, counter };
const char* name_of(PlaceKind kind);

/// A tensor that an optimizer keeps for each parameter, with its first value.
struct SlotSpec {
  std::string name;
  double initial = 0;
};

struct Place {
  std::string name;  ///< "dense_1.weights", "dense_1.weights.first_moment", "step"
  PlaceKind kind = PlaceKind::parameter;
  ElementType type = ElementType::float32;
  Shape shape;
  std::int64_t offset_bytes = 0;
  std::int64_t bytes() const { return shape.count() * size_of(type); }
};

/// The names, shapes and offsets of a block's places. They lie one after the other, row-major, unpadded except for the alignment
/// of wider types.
class Directory {
 public:
  /// Appends a place after the last one. Names must be unique.
  const Place& add(std::string name, PlaceKind kind, ElementType type, Shape shape);
  const std::vector<Place>& places() const { return places_; }
  const Place* find(std::string_view name) const;
  const Place& at(std::string_view name) const;  ///< requires that the place exists
  std::int64_t bytes() const { return bytes_; }
  bool operator==(const Directory& other) const;

 private:
  std::vector<Place> places_;
  std::int64_t bytes_ = 0;
};

/// All state that can change the next bit, in one contiguous piece of memory. A snapshot, a fork and a restore are copies of it.
class Block {
 public:
  Block() = default;
  explicit Block(std::shared_ptr<const Directory> directory);  ///< zeroed
  Block(const Block& other);
  Block& operator=(const Block& other);  ///< copies the bytes; allocates only if the size differs
  Block(Block&&) noexcept = default;
  Block& operator=(Block&&) noexcept = default;

  const Directory& directory() const { return *directory_; }
  const std::shared_ptr<const Directory>& shared_directory() const { return directory_; }
  std::int64_t bytes() const { return directory_ ? directory_->bytes() : 0; }
  std::byte* data() { return data_.get(); }
  const std::byte* data() const { return data_.get(); }

  template <class T>
  T* at(const Place& place) {
    TEND_EXPECTS(place.type == element_type<T>());
    return reinterpret_cast<T*>(data_.get() + place.offset_bytes);
  }
  template <class T>
  const T* at(const Place& place) const {
    return const_cast<Block*>(this)->at<T>(place);
  }
  template <class T>
  T* at(std::string_view name) {
    return at<T>(directory_->at(name));
  }
  template <class T>
  const T* at(std::string_view name) const {
    return const_cast<Block*>(this)->at<T>(name);
  }
  /// Reads the elements of a floating-point place of any type as doubles; assign() writes them.
  std::vector<double> doubles(const Place& place) const;
  void assign(const Place& place, const double* values);

  bool same_bits(const Block& other) const;
  std::uint64_t hash() const;  ///< hash of the bytes

 private:
  struct Free {
    void operator()(std::byte* p) const;
  };
  std::shared_ptr<const Directory> directory_;
  std::unique_ptr<std::byte[], Free> data_;
};

/// Copies every place of `from` that also exists in `to`, by name, if the shapes agree. Converts types. Returns the names copied.
std::vector<std::string> migrate(const Block& from, Block& to);

/// Zeroed memory aligned to 64 bytes, for arenas and batches.
class AlignedBytes {
 public:
  AlignedBytes() = default;
  explicit AlignedBytes(std::int64_t bytes);
  std::byte* data() { return data_.get(); }
  const std::byte* data() const { return data_.get(); }
  std::int64_t size() const { return size_; }

 private:
  struct Free {
    void operator()(std::byte* p) const;
  };
  std::unique_ptr<std::byte[], Free> data_;
  std::int64_t size_ = 0;
};

}  // namespace tend
