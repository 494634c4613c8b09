// How long does each kernel take in one training step of a perceptron? Same arithmetic as the yardstick's mlp_step: ReLU layers,
// softmax cross-entropy, Adam.   step [threads] [avx512|avx2|portable] BATCH WIDTH WIDTH ...
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "tend/kernels/simd/replay.h"
#include "tend/loss/loss_registry.h"
#include "tend/network/activation_registry.h"
#include "tend/update/optimizer_registry.h"

using namespace tend;

namespace {

double microseconds() {
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Slot part(Buffer buffer, std::int64_t elements) { return {buffer, 4 * elements}; }

void emit_step(Replay& e, const Backend& backend, std::int64_t rows, const std::vector<std::int64_t>& widths,
               std::int64_t parameters, const PointwiseFunctions& relu, const LossFunctions& loss, const SweepFunctions& adam) {
  const std::size_t layers = widths.size() - 1;
  std::vector<Slot> values{e.normal(rows * widths[0], 1)}, weights, biases;
  std::vector<SweepSegment> segments;
  std::int64_t offset = 0;
  for (std::size_t i = 0; i < layers; ++i) {
    segments.push_back({offset, widths[i] * widths[i + 1], true});
    segments.push_back({offset + segments.back().count, widths[i + 1], true});
    for (std::int64_t k = 0; k < segments[2 * i].count; ++k)
      e.floats(part(Buffer::state, offset))[k] = 0.1f * static_cast<float>(std::rand()) / static_cast<float>(RAND_MAX) - 0.05f;
    offset = segments.back().offset + segments.back().count;
    values.push_back(e.temporary(4 * rows * widths[i + 1]));
    Epilogue after;
    if (i + 1 < layers) after = {relu, false, {}, values.back()};
    backend.dense_forward(e, {rows, widths[i], widths[i + 1]}, values[i], part(Buffer::state, segments[2 * i].offset),
                          part(Buffer::state, segments[2 * i + 1].offset), values.back(), after);
  }
  const Slot targets = e.temporary(4 * rows), slope = e.temporary(4 * rows * widths.back());
  for (std::int64_t r = 0; r < rows; ++r) e.floats(targets)[r] = static_cast<float>(std::rand() % widths.back());
  backend.loss(e, loss, rows, widths.back(), true, values.back(), targets, {}, {}, slope);
  Slot dy = slope;
  for (std::size_t i = layers; i-- > 0;) {
    const DenseSpec spec{rows, widths[i], widths[i + 1]};
    backend.dense_backward_weights(e, spec, values[i], dy, part(Buffer::gradient, segments[2 * i].offset),
                                   part(Buffer::gradient, segments[2 * i + 1].offset), false);
    if (i == 0) break;
    const Slot dx = e.temporary(4 * rows * widths[i]);
    backend.dense_backward_data(e, spec, dy, part(Buffer::state, segments[2 * i].offset), dx, {relu, true, {}, values[i]});
    dy = dx;
  }
  backend.sweep(e, adam, segments, {part(Buffer::state, parameters), part(Buffer::state, 2 * parameters)});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) return std::fprintf(stderr, "usage: step THREADS ISA BATCH WIDTH WIDTH ...\n"), 2;
  const int threads = std::atoi(argv[1]);
  const Isa isa = !std::strcmp(argv[2], "avx512") ? Isa::avx512 : !std::strcmp(argv[2], "avx2") ? Isa::avx2 : Isa::portable;
  std::vector<std::int64_t> widths;
  for (int i = 4; i < argc; ++i) widths.push_back(std::atoi(argv[i]));
  std::int64_t parameters = 0;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) parameters += widths[i] * widths[i + 1] + widths[i + 1];
  const auto relu = builtin_activations().make(Value("relu"), "activation");
  const auto loss = builtin_losses().make(Value("softmax_cross_entropy"), "loss");
  const auto adam = builtin_optimizers().make(Value("adam"), "optimizer");
  Replay e(12 * parameters + 4096);
  emit_step(e, fast_backend(isa), std::atoi(argv[3]), widths, parameters, relu->functions(ElementType::float32, isa),
            loss->functions(ElementType::float32, isa), adam->functions(ElementType::float32, isa));
  adam->fill(e.inputs(), 1e-3, 1);
  auto pool = make_pool(threads);
  for (int i = 0; i < 20; ++i) e.run(*pool);
  std::vector<double> times;
  for (const double end = microseconds() + 2e6; microseconds() < end;) {
    const double start = microseconds();
    e.run(*pool);
    times.push_back(microseconds() - start);
  }
  std::sort(times.begin(), times.end());
  for (std::size_t c = 0; c < e.calls(); ++c) {
    double best = 1e12;
    for (int i = 0; i < 30; ++i) {
      const double start = microseconds();
      e.run_call(c, *pool);
      best = std::min(best, microseconds() - start);
    }
    const Kernel& k = e.kernel(c);
    std::printf("%-24s %-32s %9.1f us %6.0f GFLOP/s %6.1f GB/s\n", std::string(k.name()).c_str(), k.note().c_str(), best,
                k.flops() / best / 1e3, k.bytes() / best / 1e3);
  }
  std::printf("threads %d  median_us %.1f  min_us %.1f  calls %zu\n", threads, times[times.size() / 2], times[0], e.calls());
}
