#include <cstring>
#include <memory>

#include <turbojpeg.h>

#include "tend/base/error.h"
#include "tend/data/picture/picture.h"

namespace tend {
namespace {

struct Destroy {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using Handle = std::unique_ptr<void, Destroy>;

/// One decompressor a thread: creating one for each small image would take longer than decoding it. After a damaged image it must
/// be made anew, since it keeps tables of that image and then refuses whole ones.
Handle& decompressor() {
  thread_local Handle handle;
  return handle;
}

/// Returns whether a warning leaves every pixel correct.
bool is_harmless(std::string_view warning) {
  return warning.find("extraneous bytes before marker") != std::string_view::npos ||
         warning.find("Unknown Adobe color transform") != std::string_view::npos;
}

[[noreturn]] void refuse(tjhandle handle, const std::string& where) {
  throw Error(Trouble::data, where, std::string("a damaged JPEG: ") + tjGetErrorStr2(handle), "a whole JPEG file");
}

/// Converts CMYK, which Adobe stores inverted, to RGB.
void inks_to_rgb(const std::vector<std::uint8_t>& inks, std::vector<std::uint8_t>& rgb) {
  for (std::size_t i = 0; i < inks.size() / 4; ++i)
    for (std::size_t c = 0; c < 3; ++c)
      rgb[3 * i + c] = static_cast<std::uint8_t>((inks[4 * i + c] * inks[4 * i + 3] + 127) / 255);
}

Picture decoded(tjhandle handle, std::string_view bytes, const std::string& where) {
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  const auto size = static_cast<unsigned long>(bytes.size());
  int width = 0, height = 0, sampling = 0, space = 0;
  if (tjDecompressHeader3(handle, data, size, &width, &height, &sampling, &space) != 0 && tjGetErrorCode(handle) == TJERR_FATAL)
    refuse(handle, where);
  if (width < 1 || height < 1) throw Error(Trouble::data, where, "a damaged JPEG without an image", "a whole JPEG file");
  if (static_cast<std::int64_t>(width) * height > most_pixels)
    throw Error(Trouble::data, where, std::to_string(width) + " x " + std::to_string(height) + " pixels", "at most 64 million");
  const bool has_inks = space == TJCS_CMYK || space == TJCS_YCCK;
  const TJPF format = space == TJCS_GRAY ? TJPF_GRAY : has_inks ? TJPF_CMYK : TJPF_RGB;
  Picture picture{.height = height, .width = width, .channels = space == TJCS_GRAY ? 1 : 3};
  const auto pixels = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  std::vector<std::uint8_t> values(pixels * static_cast<std::size_t>(tjPixelSize[format]));
  if (tjDecompress2(handle, data, size, values.data(), width, 0, height, format, TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS) != 0 &&
      (tjGetErrorCode(handle) == TJERR_FATAL || !is_harmless(tjGetErrorStr2(handle))))
    refuse(handle, where);
  if (has_inks) {
    picture.pixels.resize(3 * pixels);
    inks_to_rgb(values, picture.pixels);
  } else {
    picture.pixels = std::move(values);
  }
  return picture;
}

}  // namespace

bool is_jpeg(std::string_view bytes) { return bytes.size() >= 3 && bytes.substr(0, 3) == "\xff\xd8\xff"; }

Picture decode_jpeg(std::string_view bytes, const std::string& where) {
  if (!decompressor()) decompressor().reset(tjInitDecompress());
  if (!decompressor()) throw Error(Trouble::data, where, "libturbojpeg cannot start");
  try {
    return decoded(decompressor().get(), bytes, where);
  } catch (const Error&) {
    decompressor().reset();
    throw;
  }
}

int exif_orientation(std::string_view jpeg) {
  const auto byte = [](std::string_view s, std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(s[i])); };
  std::size_t at = 2;
  while (at + 4 <= jpeg.size() && byte(jpeg, at) == 0xff && byte(jpeg, at + 1) != 0xda) {
    const std::size_t length = byte(jpeg, at + 2) * 256 + byte(jpeg, at + 3);
    if (length < 2 || at + 2 + length > jpeg.size()) return 1;
    std::string_view segment = jpeg.substr(at + 4, length - 2);
    const bool is_exif = byte(jpeg, at + 1) == 0xe1 && segment.size() > 14 &&
                         segment.substr(0, 6) == std::string_view("Exif\0\0", 6);
    at += 2 + length;
    if (!is_exif) continue;
    segment.remove_prefix(6);
    const bool is_little = segment[0] == 'I';
    const auto number = [&](std::size_t i, std::size_t n) {
      std::size_t v = 0;
      for (std::size_t k = 0; k < n; ++k) v = v * 256 + byte(segment, i + (is_little ? n - 1 - k : k));
      return v;
    };
    const std::size_t directory = number(4, 4);
    if (directory > segment.size() || segment.size() - directory < 2) return 1;
    const std::size_t entries = number(directory, 2);
    for (std::size_t k = 0; k < entries; ++k) {
      const std::size_t entry = directory + 2 + 12 * k;
      if (entry + 12 > segment.size()) return 1;
      if (number(entry, 2) == 0x0112) {
        const std::size_t orientation = number(entry + 8, 2);
        return orientation >= 1 && orientation <= 8 ? static_cast<int>(orientation) : 1;
      }
    }
    return 1;
  }
  return 1;
}

}  // namespace tend
