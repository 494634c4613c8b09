#include "tend/update/optimizers/lbfgs.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/exam/workbench.h"
#include "tend/update/optimizer_registry.h"

namespace tend::lbfgs_test {
namespace {

/// Returns the distance from the minimum of a narrow valley after 25 steps.
template <class T>
double distance_left(const Backend& backend) {
  const OptimizerModel<Lbfgs> lbfgs(Lbfgs{});
  Workbench bench;
  std::vector<Slot> slots;
  for (std::int64_t k = 1; k <= static_cast<std::int64_t>(Lbfgs::slots.size()); ++k)
    slots.push_back(Workbench::state_slot(k * 4 * static_cast<std::int64_t>(sizeof(T))));
  std::vector<T> w{5, -3, 2, 1};
  bench.write(Workbench::state_slot(0), w);
  for (Slot slot : slots) bench.write(slot, std::vector<T>(4, 0));
  backend.sweep(bench, lbfgs.functions(element_type<T>(), backend.isa()), {{0, 2, true, 0}, {2, 2, true, 0}}, slots);
  const T steepness[] = {1, 10, 100, 3};
  double size = 0;
  for (int step = 1; step <= 25; ++step) {
    std::vector<T> g;
    for (std::size_t i = 0; i < 4; ++i) g.push_back(steepness[i] * w[i]);
    bench.write(Workbench::gradient_slot(0), g);
    lbfgs.fill(bench.inputs(), 1, step);
    bench.run();
    w = bench.values<T>(Workbench::state_slot(0), 4);
    size = 0;
    for (T x : w) size = std::max(size, std::abs(static_cast<double>(x)));
  }
  return size;
}

TEST(Lbfgs, finds_the_bottom_of_a_narrow_valley_in_a_few_steps) {  // gradient descent would take thousands
  EXPECT_LT(distance_left<double>(reference_backend(ElementType::float64)), 1e-6);
  EXPECT_LT(distance_left<float>(reference_backend(ElementType::float32)), 1e-4);
  EXPECT_LT(distance_left<float>(fast_backend()), 1e-4);
}

}  // namespace
}  // namespace tend::lbfgs_test
