#include "tend/lecture/probes/first_weights.h"

#include "tend/lecture/probes_test.h"

namespace tend::first_weights_test {
namespace {

TEST(FirstWeights, shows_the_units_of_a_dense_layer_as_pictures_of_the_image) {
  const Measures m = probed("{ first_weights = 3 }");
  ASSERT_EQ(m.pictures.size(), 6U);  // start and end
  EXPECT_EQ(m.pictures[0].values.size(), 64U);
  EXPECT_EQ(m.pictures[3].when, "end");
  for (const float v : m.pictures[1].values) EXPECT_TRUE(v >= 0 && v <= 1);
  EXPECT_NEAR(m.values.at("start.first_weights.roughness"), 1, 0.15);  // noise
}

TEST(FirstWeights, shows_the_filters_of_a_convolution) {
  const Measures m = probed("{ first_weights = 9 }", R"([{ conv2d = 4, kernel = 3 }, "relu", "flatten", { dense = 10 }])");
  ASSERT_EQ(m.pictures.size(), 8U);
  EXPECT_EQ(m.pictures[0].width, 3);
  EXPECT_EQ(m.pictures[0].values.size(), 9U);
}

}  // namespace
}  // namespace tend::first_weights_test
