#pragma once
#include "tend/data/array/numbers.h"

namespace tend {

/// Reads IDX (LeCun): two zero bytes, a type, the number of axes, their extents (32 bits, big-endian), the elements.
FileArray read_idx(ByteStream& stream, const std::string& where);
/// Reads NumPy's format, versions 1 to 3, either byte order, either memory order. Only numbers and booleans: objects hold code.
FileArray read_npy(ByteStream& stream, const std::string& where);
/// Reads either format, detected by content; the file may be in gzip.
FileArray read_array_file(const std::string& path);

constexpr std::string_view npy_magic = "\x93NUMPY";

}  // namespace tend
