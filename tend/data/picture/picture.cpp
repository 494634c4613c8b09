#include "tend/data/picture/picture.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "tend/base/error.h"

namespace tend {

Picture decode_picture(std::string_view bytes, const std::string& where) {
  if (is_jpeg(bytes)) return upright(decode_jpeg(bytes, where), exif_orientation(bytes));
  if (is_png(bytes)) return decode_png(bytes, where);
  throw Error(Trouble::data, where, bytes.empty() ? "an empty file" : "neither a JPEG nor a PNG", "a JPEG or PNG image");
}

Picture upright(Picture picture, int orientation) {
  if (orientation < 2 || orientation > 8) return picture;
  const bool is_transposed = orientation >= 5;
  const bool mirrors_rows = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
  const bool mirrors_columns = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
  Picture turned{.height = is_transposed ? picture.width : picture.height,
                 .width = is_transposed ? picture.height : picture.width,
                 .channels = picture.channels,
                 .pixels = std::vector<std::uint8_t>(picture.pixels.size())};
  std::uint8_t* out = turned.pixels.data();
  for (int i = 0; i < turned.height; ++i)
    for (int j = 0; j < turned.width; ++j) {
      const int a = mirrors_rows ? turned.height - 1 - i : i, b = mirrors_columns ? turned.width - 1 - j : j;
      const std::int64_t row = is_transposed ? b : a, column = is_transposed ? a : b;
      const std::uint8_t* in = picture.pixels.data() + (row * picture.width + column) * picture.channels;
      for (int c = 0; c < picture.channels; ++c) *out++ = in[c];
    }
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
