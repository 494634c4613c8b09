#pragma once
#include <string>
#include <vector>

#include "tend/data/dataset.h"

namespace tend {

/// The rows of one part while they are prepared.
///   tables   double [N, F]; NaN where missing; columns say which are still codes of categories
///   images   (and all rows of more than one axis, channels last) bytes that stand for byte * factor + shift by channel, or
///   float32
/// Arrays may be shared with the data set they came from; the functions that hand out memory to write on copy it first.
class Frame {
 public:
  Frame() = default;
  explicit Frame(const Dataset& raw);
  /// No rows, but columns and row shape: for tracing what steps do to them.
  Frame(std::vector<Column> columns, const Shape& row_shape, bool holds_bytes);

  std::int64_t rows() const { return x_.rows(); }
  bool is_table() const { return x_.shape().rank() == 2; }
  bool is_image() const { return x_.shape().rank() == 4; }
  bool holds_bytes() const { return x_.type() == ElementType::uint8; }
  Shape row_shape() const { return x_.row_shape(); }
  std::int64_t channels() const { return x_.shape()[-1]; }  ///< of images; columns of tables
  const Array& x() const { return x_; }

  double* table();  ///< requires is_table()
  const double* table() const { return x_.as<double>(); }
  float* floats();        ///< requires no table; bytes become floats for good
  std::uint8_t* bytes();  ///< requires holds_bytes()
  Array& targets();       ///< to write on
  const Array& targets() const { return y_; }
  void set_x(Array x) { x_ = std::move(x), owns_x_ = true; }  ///< new rows of the same kind

  /// x = (x - shift) factor, by column or channel; columns that wait for one_hot stay as they are. Throws Error{data} where there
  /// are not as many numbers as channels.
  void shift_and_scale(const std::vector<double>& shift, const std::vector<double>& factor);
  /// What a byte stands for.
  double value_of_byte(std::uint8_t byte, std::int64_t channel) const;
  /// Byte images whose bytes stand for themselves in all channels.
  bool holds_plain_bytes() const;
  void forget_bytes_scale(std::int64_t channels);  ///< after the channels changed their number; requires equal ones

  Part finish() const;  ///< float32, or bytes with their shift and factor

  std::vector<Column> columns;   ///< tables only
  bool categories_wait = false;  ///< a later one_hot turns codes into columns: until then they are no numbers
  bool waits(std::int64_t column) const {
    return categories_wait && is_table() && columns[static_cast<std::size_t>(column)].is_category();
  }

 private:
  Array x_, y_;
  std::vector<double> byte_factor_, byte_shift_;
  bool owns_x_ = false, owns_y_ = false;
};

}  // namespace tend
