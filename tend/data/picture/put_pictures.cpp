#include "tend/data/picture/put_pictures.h"

#include <algorithm>
#include <type_traits>

namespace tend {
namespace {

/// Samples of a picture as T, in which white is `white`.
template <class T>
std::vector<T> samples_of(Picture& from, float white) {
  if constexpr (std::is_same_v<T, std::uint8_t>) {
    return std::move(from.pixels);
  } else {
    const float factor = white / (from.is_deep() ? 65535.0f : 255.0f);
    std::vector<T> all;
    all.reserve(from.pixels.size() + from.deep.size());
    for (const std::uint8_t v : from.pixels) all.push_back(static_cast<float>(v) * factor);
    for (const std::uint16_t v : from.deep) all.push_back(static_cast<float>(v) * factor);
    return all;
  }
}

/// Writes one row, resized to the common size, and grey as RGB where the others are. Frees the picture's samples.
template <class T>
void put_row(Picture& from, float white, int height, int width, int channels, T* out) {
  std::vector<T> samples = samples_of<T>(from, white);
  if (from.height != height || from.width != width) {
    std::vector<T> resized(static_cast<std::size_t>(height) * static_cast<std::size_t>(width) *
                           static_cast<std::size_t>(from.channels));
    resize_image(samples.data(), from.height, from.width, from.channels, resized.data(), height, width);
    samples = std::move(resized);
  }
  if (from.channels == channels) {
    std::copy(samples.begin(), samples.end(), out);
  } else {
    for (const T v : samples)
      for (int c = 0; c < channels; ++c) *out++ = v;
  }
  from.pixels = {};
  from.deep = {};
}

template <class T>
void put_all(const std::vector<PictureFile*>& rows, float white, Array& x) {
  const auto height = static_cast<int>(x.shape()[1]), width = static_cast<int>(x.shape()[2]),
             channels = static_cast<int>(x.shape()[3]);
  T* out = x.as<T>();
  for (PictureFile* row : rows) {
    put_row(row->picture, white, height, width, channels, out);
    out += x.row_size();
  }
}

}  // namespace

void put_pictures(const std::vector<PictureFile*>& pictures, float white, Array& x) {
  if (x.type() == ElementType::uint8) put_all<std::uint8_t>(pictures, white, x);
  else put_all<float>(pictures, white, x);
}

}  // namespace tend
