#include "tend/data/picture/picture.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <type_traits>

#include "tend/base/error.h"

namespace tend {

namespace {

struct PictureFormat {
  bool (*fits)(std::string_view);
  Picture (*decode)(std::string_view, const std::string&);
};
constexpr PictureFormat formats[] = {
    {is_jpeg, decode_jpeg}, {is_png, decode_png}, {is_bmp, decode_bmp}, {is_tiff, decode_tiff}, {is_webp, decode_webp}};

template <class T>
std::vector<T> turned_samples(const std::vector<T>& samples, const Picture& from, const Picture& to, int orientation) {
  if (samples.empty()) return {};
  const bool is_transposed = orientation >= 5;
  const bool mirrors_rows = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
  const bool mirrors_columns = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
  std::vector<T> all(samples.size());
  T* out = all.data();
  for (int i = 0; i < to.height; ++i)
    for (int j = 0; j < to.width; ++j) {
      const int a = mirrors_rows ? to.height - 1 - i : i, b = mirrors_columns ? to.width - 1 - j : j;
      const std::int64_t row = is_transposed ? b : a, column = is_transposed ? a : b;
      const T* in = samples.data() + (row * from.width + column) * from.channels;
      for (int c = 0; c < from.channels; ++c) *out++ = in[c];
    }
  return all;
}

}  // namespace

bool is_picture(std::string_view head) {
  return std::any_of(std::begin(formats), std::end(formats), [&](const PictureFormat& format) { return format.fits(head); });
}

Picture decode_picture(std::string_view bytes, const std::string& where) {
  for (const PictureFormat& format : formats)
    if (format.fits(bytes)) return format.decode(bytes, where);
  throw Error(Trouble::data, where, bytes.empty() ? "an empty file" : std::string("not ") + picture_formats,
              std::string("a ") + picture_formats + " image");
}

void check_claim(std::uint64_t width, std::uint64_t height, std::uint64_t bytes_per_pixel, std::uint64_t file_bytes,
                 const char* format, const std::string& where) {
  constexpr std::uint64_t harmless = 64u << 20, largest_ratio = 20'000;
  const std::string size = std::to_string(width) + " x " + std::to_string(height) + " pixels";
  if (width == 0 || height == 0)
    throw Error(Trouble::data, where, std::string("a damaged ") + format + " without an image",
                std::string("a whole ") + format + " file");
  if (width > most_pixels || height > most_pixels || width * height > static_cast<std::uint64_t>(most_pixels))
    throw Error(Trouble::data, where, size, "at most 64 million");
  const std::uint64_t bytes = width * height * bytes_per_pixel;
  if (bytes > harmless && bytes / largest_ratio > file_bytes)
    throw Error(Trouble::data, where, "a file of " + std::to_string(file_bytes) + " bytes that claims " + size,
                std::string("a whole ") + format + " file");
}

Picture upright(Picture picture, int orientation) {
  if (orientation < 2 || orientation > 8) return picture;
  const bool is_transposed = orientation >= 5;
  Picture turned{.height = is_transposed ? picture.width : picture.height,
                 .width = is_transposed ? picture.height : picture.width,
                 .channels = picture.channels};
  turned.pixels = turned_samples(picture.pixels, picture, turned, orientation);
  turned.deep = turned_samples(picture.deep, picture, turned, orientation);
  return turned;
}

namespace {

/// For each place of the result: the places of the source that contribute, and their weights.
struct Weights {
  std::vector<int> first;
  std::vector<std::vector<double>> weights;
};

Weights triangle(int size, int new_size) {
  Weights all;
  const double scale = static_cast<double>(size) / new_size, reach = std::max(1.0, scale);
  for (int i = 0; i < new_size; ++i) {
    const double centre = (i + 0.5) * scale;
    const int low = std::max(0, static_cast<int>(centre - reach + 0.5)),
              high = std::min(size, static_cast<int>(centre + reach + 0.5));
    std::vector<double> w;
    double sum = 0;
    for (int k = low; k < high; ++k) {
      w.push_back(std::max(0.0, 1 - std::abs((k + 0.5 - centre) / reach)));
      sum += w.back();
    }
    for (double& v : w) v /= sum;
    all.first.push_back(low);
    all.weights.push_back(std::move(w));
  }
  return all;
}

}  // namespace

template <class T>
void resize_image(const T* in, int height, int width, int channels, T* out, int new_height, int new_width) {
  const Weights across = triangle(width, new_width), down = triangle(height, new_height);
  const auto row_size = static_cast<std::size_t>(new_width) * static_cast<std::size_t>(channels);
  std::vector<double> narrow(static_cast<std::size_t>(height) * row_size), sum(row_size);
  for (int i = 0; i < height; ++i)
    for (int j = 0; j < new_width; ++j)
      for (int c = 0; c < channels; ++c) {
        const auto& w = across.weights[static_cast<std::size_t>(j)];
        const T* from = in + (static_cast<std::int64_t>(i) * width + across.first[static_cast<std::size_t>(j)]) * channels + c;
        double v = 0;
        for (std::size_t k = 0; k < w.size(); ++k) v += w[k] * static_cast<double>(from[static_cast<std::int64_t>(k) * channels]);
        narrow[static_cast<std::size_t>(i) * row_size + static_cast<std::size_t>(j * channels + c)] = v;
      }
  for (int i = 0; i < new_height; ++i) {
    const auto& w = down.weights[static_cast<std::size_t>(i)];
    std::fill(sum.begin(), sum.end(), 0.0);
    for (std::size_t k = 0; k < w.size(); ++k) {
      const double* from = narrow.data() + (static_cast<std::size_t>(down.first[static_cast<std::size_t>(i)]) + k) * row_size;
      for (std::size_t j = 0; j < row_size; ++j) sum[j] += w[k] * from[j];
    }
    T* to = out + static_cast<std::size_t>(i) * row_size;
    for (std::size_t j = 0; j < row_size; ++j) {
      if constexpr (std::is_same_v<T, std::uint8_t>) to[j] = static_cast<T>(std::clamp(sum[j] + 0.5, 0.0, 255.0));
      else to[j] = static_cast<T>(sum[j]);
    }
  }
}
template void resize_image(const std::uint8_t*, int, int, int, std::uint8_t*, int, int);
template void resize_image(const float*, int, int, int, float*, int, int);

}  // namespace tend
