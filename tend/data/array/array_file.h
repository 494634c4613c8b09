#pragma once
#include "tend/data/array/numbers.h"

namespace tend {

/// IDX (LeCun): two zero bytes, a type, the number of axes, their extents (32 bits, big-endian), the elements.
FileArray read_idx(ByteStream& stream, const std::string& where);
/// NumPy's format, versions 1 to 3, either byte order, rows or columns first; numbers and booleans only: objects would be code.
FileArray read_npy(ByteStream& stream, const std::string& where);
/// Either, told by the content; also where it lies in gzip.
FileArray read_array_file(const std::string& path);

constexpr std::string_view npy_magic = "\x93NUMPY";

}  // namespace tend
