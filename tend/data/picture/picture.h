#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tend {

/// An image of bytes [height, width, channels], channels last: 1 channel (grey) or 3 (red, green, blue).
struct Picture {
  int height = 0, width = 0, channels = 0;
  std::vector<std::uint8_t> pixels = {};
};

constexpr std::int64_t most_pixels = 64'000'000;  ///< largest number of pixels of one image, whatever its header claims

/// Decodes JPEG or PNG, detected by content. Grey stays grey; other images become RGB (transparency is dropped, 16 bits become
/// 8). A JPEG is rotated by its EXIF orientation. Throws Error{data, where, ...} if the image is damaged, truncated or too large.
Picture decode_picture(std::string_view bytes, const std::string& where);
bool is_jpeg(std::string_view bytes);
bool is_png(std::string_view bytes);

Picture decode_jpeg(std::string_view bytes, const std::string& where);
Picture decode_png(std::string_view bytes, const std::string& where);

/// Returns the EXIF orientation of a JPEG, 1 .. 8; 1 if it has none.
int exif_orientation(std::string_view jpeg);
/// Rotates and mirrors an image of that orientation so that it is upright.
Picture upright(Picture picture, int orientation);

/// Bilinear resizing with pixel centres at halves. The filter is widened if the image shrinks (no aliasing), and weights are
/// normalized at edges: equals Pillow's BILINEAR up to rounding. Requires all extents >= 1. T: std::uint8_t (rounded) or float.
template <class T>
void resize_image(const T* in, int height, int width, int channels, T* out, int new_height, int new_width);

}  // namespace tend
