#include "tend/kernels/simd/blocks.h"
#include "tend/kernels/simd/fast_backend.h"

namespace tend {
namespace {

void store_mean(const double* values, std::int64_t rows, double* signals) {
  double sum = 0;
  for (std::int64_t r = 0; r < rows; ++r) sum += values[r];
  signals[signal_place::loss] = sum / static_cast<double>(rows);
}

}  // namespace

void FastBackend::loss(Emitter& e, const LossFunctions& f, std::int64_t rows, std::int64_t outputs, bool mean, Slot o, Slot t,
                       Slot weights, Slot values, Slot slope) const {
  const Cut cut = cut_pass(rows, outputs, 8192);
  const double scale = mean ? 1 / static_cast<double>(rows) : 1;
  const std::int64_t targets = f.takes_codes ? 1 : outputs;
  const Slot kept = values ? values : e.temporary(8 * rows);
  const Slot signals{Buffer::signals, 0};
  // Operands: outputs, targets, weights, values, slope, signals.
  auto run = [cut, f, rows, outputs, targets, scale](void* const* o, int block, void*) {
    const std::int64_t first = cut(block), count = cut(block + 1) - first;
    f.rows(f.self, at(o[0], first * outputs), at(o[1], first * targets), at(o[2], first), count, outputs, scale,
           at<double>(o[3], first), at(o[4], first * outputs));
    if (cut.count == 1) store_mean(at<double>(o[3]), rows, at<double>(o[5]));
  };
  const auto bytes = static_cast<double>(rows * (4 * (2 * outputs + targets) + 8));
  e.call(make_kernel({.name = "loss", .blocks = cut.count, .bytes = bytes, .note = f.name}, run),
         {o, t, weights, kept, slope, signals});
  if (cut.count == 1) return;
  auto sum = [rows](void* const* o, int, void*) { store_mean(at<double>(o[0]), rows, at<double>(o[1])); };
  e.call(make_kernel({.name = "loss_mean", .bytes = static_cast<double>(8 * rows)}, sum), {kept, signals});
}

}  // namespace tend
