#pragma once
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "tend/kernels/kernel.h"

namespace tend {

/// Operations of several members of a pack, or of several groups of members, as one call: the blocks of the operations follow one
/// another, so that threads share them. Each has its own number of blocks and its own operands, one after the other in the call.
class MembersKernel final : public Kernel {
 public:
  /// An operation, and the number of its operands.
  struct Part {
    std::shared_ptr<const Kernel> kernel;
    std::size_t operands = 0;
  };
  /// Requires at least one part.
  explicit MembersKernel(std::vector<Part> parts) {
    for (Part& part : parts) {
      places_.push_back({.first_block = blocks_, .first_operand = operands_});
      blocks_ += part.kernel->blocks();
      operands_ += part.operands;
      scratch_bytes_ = std::max(scratch_bytes_, part.kernel->scratch_bytes());
      flops_ += part.kernel->flops();
      bytes_ += part.kernel->bytes();
      kernels_.push_back(std::move(part.kernel));
    }
  }
  std::string_view name() const override { return kernels_.front()->name(); }
  int blocks() const override { return blocks_; }
  void run(void* const* operands, int block, void* scratch) const override {
    const auto after = std::upper_bound(places_.begin(), places_.end(), block,
                                        [](int b, const Place& place) { return b < place.first_block; });
    const auto part = static_cast<std::size_t>(after - places_.begin()) - 1;
    kernels_[part]->run(operands + places_[part].first_operand, block - places_[part].first_block, scratch);
  }
  std::int64_t scratch_bytes() const override { return scratch_bytes_; }
  double flops() const override { return flops_; }
  double bytes() const override { return bytes_; }
  std::string note() const override { return std::to_string(kernels_.size()) + " members, each " + kernels_.front()->note(); }

 private:
  struct Place {
    int first_block = 0;
    std::size_t first_operand = 0;
  };
  std::vector<std::shared_ptr<const Kernel>> kernels_;
  std::vector<Place> places_;
  std::size_t operands_ = 0;
  int blocks_ = 0;
  std::int64_t scratch_bytes_ = 0;
  double flops_ = 0, bytes_ = 0;
};

}  // namespace tend
