#include <cmath>

#include "tend/kernels/simd/blocks.h"
#include "tend/kernels/simd/fast_backend.h"
#include "tend/kernels/simd/isa_table.h"
#include "tend/kernels/simd/norms.h"

namespace tend {

TEND_ISA_TABLE(NormTable, norms, norm_table)

namespace {

/// There are two ways to cut a [rows, channels] batch. By columns, for dense batches and small ones: each block owns some
/// channels and does everything in one call while they are in cache. By rows, for images: the statistics of blocks, their
/// combination and the rest are separate calls.
struct NormCut {
  bool by_columns;
  Cut cut;  ///< cut of rows, or of groups of 16 channels
  std::int64_t channels;
  std::int64_t column(std::int64_t block) const { return std::min(cut(block) * 16, channels); }
};

NormCut cut_norm(const BatchNormSpec& s) {
  const std::int64_t count = s.rows * s.channels, groups = (s.channels + 15) / 16;
  if (count <= 32768) return {.by_columns = true, .cut = {groups, 1}, .channels = s.channels};
  if (s.rows <= 2048 && s.channels >= 128)
    return {.by_columns = true,
            .cut = {groups, static_cast<int>(std::clamp<std::int64_t>(count / 16384, 2, groups / 4))},
            .channels = s.channels};
  return {.by_columns = false, .cut = cut_pass(s.rows, s.channels), .channels = s.channels};
}

/// Writes one channel's statistics, from its mean and sum of squared deviations, to `saved` and to the running statistics.
struct Channel {
  double rows, momentum, epsilon;
  void keep(double mean, double squares, float* saved_mean, float* saved_inverse, float* running_mean,
            float* running_variance) const {
    *saved_mean = static_cast<float>(mean);
    *saved_inverse = static_cast<float>(1 / std::sqrt(squares / rows + epsilon));
    *running_mean = static_cast<float>(momentum * static_cast<double>(*running_mean) + (1 - momentum) * mean);
    *running_variance = static_cast<float>(momentum * static_cast<double>(*running_variance) +
                                           (1 - momentum) * squares / (rows > 1 ? rows - 1 : 1));
  }
};

Channel channel_of(const BatchNormSpec& s) {
  return {.rows = static_cast<double>(s.rows), .momentum = s.momentum, .epsilon = s.epsilon};
}

/// Computes one channel's gradients from the sums of dy and dy (x - mean): gamma's, beta's, and dx = a dy + b (x - mean) + c.
void keep_gradient(double rows, double sum, double product, float gamma, float inverse, bool accumulate, float* dgamma,
                   float* dbeta, float* a, float* b, float* c) {
  const double of_gamma = product * static_cast<double>(inverse),
               scale = static_cast<double>(gamma) * static_cast<double>(inverse);
  *dgamma = (accumulate ? *dgamma : 0.0f) + static_cast<float>(of_gamma);
  *dbeta = (accumulate ? *dbeta : 0.0f) + static_cast<float>(sum);
  *a = static_cast<float>(scale);
  *b = static_cast<float>(-scale * static_cast<double>(inverse) * of_gamma / rows);
  *c = static_cast<float>(-scale * sum / rows);
}

/// Applies an epilogue to rows [first, first + rows) x columns [column, column + columns).
void finish_columns(const PointwiseFunctions& f, bool backward, const float* z, float* y, float* output, std::int64_t channels,
                    std::int64_t rows, std::int64_t column, std::int64_t columns) {
  if (!f.forward) return;
  if (columns == channels) return finish_span(f, backward, z, y, output, 0, rows * channels);
  for (std::int64_t r = 0; r < rows; ++r) finish_span(f, backward, z, y, output, r * channels + column, columns);
}

double bytes_of(const BatchNormSpec& s, int passes) {
  return 4.0 * passes * static_cast<double>(s.rows) * static_cast<double>(s.channels);
}

}  // namespace

void FastBackend::batch_norm_training(Emitter& e, const BatchNormSpec& s, Slot x, Slot gamma, Slot beta, Slot running_mean,
                                      Slot running_variance, Slot saved, Slot y, const Epilogue& epilogue) const {
  const NormCut cut = cut_norm(s);
  const Channel channel = channel_of(s);
  const PointwiseFunctions f = epilogue.functions;
  const bool backward = epilogue.backward;
  const NormTable& table = norms_;
  if (cut.by_columns) {
    auto run = [=, &table](void* const* o, int block, void* scratch) {
      const std::int64_t first = cut.column(block), n = cut.column(block + 1) - first;
      double *mean = static_cast<double*>(scratch), *square = mean + n;
      table.moments(at(o[0], first), s.channels, s.rows, n, mean, square);
      float *kept = at(o[5], first), *inverse = kept + s.channels;
      for (std::int64_t c = 0; c < n; ++c)
        channel.keep(mean[c], square[c], kept + c, inverse + c, at(o[3], first + c), at(o[4], first + c));
      table.apply(at(o[0], first), at(o[6], first), s.channels, s.rows, n, kept, inverse, at(o[1], first), at(o[2], first));
      finish_columns(f, backward, at(o[7]), at(o[8]), at(o[6]), s.channels, s.rows, first, n);
    };
    const std::int64_t widest = 16 * ((cut.cut.total + cut.cut.count - 1) / cut.cut.count);
    e.call(make_kernel({.name = "batch_norm_training",
                        .blocks = cut.cut.count,
                        .bytes = bytes_of(s, 2),
                        .scratch_bytes = 16 * widest,
                        .note = word()},
                       run),
           {x, gamma, beta, running_mean, running_variance, saved, y, epilogue.z, epilogue.y});
    return;
  }
  const Cut rows = cut.cut;
  const Slot parts = e.temporary(16 * s.channels * rows.count);
  auto moments = [=, &table](void* const* o, int block, void*) {
    const std::int64_t first = rows(block);
    double* part = at<double>(o[1], 2 * s.channels * block);
    table.moments(at(o[0], first * s.channels), s.channels, rows(block + 1) - first, s.channels, part, part + s.channels);
  };
  auto combine = [=](void* const* o, int, void*) {
    for (std::int64_t c = 0; c < s.channels; ++c) {
      double mean = 0, square = 0;
      for (int b = 0; b < rows.count; ++b)
        mean += static_cast<double>(rows(b + 1) - rows(b)) / channel.rows * at<double>(o[0])[2 * s.channels * b + c];
      for (int b = 0; b < rows.count; ++b) {
        const double* part = at<double>(o[0], 2 * s.channels * b + c);
        square += part[s.channels] + static_cast<double>(rows(b + 1) - rows(b)) * (part[0] - mean) * (part[0] - mean);
      }
      channel.keep(mean, square, at(o[3], c), at(o[3], s.channels + c), at(o[1], c), at(o[2], c));
    }
  };
  auto apply = [=, &table](void* const* o, int block, void*) {
    const std::int64_t first = rows(block), count = rows(block + 1) - first, start = first * s.channels;
    table.apply(at(o[0], start), at(o[4], start), s.channels, count, s.channels, at(o[3]), at(o[3], s.channels), at(o[1]),
                at(o[2]));
    finish_span(f, backward, at(o[5]), at(o[6]), at(o[4]), start, count * s.channels);
  };
  e.call(make_kernel({.name = "batch_norm_moments", .blocks = rows.count, .bytes = bytes_of(s, 1), .note = word()}, moments),
         {x, parts});
  e.call(make_kernel({.name = "batch_norm_statistics"}, combine), {parts, running_mean, running_variance, saved});
  e.call(make_kernel({.name = "batch_norm_training", .blocks = rows.count, .bytes = bytes_of(s, 2), .note = word()}, apply),
         {x, gamma, beta, saved, y, epilogue.z, epilogue.y});
}

void FastBackend::batch_norm_inference(Emitter& e, const BatchNormSpec& s, Slot x, Slot gamma, Slot beta, Slot running_mean,
                                       Slot running_variance, Slot y, const Epilogue& epilogue) const {
  const Cut rows = cut_pass(s.rows, s.channels);
  auto run = [=, &table = norms_, f = epilogue.functions, backward = epilogue.backward](void* const* o, int block,
                                                                                        void* scratch) {
    const std::int64_t first = rows(block), count = rows(block + 1) - first, start = first * s.channels;
    float* inverse = static_cast<float*>(scratch);
    table.inverse_roots(at(o[4]), static_cast<float>(s.epsilon), inverse, s.channels);
    table.apply(at(o[0], start), at(o[5], start), s.channels, count, s.channels, at(o[3]), inverse, at(o[1]), at(o[2]));
    finish_span(f, backward, at(o[6]), at(o[7]), at(o[5]), start, count * s.channels);
  };
  e.call(make_kernel({.name = "batch_norm_inference",
                      .blocks = rows.count,
                      .bytes = bytes_of(s, 2),
                      .scratch_bytes = 4 * s.channels,
                      .note = word()},
                     run),
         {x, gamma, beta, running_mean, running_variance, y, epilogue.z, epilogue.y});
}

void FastBackend::batch_norm_backward(Emitter& e, const BatchNormSpec& s, Slot x, Slot gamma, Slot saved, Slot dy, Slot dx,
                                      Slot dgamma, Slot dbeta, bool accumulate, const Epilogue& epilogue) const {
  const NormCut cut = cut_norm(s);
  const auto m = static_cast<double>(s.rows);
  const PointwiseFunctions f = dx ? epilogue.functions : PointwiseFunctions{};
  const bool backward = epilogue.backward;
  const NormTable& table = norms_;
  if (cut.by_columns) {
    auto run = [=, &table](void* const* o, int block, void* scratch) {
      const std::int64_t first = cut.column(block), n = cut.column(block + 1) - first;
      double *sum = static_cast<double*>(scratch), *product = sum + n;
      float *a = reinterpret_cast<float*>(product + n), *b = a + n, *c = b + n;
      const float *mean = at(o[2], first), *inverse = mean + s.channels;
      table.gradient_sums(at(o[0], first), at(o[3], first), s.channels, s.rows, n, mean, sum, product);
      for (std::int64_t i = 0; i < n; ++i)
        keep_gradient(m, sum[i], product[i], at(o[1])[first + i], inverse[i], accumulate, at(o[5], first + i),
                      at(o[6], first + i), a + i, b + i, c + i);
      if (!o[4]) return;
      table.apply_gradient(at(o[0], first), at(o[3], first), at(o[4], first), s.channels, s.rows, n, mean, a, b, c);
      finish_columns(f, backward, at(o[7]), at(o[8]), at(o[4]), s.channels, s.rows, first, n);
    };
    const std::int64_t widest = 16 * ((cut.cut.total + cut.cut.count - 1) / cut.cut.count);
    e.call(make_kernel({.name = "batch_norm_backward",
                        .blocks = cut.cut.count,
                        .bytes = bytes_of(s, 3),
                        .scratch_bytes = 28 * widest,
                        .note = word()},
                       run),
           {x, gamma, saved, dy, dx, dgamma, dbeta, epilogue.z, epilogue.y});
    return;
  }
  const Cut rows = cut.cut;
  const Slot parts = e.temporary(16 * s.channels * rows.count), factors = e.temporary(12 * s.channels);
  auto sums = [=, &table](void* const* o, int block, void*) {
    const std::int64_t first = rows(block), start = first * s.channels;
    double* part = at<double>(o[3], 2 * s.channels * block);
    table.gradient_sums(at(o[0], start), at(o[1], start), s.channels, rows(block + 1) - first, s.channels, at(o[2]), part,
                        part + s.channels);
  };
  auto combine = [=](void* const* o, int, void*) {
    for (std::int64_t c = 0; c < s.channels; ++c) {
      double sum = 0, product = 0;
      for (int b = 0; b < rows.count; ++b) {
        sum += at<double>(o[0])[2 * s.channels * b + c];
        product += at<double>(o[0])[2 * s.channels * b + s.channels + c];
      }
      keep_gradient(m, sum, product, at(o[1])[c], at(o[2])[s.channels + c], accumulate, at(o[3], c), at(o[4], c), at(o[5], c),
                    at(o[5], s.channels + c), at(o[5], 2 * s.channels + c));
    }
  };
  auto apply = [=, &table](void* const* o, int block, void*) {
    const std::int64_t first = rows(block), count = rows(block + 1) - first, start = first * s.channels;
    table.apply_gradient(at(o[0], start), at(o[1], start), at(o[4], start), s.channels, count, s.channels, at(o[2]), at(o[3]),
                         at(o[3], s.channels), at(o[3], 2 * s.channels));
    finish_span(f, backward, at(o[5]), at(o[6]), at(o[4]), start, count * s.channels);
  };
  e.call(make_kernel({.name = "batch_norm_sums", .blocks = rows.count, .bytes = bytes_of(s, 2), .note = word()}, sums),
         {x, dy, saved, parts});
  e.call(make_kernel({.name = "batch_norm_gradient"}, combine), {parts, gamma, saved, dgamma, dbeta, factors});
  if (dx)
    e.call(make_kernel({.name = "batch_norm_backward", .blocks = rows.count, .bytes = bytes_of(s, 3), .note = word()}, apply),
           {x, dy, saved, factors, dx, epilogue.z, epilogue.y});
}

}  // namespace tend
