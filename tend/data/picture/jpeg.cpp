#include <algorithm>
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
  const bool is_grey = space == TJCS_GRAY;
  check_claim(static_cast<std::uint64_t>(std::max(width, 0)), static_cast<std::uint64_t>(std::max(height, 0)), is_grey ? 1 : 3,
              bytes.size(), "JPEG", where);
  const bool has_inks = space == TJCS_CMYK || space == TJCS_YCCK;
  const TJPF format = is_grey ? TJPF_GRAY : has_inks ? TJPF_CMYK : TJPF_RGB;
  Picture picture{.height = height, .width = width, .channels = is_grey ? 1 : 3};
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
    return upright(decoded(decompressor().get(), bytes, where), exif_orientation(bytes));
  } catch (const Error&) {
    decompressor().reset();
    throw;
  }
}

}  // namespace tend
