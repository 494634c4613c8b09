#include "tend/lecture/probes/weight_path.h"

#include "tend/lecture/probes_test.h"

namespace tend::weight_path_test {
namespace {

TEST(WeightPath, has_a_place_for_each_step_and_a_surface) {
  const Measures m = probed("{ weight_path = true, points = 5 }", R"(["flatten", { dense = 10 }])", "\"train.batch_size\" = 500");
  EXPECT_EQ(m.curves.at("path").size(), 1 + static_cast<std::size_t>(m.values.at("steps")));
  EXPECT_EQ(m.surface.values.size(), 25U);
  EXPECT_GE(m.values.at("path.detour"), 1);
  EXPECT_NEAR(m.values.at("path.length"), m.values.at("path.detour") * m.values.at("path.distance"), 1e-9);
  for (const double loss : m.surface.values) EXPECT_GT(loss, 0);
}

}  // namespace
}  // namespace tend::weight_path_test
