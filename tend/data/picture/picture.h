#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tend {

/// An image of bytes [height, width, channels], channels last: 1 (grey) or 3 (red, green, blue).
struct Picture {
  int height = 0, width = 0, channels = 0;
  std::vector<std::uint8_t> pixels = {};
};

constexpr std::int64_t most_pixels = 64'000'000;  ///< of one image, whatever its header claims

/// JPEG or PNG, told by the content. Grey stays grey, everything else becomes RGB (transparency is dropped, 16 bits become 8);
/// a JPEG is turned as its EXIF orientation says. Throws Error{data, where, ...} where it is damaged, cut off or too large.
Picture decode_picture(std::string_view bytes, const std::string& where);
bool is_jpeg(std::string_view bytes);
bool is_png(std::string_view bytes);

Picture decode_jpeg(std::string_view bytes, const std::string& where);
Picture decode_png(std::string_view bytes, const std::string& where);

/// The EXIF orientation of a JPEG, 1 .. 8; 1 where it has none.
int exif_orientation(std::string_view jpeg);
/// Turns and mirrors so that an image of that orientation stands upright.
Picture upright(Picture picture, int orientation);

/// Bilinear, pixel centres at halves, the filter widened where the image shrinks (no aliasing), edges weighted anew: what
/// Pillow's BILINEAR computes, up to rounding. Requires all extents >= 1. T: std::uint8_t (rounded) or float.
template <class T>
void resize_image(const T* in, int height, int width, int channels, T* out, int new_height, int new_width);

}  // namespace tend
