#include "tend/data/picture/picture.h"

namespace tend {
namespace {

std::size_t byte(std::string_view s, std::size_t i) { return static_cast<unsigned char>(s[i]); }

}  // namespace

int exif_orientation(std::string_view jpeg) {
  std::size_t at = 2;
  while (at + 4 <= jpeg.size() && byte(jpeg, at) == 0xff && byte(jpeg, at + 1) != 0xda) {
    const std::size_t length = byte(jpeg, at + 2) * 256 + byte(jpeg, at + 3);
    if (length < 2 || at + 2 + length > jpeg.size()) return 1;
    const std::string_view segment = jpeg.substr(at + 4, length - 2);
    if (byte(jpeg, at + 1) == 0xe1 && segment.starts_with(std::string_view("Exif\0\0", 6)))
      return orientation_in_exif(segment.substr(6));
    at += 2 + length;
  }
  return 1;
}

int orientation_in_exif(std::string_view block) {
  if (block.size() < 8) return 1;
  const bool is_little = block[0] == 'I';
  const auto number = [&](std::size_t i, std::size_t n) {
    std::size_t v = 0;
    for (std::size_t k = 0; k < n; ++k) v = v * 256 + byte(block, i + (is_little ? n - 1 - k : k));
    return v;
  };
  const std::size_t directory = number(4, 4);
  if (directory > block.size() || block.size() - directory < 2) return 1;
  const std::size_t entries = number(directory, 2);
  for (std::size_t k = 0; k < entries; ++k) {
    const std::size_t entry = directory + 2 + 12 * k;
    if (entry + 12 > block.size()) return 1;
    if (number(entry, 2) != 0x0112) continue;
    const std::size_t orientation = number(entry + 8, 2);
    return orientation >= 1 && orientation <= 8 ? static_cast<int>(orientation) : 1;
  }
  return 1;
}

}  // namespace tend
