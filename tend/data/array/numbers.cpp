#include "tend/data/array/numbers.h"

#include <bit>
#include <cstring>

namespace tend {
namespace {

template <class Bits>
Bits swapped(Bits v) {
  if constexpr (sizeof(Bits) == 2) return __builtin_bswap16(v);
  else if constexpr (sizeof(Bits) == 4) return __builtin_bswap32(v);
  else if constexpr (sizeof(Bits) == 8) return __builtin_bswap64(v);
  else return v;
}

/// Visits all elements in row-major order of the shape; the last axis is the inner loop. `element(in, out index)`.
template <class Element>
void walk(const FileArray& a, Element element) {
  const auto& sizes = a.shape.sizes();
  const std::int64_t inner = sizes.empty() ? 1 : sizes.back(), stride = sizes.empty() ? 1 : a.strides.back();
  const std::int64_t outer = inner ? a.shape.count() / inner : 0;
  std::vector<std::int64_t> place(sizes.size(), 0);
  const std::uint8_t* raw = a.raw.as<std::uint8_t>();
  std::int64_t from = 0, out = 0;
  for (std::int64_t o = 0; o < outer; ++o) {
    for (std::int64_t i = 0; i < inner; ++i) element(raw + (from + i * stride) * a.format.bytes, out++);
    for (std::size_t axis = sizes.empty() ? 0 : sizes.size() - 1; axis-- > 0;) {
      from += a.strides[axis];
      if (++place[axis] < sizes[axis]) break;
      from -= a.strides[axis] * sizes[axis];
      place[axis] = 0;
    }
  }
}

template <class To, class From, class Bits>
void convert_as(const FileArray& a, To* out) {
  const bool swaps = a.format.is_big_endian != (std::endian::native == std::endian::big);
  walk(a, [&](const std::uint8_t* in, std::int64_t i) {
    Bits bits;
    std::memcpy(&bits, in, sizeof bits);
    if (swaps) bits = swapped(bits);
    if constexpr (std::is_same_v<From, void>) out[i] = static_cast<To>(half_to_float(bits));
    else out[i] = static_cast<To>(std::bit_cast<From>(bits));
  });
}

template <class To>
void convert(const FileArray& a, To* out) {
  const char kind = a.format.kind;
  switch (a.format.bytes) {
    case 1:
      return kind == 'i' ? convert_as<To, std::int8_t, std::uint8_t>(a, out) : convert_as<To, std::uint8_t, std::uint8_t>(a, out);
    case 2:
      return kind == 'f'   ? convert_as<To, void, std::uint16_t>(a, out)
             : kind == 'i' ? convert_as<To, std::int16_t, std::uint16_t>(a, out)
                           : convert_as<To, std::uint16_t, std::uint16_t>(a, out);
    case 4:
      return kind == 'f'   ? convert_as<To, float, std::uint32_t>(a, out)
             : kind == 'i' ? convert_as<To, std::int32_t, std::uint32_t>(a, out)
                           : convert_as<To, std::uint32_t, std::uint32_t>(a, out);
    default:
      return kind == 'f'   ? convert_as<To, double, std::uint64_t>(a, out)
             : kind == 'i' ? convert_as<To, std::int64_t, std::uint64_t>(a, out)
                           : convert_as<To, std::uint64_t, std::uint64_t>(a, out);
  }
}

template <class To>
Array converted(const FileArray& a) {
  Array out(a.shape, element_type<To>());
  if (a.shape.count() > 0) convert(a, out.as<To>());
  return out;
}

std::vector<std::int64_t> row_major(const Shape& shape) {
  std::vector<std::int64_t> strides(shape.sizes().size());
  std::int64_t step = 1;
  for (std::size_t i = strides.size(); i-- > 0;) {
    strides[i] = step;
    step *= shape.sizes()[i];
  }
  return strides;
}

}  // namespace

float half_to_float(std::uint16_t half) {
  const std::uint32_t sign = (half & 0x8000u) << 16, fraction = half & 0x3ffu;
  const std::uint32_t exponent = (half >> 10) & 0x1fu;
  if (exponent == 0) {  // zero and subnormal numbers: fraction * 2^-24
    const float small = static_cast<float>(fraction) * 0x1p-24f;
    return sign ? -small : small;
  }
  return std::bit_cast<float>(sign | (exponent == 31 ? 0x7f800000u : (exponent + 112) << 23) | (fraction << 13));
}

FileArray read_elements(ByteStream& stream, NumberFormat format, Shape shape, bool is_column_major, const std::string& where) {
  std::int64_t bytes = format.bytes;
  bool overflows = false, has_zero = false;
  for (const std::int64_t size : shape.sizes()) {
    if (size < 0) throw Error(Trouble::data, where, "the shape " + shape.text(), "extents that are not negative");
    has_zero = has_zero || size == 0;
  }
  for (const std::int64_t size : shape.sizes()) overflows = overflows || __builtin_mul_overflow(bytes, size, &bytes);
  if (has_zero) throw Error(Trouble::data, where, "the shape " + shape.text() + ", without elements", "at least one row");
  if (overflows || static_cast<std::uint64_t>(bytes) > stream.most_bytes())
    throw Error(Trouble::data, where, "a header that claims the shape " + shape.text() + ", more than the file can hold",
                "a whole file");
  FileArray a{.format = format, .shape = shape, .strides = row_major(shape), .raw = Array({bytes}, ElementType::uint8)};
  if (is_column_major) {
    std::vector<std::int64_t> sizes(shape.sizes().rbegin(), shape.sizes().rend());
    a.strides = row_major(Shape(sizes));
    a.strides = std::vector<std::int64_t>(a.strides.rbegin(), a.strides.rend());
  }
  read_exactly(stream, a.raw.data(), static_cast<std::size_t>(bytes), where);
  char further = 0;
  if (stream.read(&further, 1) != 0)
    throw Error(Trouble::data, where, "bytes after the last element", "as many as the header says: the shape " + shape.text());
  return a;
}

FileArray transposed(const FileArray& a, const std::vector<int>& order) {
  FileArray b{.format = a.format, .raw = a.raw};
  std::vector<std::int64_t> sizes;
  for (const int axis : order) {
    sizes.push_back(a.shape[axis]);
    b.strides.push_back(a.strides[static_cast<std::size_t>(axis)]);
  }
  b.shape = Shape(sizes);
  return b;
}

Array to_bytes(const FileArray& a) {
  TEND_EXPECTS(a.format.bytes == 1 && a.format.kind != 'i');
  if (a.strides != row_major(a.shape)) return converted<std::uint8_t>(a);
  Array bytes = a.raw;
  bytes.reshape(a.shape);
  return bytes;
}

Array to_floats(const FileArray& a) { return converted<float>(a); }
Array to_doubles(const FileArray& a) { return converted<double>(a); }

}  // namespace tend
