#pragma once
#include <string>
#include <vector>

#include "tend/data/disk/file.h"
#include "tend/tensor/array.h"

namespace tend {

/// How one number lies in a file.
struct NumberFormat {
  char kind = 'f';  ///< f float, i signed, u unsigned, b boolean
  int bytes = 8;    ///< 1, 2, 4 or 8
  bool is_big_endian = false;
};

/// An array as it lies in a file: raw bytes, their format, and for each axis its extent and its distance in elements.
struct FileArray {
  NumberFormat format;
  Shape shape = {};
  std::vector<std::int64_t> strides = {};
  Array raw;  ///< uint8 [bytes]
};

/// Reads the elements of an array whose header said format and shape. Throws Error{data, where, ...} where the shape is more than
/// the stream can hold (before any memory is taken), where it ends too early or goes on behind the last element.
FileArray read_elements(ByteStream& stream, NumberFormat format, Shape shape, bool is_column_major, const std::string& where);

/// With the axes in another order: axis k of the result is axis order[k].
FileArray transposed(const FileArray& a, const std::vector<int>& order);

/// Row-major numbers. Bytes stay bytes without a copy where they lie in order; requires one-byte unsigned elements or booleans.
Array to_bytes(const FileArray& a);
Array to_floats(const FileArray& a);
Array to_doubles(const FileArray& a);

/// IEEE 754 half precision.
float half_to_float(std::uint16_t half);

}  // namespace tend
