// Images of every format that is read, detected by content.
#include "tend/data/picture/picture.h"

#include "tests/fuzz/input.h"

using namespace tend;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::refuse_or([&] {
    const Picture picture = decode_picture(fuzz::Input(data, size).rest(), "a/1.png");
    const std::int64_t pixels = static_cast<std::int64_t>(picture.height) * picture.width;
    fuzz::must_hold(pixels > 0 && pixels <= most_pixels, "the size is within the limit");
    fuzz::must_hold(picture.channels == 1 || picture.channels == 3, "grey or RGB");
    fuzz::must_hold(static_cast<std::int64_t>(picture.pixels.size() + picture.deep.size()) == pixels * picture.channels,
                    "each pixel is there");
  });
  return 0;
}
