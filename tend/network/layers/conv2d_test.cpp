#include "tend/network/layers/conv2d.h"

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::conv2d_test {
namespace {

TEST(Conv2d, slides_its_window_over_the_image) {
  Conv2d conv;
  conv.kernel = 2;
  const auto run = run_layer(conv, {{3, 3, 1}}, {{1, 2, 3, 4, 5, 6, 7, 8, 9}}, {{"weights", {1, 0, 0, -1}}, {"bias", {0.5}}},
                             {1, 0, 0, 0}, 1);
  EXPECT_EQ(run.output, (std::vector<double>{-3.5, -3.5, -3.5, -3.5}));
  EXPECT_EQ(run.input_gradients[0], (std::vector<double>{1, 0, 0, 0, -1, 0, 0, 0, 0}));
  EXPECT_EQ(run.gradients.at("weights"), (std::vector<double>{1, 2, 4, 5}));
}

TEST(Conv2d, same_puts_the_odd_zero_below_and_right) {
  Conv2d conv;
  conv.kernel = 2, conv.padding = "same", conv.bias = false;
  const auto run = run_layer(conv, {{2, 2, 1}}, {{1, 2, 3, 4}}, {{"weights", {1, 1, 1, 1}}}, {1, 1, 1, 1}, 1);
  EXPECT_EQ(run.output, (std::vector<double>{10, 6, 7, 4}));
}

TEST(Conv2d, says_when_the_image_is_smaller_than_the_window) {
  EXPECT_THROW(Conv2d{}.layout({{2, 5, 1}}), Error);
  Conv2d wrong;
  wrong.padding = "full";
  EXPECT_THROW(wrong.layout({{5, 5, 1}}), Error);
}

}  // namespace
}  // namespace tend::conv2d_test
