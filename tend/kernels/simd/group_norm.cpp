#include <cmath>

#include "tend/kernels/simd/blocks.h"
#include "tend/kernels/simd/fast_backend.h"
#include "tend/kernels/simd/norms.h"

namespace tend {

namespace {

/// The data that the kernels of one group normalization share. Rows of one place (layer_norm) are processed along the row, since
/// a group is one run of numbers. Images are processed by channel, and the sums of channels are combined to sums of groups.
struct Groups {
  std::int64_t places, channels, groups, width;
  double count, epsilon;
  explicit Groups(const GroupNormSpec& s)
      : places(s.places),
        channels(s.channels),
        groups(s.groups),
        width(s.channels / s.groups),
        count(static_cast<double>(s.places * width)),
        epsilon(s.epsilon) {}
  std::int64_t row() const { return places * channels; }

  void keep(double mean, double squares, float* saved) const {
    saved[0] = static_cast<float>(mean);
    saved[1] = static_cast<float>(1 / std::sqrt(squares / count + epsilon));
  }

  void forward_along(const NormTable& t, const float* x, const float* gamma, const float* beta, float* saved, float* y) const {
    for (std::int64_t g = 0; g < groups; ++g, saved += 2) {
      double mean, squares;
      t.row_moments(x + g * width, width, &mean, &squares);
      keep(mean, squares, saved);
      t.row_apply(x + g * width, y + g * width, width, saved[0], saved[1], gamma + g * width, beta + g * width);
    }
  }

  /// scratch: 2 doubles and 2 floats a channel.
  void forward_by_channel(const NormTable& t, const float* x, const float* gamma, const float* beta, float* saved, float* y,
                          void* scratch) const {
    double *means = static_cast<double*>(scratch), *squares = means + channels;
    float *mean = reinterpret_cast<float*>(squares + channels), *inverse = mean + channels;
    t.moments(x, channels, places, channels, means, squares);
    for (std::int64_t g = 0; g < groups; ++g, saved += 2) {
      double middle = 0, square = 0;
      for (std::int64_t c = g * width; c < (g + 1) * width; ++c) middle += means[c] / static_cast<double>(width);
      for (std::int64_t c = g * width; c < (g + 1) * width; ++c)
        square += squares[c] + static_cast<double>(places) * (means[c] - middle) * (means[c] - middle);
      keep(middle, square, saved);
      for (std::int64_t c = g * width; c < (g + 1) * width; ++c) mean[c] = saved[0], inverse[c] = saved[1];
    }
    t.apply(x, y, channels, places, channels, mean, inverse, gamma, beta);
  }

  void backward_along(const NormTable& t, const float* x, const float* gamma, const float* saved, const float* dy,
                      float* dx) const {
    for (std::int64_t g = 0; g < groups; ++g, saved += 2) {
      const std::int64_t at = g * width;
      double sum, product;
      t.row_gradient_sums(x + at, dy + at, gamma + at, width, saved[0], &sum, &product);
      const auto inverse = static_cast<double>(saved[1]);
      t.row_apply_gradient(x + at, dy + at, gamma + at, dx + at, width, saved[0], saved[1],
                           static_cast<float>(-inverse * inverse * inverse * product / count),
                           static_cast<float>(-inverse * sum / count));
    }
  }

