#include <atomic>
#include <cstdlib>
#include <new>

#include <gtest/gtest.h>

#include "tend/tend.h"

namespace {

std::atomic<long> allocations{0};
std::atomic<bool> is_counting{false};

void* counted(std::size_t bytes, std::size_t alignment) {
  if (is_counting) ++allocations;
  void* p = alignment > alignof(std::max_align_t) ? std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment)
                                                  : std::malloc(bytes ? bytes : 1);
  if (!p) throw std::bad_alloc();
  return p;
}

}  // namespace

void* operator new(std::size_t n) { return counted(n, 1); }
void* operator new[](std::size_t n) { return counted(n, 1); }
void* operator new(std::size_t n, std::align_val_t a) { return counted(n, static_cast<std::size_t>(a)); }
void* operator new[](std::size_t n, std::align_val_t a) { return counted(n, static_cast<std::size_t>(a)); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

namespace tend::no_allocation_test {
namespace {

/// The number of allocations in a hundred steps in the middle of a run.
long allocations_of_steps(const std::string& layers, Shape row, const std::string& more = "") {
  const std::int64_t n = 4096;
  Array x(Shape([&] {
            auto s = row.sizes();
            s.insert(s.begin(), n);
            return s;
          }()),
          ElementType::float32),
      y({n, 1}, ElementType::float64);
  for (std::int64_t i = 0; i < x.shape().count(); ++i) x.as<float>()[i] = static_cast<float>((i * 37 % 101) / 50.0 - 1);
  for (std::int64_t i = 0; i < n; ++i) y.as<double>()[i] = static_cast<double>(i % 3);
  const Experiment experiment = Experiment::parse(
      "[network]\nlayers = " + layers + "\n[loss]\nname = \"softmax_cross_entropy\"\n[update]\noptimizer = \"adam\"\n" + more,
      "test");
  TrainingOptions options;
  options.threads = 2;
  Training training(experiment, Dataset::classification(x, y, 3), options);
  for (int i = 0; i < 20; ++i) training.step();
  allocations = 0;
  is_counting = true;
  for (int i = 0; i < 100; ++i) training.step();
  is_counting = false;
  return allocations;
}

TEST(Step, allocates_nothing_where_our_own_kernels_serve) {
  EXPECT_EQ(allocations_of_steps(R"([{ dense = 100 }, "relu", { dense = 3 }])", {64}), 0);
  EXPECT_EQ(
      allocations_of_steps(
          R"([{ dense = 64, l2 = 0.001, l1 = 1e-5, max_norm = 3 }, "batch_norm", "gelu", { dropout = 0.5 }, { dense = 3 }])",
          {64}, "clip_norm = 1.0\nclip_value = 0.5\n[train]\nweight_average = 0.99\n"),
      0);
}

}  // namespace
}  // namespace tend::no_allocation_test
