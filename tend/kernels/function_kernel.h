#pragma once
#include <utility>

#include "tend/kernels/kernel.h"

namespace tend {

/// The properties of a kernel other than its arithmetic.
struct KernelFacts {
  std::string_view name;
  int blocks = 1;
  double flops = 0, bytes = 0;
  std::int64_t scratch_bytes = 0;
  std::string note = {};
};

/// A kernel made of a function (operands, block, scratch) that holds its shapes by value.
template <class F>
class FunctionKernel : public Kernel {
 public:
  FunctionKernel(KernelFacts facts, F function) : facts_(std::move(facts)), function_(std::move(function)) {}
  std::string_view name() const override { return facts_.name; }
  int blocks() const override { return facts_.blocks; }
  void run(void* const* operands, int block, void* scratch) const override { function_(operands, block, scratch); }
  std::int64_t scratch_bytes() const override { return facts_.scratch_bytes; }
  double flops() const override { return facts_.flops; }
  double bytes() const override { return facts_.bytes; }
  std::string note() const override { return facts_.note; }

 private:
  KernelFacts facts_;
  F function_;
};

template <class F>
std::unique_ptr<Kernel> make_kernel(KernelFacts facts, F function) {
  return std::make_unique<FunctionKernel<F>>(std::move(facts), std::move(function));
}

}  // namespace tend