  /// sums, products: of dy and dy (x - mean), one a channel, for the parameters' gradients. scratch: 4 floats a channel.
  void backward_by_channel(const NormTable& t, const float* x, const float* gamma, const float* saved, const float* dy, float* dx,
                           double* sums, double* products, void* scratch) const {
    float *mean = static_cast<float*>(scratch), *a = mean + channels, *b = a + channels, *c = b + channels;
    for (std::int64_t i = 0; i < channels; ++i) mean[i] = saved[2 * (i / width)];
    t.gradient_sums(x, dy, channels, places, channels, mean, sums, products);
    for (std::int64_t g = 0; g < groups; ++g) {
      const auto inverse = static_cast<double>(saved[2 * g + 1]);
      double sum = 0, product = 0;
      for (std::int64_t i = g * width; i < (g + 1) * width; ++i) {
        sum += static_cast<double>(gamma[i]) * sums[i];
        product += static_cast<double>(gamma[i]) * products[i];
      }
      for (std::int64_t i = g * width; i < (g + 1) * width; ++i) {
        a[i] = saved[2 * g + 1] * gamma[i];
        b[i] = static_cast<float>(-inverse * inverse * inverse * product / count);
        c[i] = static_cast<float>(-inverse * sum / count);
        products[i] *= inverse;
      }
    }
    if (dx) t.apply_gradient(x, dy, dx, channels, places, channels, mean, a, b, c);
  }
};

Cut cut_columns(const GroupNormSpec& s) {
  const std::int64_t groups = (s.channels + 63) / 64;
  return {groups, static_cast<int>(std::clamp<std::int64_t>(s.rows * s.channels / 16384, 1, std::min<std::int64_t>(groups, 64)))};
}

double bytes_of(const GroupNormSpec& s, int passes) { return 4.0 * passes * static_cast<double>(s.rows * s.places * s.channels); }

}  // namespace

void FastBackend::group_norm_forward(Emitter& e, const GroupNormSpec& s, Slot x, Slot gamma, Slot beta, Slot saved, Slot y,
                                     const Epilogue& epilogue) const {
  const Groups groups(s);
  const Cut rows = cut_pass(s.rows, groups.row(), 16384);
  auto run = [=, &table = norms_, f = epilogue.functions, backward = epilogue.backward](void* const* o, int block,
                                                                                        void* scratch) {
    for (std::int64_t r = rows(block); r < rows(block + 1); ++r) {
      const std::int64_t start = r * groups.row();
      float* kept = at(o[3], 2 * r * groups.groups);
      if (groups.places == 1) groups.forward_along(table, at(o[0], start), at(o[1]), at(o[2]), kept, at(o[4], start));
      else groups.forward_by_channel(table, at(o[0], start), at(o[1]), at(o[2]), kept, at(o[4], start), scratch);
    }
    finish_span(f, backward, at(o[5]), at(o[6]), at(o[4]), rows(block) * groups.row(),
                (rows(block + 1) - rows(block)) * groups.row());
  };
  e.call(make_kernel({.name = "group_norm_forward",
                      .blocks = rows.count,
                      .bytes = bytes_of(s, 2),
                      .scratch_bytes = s.places == 1 ? 0 : 24 * s.channels,
                      .note = word()},
                     run),
         {x, gamma, beta, saved, y, epilogue.z, epilogue.y});
}

void FastBackend::group_norm_backward(Emitter& e, const GroupNormSpec& s, Slot x, Slot gamma, Slot saved, Slot dy, Slot dx,
                                      Slot dgamma, Slot dbeta, bool accumulate, const Epilogue& epilogue) const {
  const Groups groups(s);
  const Cut rows = cut_pass(s.rows, groups.row(), 16384), columns = cut_columns(s);
  const bool is_along = s.places == 1;
  const Slot sums = is_along ? Slot{}
                             : e.temporary(16 * s.rows * s.channels);  // for each row and channel: dy, dy (x - mean) / deviation
  auto data = [=, &table = norms_, f = epilogue.functions, backward = epilogue.backward](void* const* o, int block,
                                                                                         void* scratch) {
    for (std::int64_t r = rows(block); r < rows(block + 1); ++r) {
      const std::int64_t start = r * groups.row();
      const float* kept = at(o[2], 2 * r * groups.groups);
      double* sum = at<double>(o[5], 2 * r * groups.channels);
      if (is_along) groups.backward_along(table, at(o[0], start), at(o[1]), kept, at(o[3], start), at(o[4], start));
      else
        groups.backward_by_channel(table, at(o[0], start), at(o[1]), kept, at(o[3], start), at(o[4], start), sum,
                                   sum + groups.channels, scratch);
    }
    if (o[4])
      finish_span(f, backward, at(o[6]), at(o[7]), at(o[4]), rows(block) * groups.row(),
                  (rows(block + 1) - rows(block)) * groups.row());
  };
  auto parameters = [=, count = s.rows, &table = norms_](void* const* o, int block, void* scratch) {
    const std::int64_t first = columns(block) * 64, n = std::min(columns(block + 1) * 64, groups.channels) - first;
    double *of_beta = static_cast<double*>(scratch), *of_gamma = of_beta + n;
    for (std::int64_t i = 0; i < 2 * n; ++i) of_beta[i] = 0;
    for (std::int64_t r = 0; r < count; ++r) {
      const std::int64_t start = r * groups.channels + first;
      if (is_along) {
        for (std::int64_t i = 0; i < n;) {  // one group at a time, or its part in these columns
          const std::int64_t g = (first + i) / groups.width, width = std::min(n - i, (g + 1) * groups.width - first - i);
          const float* kept = at(o[2], 2 * (r * groups.groups + g));
          table.row_parameter_sums(at(o[0], start + i), at(o[1], start + i), width, kept[0], kept[1], of_beta + i, of_gamma + i);
          i += width;
        }
      } else {
        const double* sum = at<double>(o[3], 2 * r * groups.channels + first);
        for (std::int64_t i = 0; i < n; ++i) of_beta[i] += sum[i], of_gamma[i] += sum[groups.channels + i];
      }
    }
    float *dgamma = at(o[4], first), *dbeta = at(o[5], first);
    for (std::int64_t i = 0; i < n; ++i) {
      dgamma[i] = (accumulate ? dgamma[i] : 0.0f) + static_cast<float>(of_gamma[i]);
      dbeta[i] = (accumulate ? dbeta[i] : 0.0f) + static_cast<float>(of_beta[i]);
    }
  };
  if (dx || !is_along)
    e.call(make_kernel({.name = "group_norm_backward",
                        .blocks = rows.count,
                        .bytes = bytes_of(s, 3),
                        .scratch_bytes = is_along ? 0 : 16 * s.channels,
                        .note = word()},
                       data),
           {x, gamma, saved, dy, dx, sums, epilogue.z, epilogue.y});
  const std::int64_t widest = 64 * ((columns.total + columns.count - 1) / columns.count);
  e.call(make_kernel({.name = "group_norm_parameters",
                      .blocks = columns.count,
                      .bytes = is_along ? bytes_of(s, 2) : 0,
                      .scratch_bytes = 16 * widest,
                      .note = word()},
                     parameters),
         {x, dy, saved, sums, dgamma, dbeta});
}

}  // namespace tend
