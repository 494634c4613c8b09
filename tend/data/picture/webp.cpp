#include <webp/decode.h>

#include "tend/base/error.h"
#include "tend/data/picture/picture.h"

namespace tend {
namespace {

/// The EXIF block of a WebP file: RIFF chunks of a name, a length and bytes, padded to an even length.
std::string_view exif_of_webp(std::string_view bytes) {
  std::size_t at = 12;
  while (at + 8 <= bytes.size()) {
    std::size_t length = 0;
    for (std::size_t k = 4; k-- > 0;) length = length << 8 | static_cast<unsigned char>(bytes[at + 4 + k]);
    if (length > bytes.size() - at - 8) return {};
    if (bytes.substr(at, 4) == "EXIF") {
      std::string_view block = bytes.substr(at + 8, length);
      if (block.starts_with("Exif"))
        block.remove_prefix(std::min<std::size_t>(6, block.size()));  // some programs repeat JPEG's head
      return block;
    }
    at += 8 + length + length % 2;
  }
  return {};
}

}  // namespace

bool is_webp(std::string_view head) { return head.substr(0, 4) == "RIFF" && head.size() >= 12 && head.substr(8, 4) == "WEBP"; }

Picture decode_webp(std::string_view bytes, const std::string& where) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  WebPBitstreamFeatures features{};
  if (WebPGetFeatures(data, bytes.size(), &features) != VP8_STATUS_OK)
    throw Error(Trouble::data, where, "a damaged WebP: its header", "a whole WebP file");
  if (features.has_animation) throw Error(Trouble::data, where, "an animated WebP", "a WebP file of one image");
  check_claim(static_cast<std::uint64_t>(features.width), static_cast<std::uint64_t>(features.height), 3, bytes.size(), "WebP",
              where);
  Picture picture{.height = features.height, .width = features.width, .channels = 3};
  picture.pixels.resize(static_cast<std::size_t>(features.width) * static_cast<std::size_t>(features.height) * 3);
  if (!WebPDecodeRGBInto(data, bytes.size(), picture.pixels.data(), picture.pixels.size(), 3 * features.width))
    throw Error(Trouble::data, where, "a damaged WebP: its pixels", "a whole WebP file");
  return upright(std::move(picture), orientation_in_exif(exif_of_webp(bytes)));
}

}  // namespace tend
