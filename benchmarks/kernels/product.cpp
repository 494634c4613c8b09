// Is each dense product at least as fast as oneDNN's on one thread? Processor time, both in turn, the smaller of many runs; ratios below
// 1 are in our favour. Ours includes bias, column sums and packing.   product [avx512|avx2|portable]
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>

#include "tend/kernels/onednn/product.h"
#include "tend/kernels/simd/replay.h"

using namespace tend;

namespace {

double microseconds() { return 1e6 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// Of one call, the smallest mean of several rounds, `a` and `b` in turn.
template <class A, class B>
std::pair<double, double> time_in_turn(double flops, A a, B b) {
  const int calls = static_cast<int>(std::clamp(2e8 / flops, 1.0, 2000.0));
  double best_a = 1e12, best_b = 1e12;
  const auto round = [calls](auto f) {
    const double start = microseconds();
    for (int i = 0; i < calls; ++i) f();
    return (microseconds() - start) / calls;
  };
  for (int i = 0; i < 15; ++i) {
    best_a = std::min(best_a, round(a));
    best_b = std::min(best_b, round(b));
  }
  return {best_a, best_b};
}

void compare(const Backend& backend, std::int64_t rows, std::int64_t inputs, std::int64_t outputs) {
  const DenseSpec s{rows, inputs, outputs};
  const double flops = 2.0 * static_cast<double>(rows * inputs * outputs);
  std::printf("%4ld x %4ld x %4ld ", static_cast<long>(rows), static_cast<long>(inputs), static_cast<long>(outputs));
  for (int product = 0; product < 3; ++product) {
    Replay e;
    const Slot x = e.normal(rows * inputs, 1), w = e.normal(inputs * outputs, 2), y = e.normal(rows * outputs, 3), b = e.normal(outputs, 4);
    if (product == 0) backend.dense_forward(e, s, x, w, b, y);
    if (product == 1) backend.dense_backward_data(e, s, y, w, x);
    if (product == 2) backend.dense_backward_weights(e, s, x, y, w, b, false);
    float *px = e.floats(x), *pw = e.floats(w), *py = e.floats(y);
    const auto theirs = [&] {
      if (product == 0) onednn::sgemm('N', 'N', rows, outputs, inputs, 1, px, inputs, pw, outputs, 0, py, outputs);
      if (product == 1) onednn::sgemm('N', 'T', rows, inputs, outputs, 1, py, outputs, pw, outputs, 0, px, inputs);
      if (product == 2) onednn::sgemm('T', 'N', inputs, outputs, rows, 1, px, inputs, py, outputs, 0, pw, outputs);
    };
    const auto [a, b_time] = time_in_turn(flops, [&] { e.run(); }, theirs);
    std::printf("| %s %9.1f us %4.0f GFLOP/s  x %.2f ", product == 0 ? "forward" : product == 1 ? "data" : "weights", a, flops / a / 1e3, a / b_time);
  }
  std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) {
  Isa isa = best_isa();
  for (Isa i : {Isa::portable, Isa::avx2, Isa::avx512})
    if (argc > 1 && !std::strcmp(argv[1], name_of(i))) isa = i;
  const std::int64_t shapes[][3] = {{1, 64, 100},     {1, 784, 512},   {32, 64, 100},   {32, 100, 10},   {128, 784, 512},  {128, 512, 512},
                                    {128, 512, 10},   {256, 100, 256}, {256, 256, 256}, {256, 256, 2},   {512, 784, 2048}, {512, 2048, 2048},
                                    {512, 2048, 10}};
  for (const auto& s : shapes) compare(fast_backend(isa), s[0], s[1], s[2]);
}
