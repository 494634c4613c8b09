#include "tend/update/optimizers/muon.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/exam/workbench.h"
#include "tend/update/optimizer_registry.h"

namespace tend::muon_test {
namespace {

/// A matrix of linspace(-1, 1) after two steps with gradients sin(1.7 i) and twice that.
std::vector<double> after_two_steps(const Backend& backend, std::int64_t columns) {
  const OptimizerModel<Muon> muon(Muon{});
  Workbench bench;
  std::vector<Slot> slots;
  for (std::int64_t k = 1; k <= 3; ++k) slots.push_back(Workbench::state_slot(k * 15 * 8));
  std::vector<double> w, g;
  for (int i = 0; i < 15; ++i) w.push_back(-1 + i / 7.0), g.push_back(std::sin(1.7 * i));
  bench.write(Workbench::state_slot(0), w);
  for (Slot slot : slots) bench.write(slot, std::vector<double>(15, 0));
  backend.sweep(bench, muon.functions(ElementType::float64, Isa::reference), {{0, 15, true, columns}}, slots);
  for (int step = 1; step <= 2; ++step) {
    std::vector<double> scaled = g;
    for (double& x : scaled) x *= step;
    bench.write(Workbench::gradient_slot(0), scaled);
    muon.fill(bench.inputs(), 0.02, step);
    bench.run();
  }
  return bench.values<double>(Workbench::state_slot(0), 15);
}

TEST(Muon, steps_wide_and_tall_matrices_as_its_authors_steps_in_numpy) {
  const double wide[] = {-1.0002233341188083,  -0.8850049692524282,  -0.7068826206773813,  -0.5454741550233814,
                         -0.44266268949269066, -0.30646372185995086, -0.12377187506734169, 0.015831372791921025,
                         0.11969230462457796,  0.2758522366573841,   0.4537775777576193,   0.5763115667873613,
                         0.6878212709642215,   0.8590794574172032,   1.0259654027554868};
  const double tall[] = {-1.0001322250916744,  -0.8743263390201247,  -0.7097254951286164,  -0.552508582992911,
                         -0.43761312623645476, -0.30230432822349945, -0.12842224872333757, 0.010348360929827244,
                         0.12575559006175255,  0.2777064346806194,   0.4454360264465256,   0.575090601292809,
                         0.6937972412365329,   0.859543381486212,    1.0198698843590523};
  const Backend& reference = reference_backend(ElementType::float64);
  const std::vector<double> five = after_two_steps(reference, 5), three = after_two_steps(reference, 3);
  for (std::size_t i = 0; i < 15; ++i) {
    EXPECT_NEAR(five[i], wide[i], 1e-12) << i;
    EXPECT_NEAR(three[i], tall[i], 1e-12) << i;
  }
}

}  // namespace
}  // namespace tend::muon_test
