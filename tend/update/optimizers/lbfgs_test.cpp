#include "tend/update/optimizers/lbfgs.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/exam/workbench.h"
#include "tend/kernels/finish.h"
#include "tend/update/optimizer_registry.h"

namespace tend {
namespace {

TEST(Lbfgs, finds_the_bottom_of_a_narrow_valley_in_a_few_steps) {
  static_assert(Lbfgs::slots.size() == quasi_newton_slots);
  const OptimizerModel<Lbfgs> lbfgs(Lbfgs{});
  const Backend& reference = reference_backend(ElementType::float64);
  Workbench bench;
  std::vector<Slot> slots;
  for (std::int64_t k = 1; k <= quasi_newton_slots; ++k) slots.push_back(Workbench::state_slot(k * 4 * 8));
  std::vector<double> w{5, -3, 2, 1};
  bench.write(Workbench::state_slot(0), w);
  for (Slot slot : slots) bench.write(slot, std::vector<double>(4, 0));
  reference.sweep(bench, lbfgs.functions(ElementType::float64, Isa::reference), {{0, 2, true, 0}, {2, 2, true, 0}}, slots);
  const double steepness[] = {1, 10, 100, 3};
  double size = 0;
  for (int step = 1; step <= 25; ++step) {
    std::vector<double> g;
    for (std::size_t i = 0; i < 4; ++i) g.push_back(steepness[i] * w[i]);
    bench.write(Workbench::gradient_slot(0), g);
    bench.give_step(step_input::learning_rate, 1);
    bench.give_step_bits(step_input::step, static_cast<std::uint64_t>(step));
    bench.run();
    w = bench.values<double>(Workbench::state_slot(0), 4);
    size = 0;
    for (double x : w) size = std::max(size, std::abs(x));
  }
  EXPECT_LT(size, 1e-6);  // gradient descent would take thousands
}

}  // namespace
}  // namespace tend
