#include "tend/lecture/probes/input_shift.h"

#include "tend/lecture/probes_test.h"

namespace tend::input_shift_test {
namespace {

TEST(InputShift, is_zero_where_nothing_learns_and_grows_with_the_rate) {
  const std::string network = R"(["flatten", { dense = 12 }, "tanh", { dense = 8 }, "relu", { dense = 10 }])";
  const Measures still = probed("\"input_shift\"", network, "\"train.epochs\" = 2"),
                 slow = probed("\"input_shift\"", network, "\"update.schedule\" = { name = \"exponential\", factor = 0.01 }");
  EXPECT_GT(still.values.at("shift.relu_1"), 0);
  EXPECT_EQ(still.curves.at("shift").size(), 2U);
  ASSERT_EQ(slow.curves.at("shift").size(), 3U);
  EXPECT_LT(slow.curves.at("shift")[2][1], 0.1 * slow.curves.at("shift")[0][1]);  // the rate is almost 0 in the last epoch
}

}  // namespace
}  // namespace tend::input_shift_test
