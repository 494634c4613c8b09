#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tend {

/// An image [height, width, channels], channels last: 1 channel (grey) or 3 (red, green, blue). Its samples are bytes, 0 .. 255,
/// or have 16 bits, 0 .. 65535; the other vector is empty.
struct Picture {
  int height = 0, width = 0, channels = 0;
  std::vector<std::uint8_t> pixels = {};
  std::vector<std::uint16_t> deep = {};
  bool is_deep() const { return !deep.empty(); }
  std::size_t bytes() const { return pixels.size() + 2 * deep.size(); }
};

constexpr std::int64_t most_pixels = 64'000'000;  ///< largest number of pixels of one image, whatever its header claims
constexpr const char* picture_formats = "JPEG, PNG, BMP, TIFF or WebP";

/// Decodes an image of one of these formats, detected by content. Grey stays grey; other images become RGB; transparency is
/// dropped. PNG and TIFF images of 16 bits keep them. An image is turned as its EXIF or TIFF orientation says. Of a TIFF file
/// with several images the first is read. Throws Error{data, where, ...} if the image is damaged, truncated or too large. Memory
/// is bounded.
Picture decode_picture(std::string_view bytes, const std::string& where);
bool is_picture(std::string_view head);  ///< by its first 32 bytes

/// The formats one by one; is_...() looks at the first 32 bytes.
bool is_jpeg(std::string_view head);
Picture decode_jpeg(std::string_view bytes, const std::string& where);
bool is_png(std::string_view head);
Picture decode_png(std::string_view bytes, const std::string& where);
bool is_bmp(std::string_view head);
Picture decode_bmp(std::string_view bytes, const std::string& where);
bool is_tiff(std::string_view head);
Picture decode_tiff(std::string_view bytes, const std::string& where);
bool is_webp(std::string_view head);
Picture decode_webp(std::string_view bytes, const std::string& where);

/// Throws Error{data} unless an image of this size can be in a file of so many bytes: call it before memory is taken. `format`
/// names the format in the message: "PNG".
void check_claim(std::uint64_t width, std::uint64_t height, std::uint64_t bytes_per_pixel, std::uint64_t file_bytes,
                 const char* format, const std::string& where);

/// Returns the EXIF orientation of a JPEG, 1 .. 8; 1 if it has none.
int exif_orientation(std::string_view jpeg);
/// The same of an EXIF block, which begins with "II" or "MM".
int orientation_in_exif(std::string_view block);
/// Rotates and mirrors an image of that orientation so that it is upright.
Picture upright(Picture picture, int orientation);

/// Bilinear resizing with pixel centres at halves. The filter is widened if the image shrinks (no aliasing), and weights are
/// normalized at edges: equals Pillow's BILINEAR up to rounding. Requires all extents >= 1. T: std::uint8_t (rounded) or float.
template <class T>
void resize_image(const T* in, int height, int width, int channels, T* out, int new_height, int new_width);

}  // namespace tend
