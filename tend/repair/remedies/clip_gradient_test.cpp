#include "tend/repair/remedies/clip_gradient.h"

#include "tend/repair/remedies_test.h"

namespace tend::clip_gradient_test {

TEST(ClipGradient, is_silent_where_the_norm_is_clipped) {
  EXPECT_EQ(proposed<ClipGradient>(small_layers), Proposed{"update.clip_norm = 1.0"});
  EXPECT_EQ(proposed<ClipGradient>(small_layers, "[update]\nclip_norm = 5.0\n"), Proposed{});
}

}  // namespace tend::clip_gradient_test
