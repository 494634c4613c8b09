#include "live_view.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tend::live_view_test {
namespace {

History some_history() {
  History h;
  for (std::int64_t i = 1; i <= 40; ++i)
    h.windows.push_back({.first = i, .last = i, .mean = 2.0 / static_cast<double>(i), .highest = 1, .learning_rate = 0.01});
  for (const auto& [name, ratio] : {std::pair{"dense_1", 1e-3}, {"dense_2", 0.0}, {"dense_3", 1e-1}}) {
    ParameterHistory p{.name = std::string(name) + ".weights", .layer = name, .is_matrix = true, .elements = 4, .windows = {}};
    p.windows.push_back({.first = 1, .last = 40, .gradient_norm = 1, .update_norm = ratio, .weight_norm = 1});
    h.parameters.push_back(p);
  }
  h.parameters.push_back({.name = "dense_1.bias", .layer = "dense_1", .windows = {{.first = 1, .last = 40}}});
  return h;
}

TEST(LiveView, has_a_symbol_for_each_layer_by_the_size_of_its_updates) {
  History h = some_history();
  EXPECT_EQ(health_line(h.parameters, 10, true), "\u2585 \u2588");  // 1e-3, none, the highest
  EXPECT_EQ(health_line(h.parameters, 2, true), "\u2585  and 1 more");
  h.parameters[1].windows[0].not_finite = 3;
  EXPECT_EQ(health_line(h.parameters, 10, true), "\u2585!\u2588");
}

TEST(LiveView, draws_a_loss_beside_the_batches_and_another_metric_by_itself) {
  History h = some_history();
  EpochReport epoch{.epoch = 1, .steps = 20};
  epoch.validation = {{"loss", 0.5}, {"accuracy", 0.75}};
  h.epochs = {epoch};
  const ChartStyle style{.width = 80, .height = 10};
  const auto with_loss = live_lines(h, "validation.loss", "status", style);
  EXPECT_NE(with_loss[0].find("validation.loss"), std::string::npos) << with_loss[0];
  EXPECT_EQ(with_loss.back(), "status");
  EXPECT_LE(with_loss.size(), 15U);
  const auto with_accuracy = live_lines(h, "validation.accuracy", "status", style);
  EXPECT_EQ(with_accuracy[0].find("validation"), std::string::npos);
  EXPECT_LE(with_accuracy.size(), 18U);
  EXPECT_NE(with_accuracy[with_accuracy.size() - 2].find("rate 0.01"), std::string::npos);
}

}  // namespace
}  // namespace tend::live_view_test
