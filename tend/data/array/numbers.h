#pragma once
#include <string>
#include <vector>

#include "tend/data/disk/file.h"
#include "tend/tensor/array.h"

namespace tend {

/// The format of one number in a file.
struct NumberFormat {
  char kind = 'f';  ///< f float, i signed, u unsigned, b boolean
  int bytes = 8;    ///< 1, 2, 4 or 8
  bool is_big_endian = false;
};

/// An array as stored in a file: raw bytes, their format, and the extent and stride in elements of each axis.
struct FileArray {
  NumberFormat format;
  Shape shape = {};
  std::vector<std::int64_t> strides = {};
  Array raw;  ///< uint8 [bytes]
};

/// Reads the elements of an array after its header. Throws Error{data, where, ...} if the shape is larger than the stream can
/// hold (before allocating any memory), if the stream ends too early, or if it continues after the last element.
FileArray read_elements(ByteStream& stream, NumberFormat format, Shape shape, bool is_column_major, const std::string& where);

/// Returns the array with the axes in another order: axis k of the result is axis order[k].
FileArray transposed(const FileArray& a, const std::vector<int>& order);

/// Returns row-major numbers. Bytes that are in order are not copied. Requires one-byte unsigned elements or booleans.
Array to_bytes(const FileArray& a);
Array to_floats(const FileArray& a);
Array to_doubles(const FileArray& a);

/// IEEE 754 half precision.
float half_to_float(std::uint16_t half);

}  // namespace tend
