#include <memory>

#include <spng.h>

#include "tend/base/error.h"
#include "tend/data/picture/picture.h"

namespace tend {
namespace {

struct Free {
  void operator()(spng_ctx* context) const { spng_ctx_free(context); }
};

void check(int result, const std::string& where) {
  if (result) throw Error(Trouble::data, where, std::string("a damaged PNG: ") + spng_strerror(result), "a whole PNG file");
}

}  // namespace

bool is_png(std::string_view bytes) { return bytes.size() >= 8 && bytes.substr(0, 8) == "\x89PNG\r\n\x1a\n"; }

Picture decode_png(std::string_view bytes, const std::string& where) {
  const std::unique_ptr<spng_ctx, Free> context(spng_ctx_new(0));
  if (!context) throw Error(Trouble::data, where, "libspng cannot start");
  spng_set_chunk_limits(context.get(), 64u << 20, 64u << 20);
  check(spng_set_png_buffer(context.get(), bytes.data(), bytes.size()), where);
  spng_ihdr header{};
  check(spng_get_ihdr(context.get(), &header), where);
  const std::uint64_t pixels = static_cast<std::uint64_t>(header.width) * header.height;
  if (pixels > static_cast<std::uint64_t>(most_pixels))
    throw Error(Trouble::data, where, std::to_string(header.width) + " x " + std::to_string(header.height) + " pixels",
                "at most 64 million");
  const int samples[] = {1, 0, 3, 1, 2, 0, 4};  // indexed by colour type
  if (pixels * static_cast<unsigned>(samples[header.color_type]) * header.bit_depth / 8 / 1032 >
      bytes.size())  // the largest ratio that deflate can reach
    throw Error(Trouble::data, where,
                "fewer bytes than " + std::to_string(header.width) + " x " + std::to_string(header.height) + " pixels can take",
                "a whole PNG file");
  const bool is_grey = header.color_type == SPNG_COLOR_TYPE_GRAYSCALE || header.color_type == SPNG_COLOR_TYPE_GRAYSCALE_ALPHA;
  // spng returns plain grey for grey images of up to 8 bits; all others are decoded as RGBA.
  const bool is_plain_grey = header.color_type == SPNG_COLOR_TYPE_GRAYSCALE && header.bit_depth <= 8;
  const int format = is_plain_grey ? SPNG_FMT_G8 : is_grey ? SPNG_FMT_RGBA8 : SPNG_FMT_RGB8;
  std::size_t size = 0;
  check(spng_decoded_image_size(context.get(), format, &size), where);
  std::vector<std::uint8_t> decoded(size);
  check(spng_decode_image(context.get(), decoded.data(), size, format, 0), where);
  Picture picture{
      .height = static_cast<int>(header.height), .width = static_cast<int>(header.width), .channels = is_grey ? 1 : 3};
  if (is_grey && !is_plain_grey) {
    picture.pixels.resize(pixels);
    for (std::size_t i = 0; i < pixels; ++i) picture.pixels[i] = decoded[4 * i];
  } else {
    picture.pixels = std::move(decoded);
  }
  return picture;
}

}  // namespace tend
