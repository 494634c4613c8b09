#include "tend/lecture/probes/dropout_masks.h"

#include "tend/lecture/probes_test.h"

namespace tend::dropout_masks_test {
namespace {

TEST(DropoutMasks, without_dropout_all_masks_answer_alike) {
  const Measures m = probed("{ dropout_masks = 3 }");
  EXPECT_NEAR(m.values.at("masks.one.loss"), m.values.at("masks.none.loss"), 1e-5);
  EXPECT_NEAR(m.values.at("masks.average.loss"), m.values.at("masks.none.loss"), 1e-5);
  EXPECT_NEAR(m.values.at("masks.none.loss"), m.values.at("validation.loss"), 1e-5);
}

TEST(DropoutMasks, with_dropout_the_average_is_better_than_one_mask) {
  const Measures m = probed("{ dropout_masks = 10 }",
                            R"(["flatten", { dense = 24 }, "relu", { dropout = 0.5 }, { dense = 10 }])");
  EXPECT_LT(m.values.at("masks.average.loss"), 0.95 * m.values.at("masks.one.loss"));
}

}  // namespace
}  // namespace tend::dropout_masks_test
