#include "tend/repair/remedies/flat_images.h"

#include "tend/repair/remedies_test.h"

namespace tend::flat_images_test {

TEST(FlatImages, replaces_a_pooling_over_the_image_before_the_first_weights) {
  const Dataset data = small_images();
  EXPECT_EQ(proposed<FlatImages>(R"(["global_average_pool", { dense = 8 }, "relu", { dense = 3 }])", "", data),
            Proposed{R"(network.layers.global_average_pool_1 = "flatten")"});
  EXPECT_EQ(proposed<FlatImages>(R"([{ conv2d = 4, kernel = 3 }, "global_average_pool", { dense = 3 }])", "", data), Proposed{});
  EXPECT_EQ(proposed<FlatImages>(R"(["flatten", { dense = 3 }])", "", data), Proposed{});
}

}  // namespace tend::flat_images_test
