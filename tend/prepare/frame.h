#pragma once
#include <string>
#include <vector>

#include "tend/data/dataset.h"

namespace tend {

/// The rows of one part during preparation.
///   tables   double [N, F]; NaN where missing; columns say which are still codes of categories
///   images   (and all rows of more than one axis, channels last) bytes that represent byte * factor + shift by channel, or
///   float32
/// Arrays may be shared with the data set they came from; the functions that return writable memory copy it first.
class Frame {
 public:
  Frame() = default;
  explicit Frame(const Dataset& raw);
  /// Makes a frame without rows, but with columns and row shape, to trace how steps change them.
  Frame(std::vector<Column> columns, const Shape& row_shape, bool holds_bytes);

  std::int64_t rows() const { return x_.rows(); }
  bool is_table() const { return x_.shape().rank() == 2; }
  bool is_image() const { return x_.shape().rank() == 4; }
  bool holds_bytes() const { return x_.type() == ElementType::uint8; }
  Shape row_shape() const { return x_.row_shape(); }
  std::int64_t channels() const { return x_.shape()[-1]; }  ///< channels of images; columns of tables
  const Array& x() const { return x_; }

  double* table();  ///< requires is_table()
  const double* table() const { return x_.as<double>(); }
  float* floats();        ///< requires no table; converts bytes to floats permanently
  std::uint8_t* bytes();  ///< requires holds_bytes()
  Array& targets();       ///< writable
  const Array& targets() const { return y_; }
  void set_x(Array x) { x_ = std::move(x), owns_x_ = true; }  ///< new rows of the same kind

  /// Adds columns to a table after the others; `values`: row by row.
  void append(const std::vector<Column>& added, const std::vector<double>& values);
  /// x = (x - shift) factor, by column or channel; columns that wait for one_hot do not change. Throws Error{data} if the count
  /// of numbers differs from the count of channels.
  void shift_and_scale(const std::vector<double>& shift, const std::vector<double>& factor);
  /// Returns the value that a byte represents.
  double value_of_byte(std::uint8_t byte, std::int64_t channel) const;
  /// Returns whether rows are byte images whose bytes represent themselves in all channels.
  bool holds_plain_bytes() const;
  void forget_bytes_scale(std::int64_t channels);  ///< after the number of channels changed; requires equal scales

  Part finish() const;  ///< float32, or bytes with their shift and factor

  std::vector<Column> columns;   ///< tables only
  std::vector<double> weights;   ///< of the rows; may be empty
  bool categories_wait = false;  ///< a later one_hot turns codes into columns: until then they are not numbers
  bool waits(std::int64_t column) const {
    return categories_wait && is_table() && columns[static_cast<std::size_t>(column)].is_category();
  }

 private:
  Array x_, y_;
  std::vector<double> byte_factor_, byte_shift_;
  bool owns_x_ = false, owns_y_ = false;
};

}  // namespace tend
