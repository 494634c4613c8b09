#pragma once
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "tend/kernels/kernel.h"

namespace tend {

/// The same operation of several members of a pack as one call: the blocks of the members follow one another, so that threads
/// share the members among them. The operands are those of the first member, then those of the second, and so on.
class MembersKernel final : public Kernel {
 public:
  /// All kernels have the same number of blocks and `operands` operands each.
  MembersKernel(std::vector<std::unique_ptr<Kernel>> members, std::size_t operands)
      : members_(std::move(members)), operands_(operands), blocks_(members_.front()->blocks()) {}
  std::string_view name() const override { return members_.front()->name(); }
  int blocks() const override { return blocks_ * static_cast<int>(members_.size()); }
  void run(void* const* operands, int block, void* scratch) const override {
    const auto m = static_cast<std::size_t>(block / blocks_);
    members_[m]->run(operands + m * operands_, block % blocks_, scratch);
  }
  std::int64_t scratch_bytes() const override { return members_.front()->scratch_bytes(); }
  double flops() const override { return members_.front()->flops() * static_cast<double>(members_.size()); }
  double bytes() const override { return members_.front()->bytes() * static_cast<double>(members_.size()); }
  std::string note() const override { return std::to_string(members_.size()) + " members, each " + members_.front()->note(); }

 private:
  std::vector<std::unique_ptr<Kernel>> members_;
  std::size_t operands_;
  int blocks_;
};

}  // namespace tend
