#pragma once
#include <string>

#include "tend/kernels/kernel.h"
#include "tend/kernels/onednn/layout.h"

namespace tend::onednn {

/// Copies plain weights [kernel_height, kernel_width, channels, filters] (operand 0) into oneDNN's order (operand 1), padding
/// filled with zeros.
class PackWeights final : public Kernel {
 public:
  explicit PackWeights(WeightsLayout layout);
  std::string_view name() const override { return "pack_weights"; }
  int blocks() const override { return blocks_; }
  void run(void* const* operands, int block, void* scratch) const override;
  double bytes() const override { return 8.0 * static_cast<double>(layout_.count); }

 private:
  WeightsLayout layout_;
  std::int64_t lines_;  ///< a line: all filters of one channel at one place of the kernel
  int blocks_;
};

/// Partial sums of groups, each weights in oneDNN's order and `bias_count` values of the bias's gradient behind them
/// (operand 0, `stride` elements a group), summed in the order of groups into plain weights (operand 1) and bias (operand 2).
class SumPartials final : public Kernel {
 public:
  SumPartials(WeightsLayout layout, int groups, std::int64_t stride, std::int64_t bias_count, bool accumulate);
  std::string_view name() const override { return "sum_weight_gradients"; }
  int blocks() const override { return blocks_; }
  void run(void* const* operands, int block, void* scratch) const override;
  double flops() const override { return static_cast<double>(groups_) * static_cast<double>(layout_.count); }
  double bytes() const override { return 4.0 * (groups_ + 1) * static_cast<double>(layout_.count); }
  std::string note() const override { return std::to_string(groups_) + " groups"; }

 private:
  template <int Run>
  void sum_lines(const float* partials, float* plain, std::int64_t first, std::int64_t last) const;
  void sum_bias(const float* partials, float* bias) const;

  WeightsLayout layout_;
  int groups_;
  std::int64_t stride_, bias_count_;
  bool accumulate_;
  std::int64_t lines_;
  int run_, blocks_;
};

}  // namespace tend::onednn
