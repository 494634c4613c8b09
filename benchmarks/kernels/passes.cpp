// How close are the passes to the speed of memory? Processor time on one thread, the smallest of many runs.   passes
// [avx512|avx2|portable]
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <string>

#include "tend/kernels/simd/replay.h"

using namespace tend;

namespace {

double microseconds() { return 1e6 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

void report(Replay& e) {
  const auto alone = make_pool(1);
  for (std::size_t c = 0; c < e.calls(); ++c) {
    double best = 1e12;
    for (int round = 0; round < 20; ++round) {
      const double start = microseconds();
      for (int i = 0; i < 4; ++i) e.run_call(c, *alone);
      best = std::min(best, (microseconds() - start) / 4);
    }
    const Kernel& k = e.kernel(c);
    std::printf("%-24s %-22s %4d blocks %9.1f us %6.1f GB/s\n", std::string(k.name()).c_str(), k.note().c_str(), k.blocks(), best,
                k.bytes() / std::max(best, 1e-3) / 1e3);
  }
}

void batch_norm(const Backend& b, std::int64_t rows, std::int64_t channels) {
  Replay e;
  const BatchNormSpec s{rows, channels};
  const std::int64_t n = rows * channels;
  const Slot x = e.normal(n, 1), gamma = e.normal(channels, 2), beta = e.normal(channels, 3), dy = e.normal(n, 4);
  const Slot mean = e.floats_of(channels, 0), variance = e.floats_of(channels, 1), saved = e.temporary(8 * channels);
  const Slot y = e.temporary(4 * n), dgamma = e.temporary(4 * channels), dbeta = e.temporary(4 * channels);
  b.batch_norm_training(e, s, x, gamma, beta, mean, variance, saved, y);
  b.batch_norm_backward(e, s, x, gamma, saved, dy, y, dgamma, dbeta, false);
  std::printf("[%ld, %ld]\n", static_cast<long>(rows), static_cast<long>(channels));
  report(e);
}

}  // namespace

int main(int argc, char** argv) {
  Isa isa = best_isa();
  for (Isa i : {Isa::portable, Isa::avx2, Isa::avx512})
    if (argc > 1 && !std::strcmp(argv[1], name_of(i))) isa = i;
  const Backend& b = fast_backend(isa);
  batch_norm(b, 256, 256);
  batch_norm(b, 128 * 32 * 32, 16);
  batch_norm(b, 128 * 8 * 8, 64);
  Replay e;
  *e.doubles(layer_input_slot(0)) = 0.3;
  const PoolSpec pool{128, 24, 24, 32, 2, 2, 2, 2, 0, 0, 12, 12}, whole{128, 8, 8, 64, 8, 8, 1, 1, 0, 0, 1, 1};
  const std::int64_t x_count = 128 * 24 * 24 * 32, y_count = x_count / 4;
  const Slot x = e.normal(x_count, 1), y = e.temporary(4 * x_count), where = e.temporary(y_count);
  std::printf("max pool 2x2 of [128, 24, 24, 32], average of [128, 8, 8, 64]; others on %ld elements\n",
              static_cast<long>(x_count));
  b.max_pool_forward(e, pool, x, y, where);
  b.max_pool_backward(e, pool, y, where, x);
  b.average_pool_forward(e, whole, x, y);
  b.average_pool_backward(e, whole, y, x);
  b.dropout_forward(e, {1024, x_count / 1024, 3}, layer_input_slot(0), x, y);
  b.softmax_forward(e, x_count / 64, 64, false, x, y);
  b.softmax_backward(e, x_count / 64, 64, false, x, y, y);
  b.add(e, x_count, {x, x}, y);
  report(e);
}
