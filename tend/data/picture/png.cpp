#include <memory>

#include <spng.h>

#include "tend/base/error.h"
#include "tend/data/picture/picture.h"

namespace tend {
namespace {

struct FreeContext {
  void operator()(spng_ctx* context) const { spng_ctx_free(context); }
};

void check(int result, const std::string& where) {
  if (result) throw Error(Trouble::data, where, std::string("a damaged PNG: ") + spng_strerror(result), "a whole PNG file");
}

template <class T>
std::vector<T> decoded_png(spng_ctx* context, int format, const std::string& where) {
  std::size_t size = 0;
  check(spng_decoded_image_size(context, format, &size), where);
  std::vector<T> samples(size / sizeof(T));
  check(spng_decode_image(context, samples.data(), size, format, 0), where);
  return samples;
}

/// Keeps the first `kept` of each `all` samples, in place.
template <class T>
void keep_first(std::vector<T>& samples, std::size_t all, std::size_t kept) {
  if (all == kept) return;
  T* out = samples.data();
  for (std::size_t i = 0; i < samples.size(); i += all)
    for (std::size_t c = 0; c < kept; ++c) *out++ = samples[i + c];
  samples.resize(samples.size() / all * kept);
  samples.shrink_to_fit();
}

}  // namespace

bool is_png(std::string_view head) { return head.substr(0, 8) == "\x89PNG\r\n\x1a\n"; }

Picture decode_png(std::string_view bytes, const std::string& where) {
  const std::unique_ptr<spng_ctx, FreeContext> context(spng_ctx_new(0));
  if (!context) throw Error(Trouble::data, where, "libspng cannot start");
  spng_set_chunk_limits(context.get(), 64u << 20, 64u << 20);
  check(spng_set_png_buffer(context.get(), bytes.data(), bytes.size()), where);
  spng_ihdr header{};
  check(spng_get_ihdr(context.get(), &header), where);
  constexpr std::size_t samples_of_type[] = {1, 0, 3, 1, 2, 0, 4};  // indexed by colour type
  const std::size_t samples = samples_of_type[header.color_type];
  check_claim(header.width, header.height, samples * (header.bit_depth == 16 ? 2 : 1), bytes.size(), "PNG", where);
  const std::uint64_t pixels = static_cast<std::uint64_t>(header.width) * header.height;
  if (pixels * samples * header.bit_depth / 8 / 1032 > bytes.size())  // the largest ratio that deflate can reach
    throw Error(Trouble::data, where,
                "fewer bytes than " + std::to_string(header.width) + " x " + std::to_string(header.height) + " pixels can take",
                "a whole PNG file");
  const bool is_grey = header.color_type == SPNG_COLOR_TYPE_GRAYSCALE || header.color_type == SPNG_COLOR_TYPE_GRAYSCALE_ALPHA;
  Picture picture{
      .height = static_cast<int>(header.height), .width = static_cast<int>(header.width), .channels = is_grey ? 1 : 3};
  const auto channels = static_cast<std::size_t>(picture.channels);
  if (header.bit_depth == 16) {
    picture.deep = decoded_png<std::uint16_t>(context.get(), SPNG_FMT_PNG, where);
    keep_first(picture.deep, samples, channels);
  } else if (is_grey && samples == 2) {
    picture.pixels = decoded_png<std::uint8_t>(context.get(), SPNG_FMT_PNG, where);
    keep_first(picture.pixels, samples, channels);
  } else {
    picture.pixels = decoded_png<std::uint8_t>(context.get(), is_grey ? SPNG_FMT_G8 : SPNG_FMT_RGB8, where);
  }
  spng_exif exif{};
  if (spng_get_exif(context.get(), &exif) != 0) return picture;
  return upright(std::move(picture), orientation_in_exif({exif.data, exif.length}));
}

}  // namespace tend
