#include "tend/lecture/probes/input_shift.h"

#include "tend/lecture/probes_test.h"

namespace tend::input_shift_test {
namespace {

TEST(InputShift, is_zero_where_nothing_learns_and_small_at_a_small_rate) {
  const std::string network = R"(["flatten", { dense = 12 }, "tanh", { dense = 8 }, "relu", { dense = 10 }])";
  const Measures still = probed("\"input_shift\"", network, "\"update.optimizer\" = { name = \"sgd\", learning_rate = 0.0 }"),
                 slow = probed("\"input_shift\"", network, "\"update.schedule\" = { name = \"exponential\", factor = 0.01 }");
  EXPECT_EQ(still.values.at("shift.relu_1"), 0);
  EXPECT_GT(slow.values.at("shift.relu_1"), 0);
  ASSERT_EQ(slow.curves.at("shift").size(), 3U);
  EXPECT_LT(slow.curves.at("shift")[2][1], 0.1 * slow.curves.at("shift")[0][1]);  // the rate is almost 0 in the last epoch
}

}  // namespace
}  // namespace tend::input_shift_test
