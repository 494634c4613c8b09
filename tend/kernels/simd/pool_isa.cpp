#include "tend/kernels/simd/pool_window.h"
#include "tend/kernels/simd/vec.h"

namespace tend::TEND_ISA {
namespace {

constexpr std::int64_t width = vec::width;
constexpr std::uint8_t nowhere = 255;

void max_of_window(const PoolWindow& w, const float* image, float* y, std::uint8_t* where) {
  for (std::int64_t c = 0; c < w.channels; c += width) {
    const bool whole = w.channels - c >= width;
    const int count = static_cast<int>(whole ? width : w.channels - c);
    const part some(whole ? 1 : count);
    vec best = zero(), place = all(nowhere);
    bool first = true;
    for (std::int64_t i = w.top; i < w.bottom; ++i)
      for (std::int64_t j = w.left; j < w.right; ++j) {
        const vec x = load(w.at(image, i, j) + c, whole, some), here = all(static_cast<float>(w.place(i, j)));
        const lanes wins = beats(x, best);
        best = first ? x : choose(wins, x, best);
        place = first ? here : choose(wins, here, place);
        first = false;
      }
    store(y + c, best, whole, some);
    if (!where) continue;
    float places[width];
    store(places, place);
    if (whole)
      for (int l = 0; l < width; ++l) where[c + l] = static_cast<std::uint8_t>(static_cast<int>(places[l]));
    else
      for (int l = 0; l < count; ++l) where[c + l] = static_cast<std::uint8_t>(static_cast<int>(places[l]));
  }
}

void max(const PoolSpec& s, std::int64_t images, const float* x, float* y, std::uint8_t* where) {
  each_window(s, images, [=](const PoolWindow& w, std::int64_t image, std::int64_t output) {
    max_of_window(w, x + image, y + output, where ? where + output : nullptr);
  });
}

void clear(float* x, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) x[i] = 0;
}

/// Returns whether every window of a pooling lies on the image and overlaps no other.
bool is_apart(const PoolSpec& s) {
  return s.stride_height >= s.window_height && s.stride_width >= s.window_width && s.pad_top == 0 && s.pad_left == 0 &&
         (s.out_height - 1) * s.stride_height + s.window_height <= s.height &&
         (s.out_width - 1) * s.stride_width + s.window_width <= s.width;
}
/// Returns whether separate windows leave no place between them or after them.
bool is_covered(const PoolSpec& s) {
  return s.out_height * s.window_height == s.height && s.out_width * s.window_width == s.width;
}

/// Writes dy to the place of dx that `where` names: added to the value there, or (`apart`) replacing it.
template <bool apart>
void max_backward(const PoolSpec& s, std::int64_t images, const float* dy, const std::uint8_t* where, float* dx) {
  each_window(s, images, [=](const PoolWindow& w, std::int64_t image, std::int64_t output) {
    for (std::int64_t c = 0; c < w.channels; c += width) {
      const bool whole = w.channels - c >= width;
      const int count = static_cast<int>(whole ? width : w.channels - c);
      const part some(whole ? 1 : count);
      const vec slope = load(dy + output + c, whole, some);
      const vec place = whole ? load_bytes(where + output + c, width) : load_bytes(where + output + c, count);
      for (std::int64_t i = w.top; i < w.bottom; ++i)
        for (std::int64_t j = w.left; j < w.right; ++j) {
          float* to = w.at(dx + image, i, j) + c;
          const vec here = choose(same(place, all(static_cast<float>(w.place(i, j)))), slope, zero());
          store(to, apart ? here : load(to, whole, some) + here, whole, some);
        }
    }
  });
}

void max_backward(const PoolSpec& s, std::int64_t images, const float* dy, const std::uint8_t* where, float* dx) {
  const bool apart = is_apart(s);
  if (!apart || !is_covered(s)) clear(dx, images * s.height * s.width * s.channels);
  (apart ? max_backward<true> : max_backward<false>)(s, images, dy, where, dx);
}

void average(const PoolSpec& s, std::int64_t images, const float* x, float* y) {
  const float share = 1.0f / static_cast<float>(s.window_height * s.window_width);
  each_window(s, images, [=](const PoolWindow& w, std::int64_t image, std::int64_t output) {
    for (std::int64_t c = 0; c < w.channels; c += width) {
      const bool whole = w.channels - c >= width;
      const part some(static_cast<int>(whole ? 1 : w.channels - c));
      vec sum = zero();
      for (std::int64_t i = w.top; i < w.bottom; ++i)
        for (std::int64_t j = w.left; j < w.right; ++j) sum = sum + load(w.at(x + image, i, j) + c, whole, some);
      store(y + output + c, sum * all(share), whole, some);
    }
  });
}

void average_backward(const PoolSpec& s, std::int64_t images, const float* dy, float* dx) {
  const float share = 1.0f / static_cast<float>(s.window_height * s.window_width);
  clear(dx, images * s.height * s.width * s.channels);
  each_window(s, images, [=](const PoolWindow& w, std::int64_t image, std::int64_t output) {
    for (std::int64_t c = 0; c < w.channels; c += width) {
      const bool whole = w.channels - c >= width;
      const part some(static_cast<int>(whole ? 1 : w.channels - c));
      const vec slope = load(dy + output + c, whole, some) * all(share);
      for (std::int64_t i = w.top; i < w.bottom; ++i)
        for (std::int64_t j = w.left; j < w.right; ++j) {
          float* to = w.at(dx + image, i, j) + c;
          store(to, load(to, whole, some) + slope, whole, some);
        }
    }
  });
}

}  // namespace

extern const PoolTable pools = {max, max_backward, average, average_backward};

}  // namespace tend::TEND_ISA
