#pragma once
#include <string>

#include "tend/kernels/kernel.h"
#include "tend/kernels/onednn/layout.h"

namespace tend::onednn {

/// Copies plain weights [kernel_height, kernel_width, channels, filters] (operand 0) to oneDNN's order (operand 1) and fills
/// padding with zeros.
class PackWeights final : public Kernel {
 public:
  explicit PackWeights(WeightsLayout layout);
  std::string_view name() const override { return "pack_weights"; }
  int blocks() const override { return blocks_; }
  void run(void* const* operands, int block, void* scratch) const override;
  double bytes() const override { return 8.0 * static_cast<double>(layout_.count); }

 private:
  WeightsLayout layout_;
  std::int64_t lines_;  ///< a line holds all filters of one channel at one place of the kernel
  int blocks_;
};

}  // namespace tend::onednn
