#include "layer_tables.h"

#include <gtest/gtest.h>

namespace tend::layer_tables_test {
namespace {

ParameterWindow window(std::int64_t first, std::int64_t last, double ratio) {
  return {.first = first, .last = last, .update_norm = 2 * ratio, .weight_norm = 2};
}

TEST(RatioLine, has_one_level_for_each_half_decade) {
  std::vector<ParameterWindow> windows;
  std::int64_t step = 1;
  for (const double ratio : {0.0, 1e-6, 1e-5, 3.2e-5, 1e-4, 1e-3, 1e-2, 1.0})
    windows.push_back(window(step, step, ratio)), ++step;
  EXPECT_EQ(ratio_line(windows, 24, false), " ..:-+%#");
  EXPECT_EQ(ratio_line(windows, 24, true), " ▁▁▂▃▅▇█");
  EXPECT_EQ(ratio_line({}, 24, false), "");
}

TEST(RatioLine, joins_windows_by_steps_and_keeps_the_highest) {
  std::vector<ParameterWindow> windows;
  for (std::int64_t i = 0; i < 100; ++i) windows.push_back(window(10 * i + 1, 10 * i + 10, i == 37 ? 1.0 : 1e-3));
  EXPECT_EQ(ratio_line(windows, 10, false), "+++#++++++");
}

TEST(LayerTables, remark_on_a_ratio_out_of_the_usual_range) {
  ShownRun shown;
  EXPECT_TRUE(layer_tables(shown).empty());
  shown.parameters.push_back(
      {.name = "dense_1.weights", .layer = "dense_1", .is_matrix = true, .elements = 12, .windows = {window(1, 5, 0.1)}});
  shown.parameters.push_back(
      {.name = "dense_1.bias", .layer = "dense_1", .is_matrix = false, .elements = 3, .windows = {window(1, 5, 0.1)}});
  const std::vector<std::string> lines = layer_tables(shown);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_NE(lines[2].find("above 1e-2"), std::string::npos) << lines[2];
  EXPECT_EQ(lines[3].find("above 1e-2"), std::string::npos) << lines[3];
}

TEST(LayerTables, show_one_network_of_a_pack_and_its_settings_the_best_first) {
  ShownRun shown;
  for (const int m : {1, 2, 3}) {
    ParameterHistory p{
        .name = "member_" + std::to_string(m) + ".dense_1.weights", .layer = "", .is_matrix = true, .elements = 4, .windows = {}};
    p.windows = {{.first = 1, .last = 10, .gradient_norm = 1, .update_norm = 0.001 * m, .weight_norm = 1}};
    shown.parameters.push_back(p);
  }
  shown.summary = parse_json(R"({"members": [
      {"number": 0, "learning_rate": 0.01, "weight_decay": 0.1, "begun_step": 0, "loss": 0.5, "share": 0.0},
      {"number": 1, "learning_rate": 0.02, "weight_decay": 0.3, "begun_step": 0, "loss": 0.4, "share": 0.5},
      {"number": 2, "learning_rate": 0.02, "weight_decay": 0.3, "begun_step": 0, "loss": 0.4, "share": 0.5}]})",
                             "summary");
  const std::vector<std::string> lines = layer_tables(shown);
  ASSERT_EQ(lines.size(), 7u);
  EXPECT_NE(lines[0].find("of a pack"), std::string::npos);
  EXPECT_NE(lines[2].find("dense_1.weights"), std::string::npos);
  EXPECT_EQ(lines[2].find("member"), std::string::npos);
  EXPECT_NE(lines[2].find("0.002"), std::string::npos) << lines[2];
  EXPECT_NE(lines[5].find("0.02"), std::string::npos) << lines[5];
  EXPECT_NE(lines[5].find("100 %"), std::string::npos) << lines[5];
  EXPECT_NE(lines[6].find("0.01"), std::string::npos);
}

TEST(LayerTables, show_the_layers_of_networks_that_differ_in_them) {
  ShownRun shown;
  shown.summary = parse_json(R"({"members": [
      {"number": 0, "learning_rate": 0.01, "weight_decay": 0.1, "begun_step": 0, "loss": 0.4, "share": 0.5, "layers": [{"dense": 8}, "relu"]},
      {"number": 1, "learning_rate": 0.01, "weight_decay": 0.1, "begun_step": 0, "loss": 0.5, "share": 0.5, "layers": ["tanh"]}]})",
                             "summary");
  const std::vector<std::string> lines = layer_tables(shown);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_NE(lines[2].find("dense 8, relu"), std::string::npos) << lines[2];
  EXPECT_NE(lines[3].find("tanh"), std::string::npos) << lines[3];
}

}  // namespace
}  // namespace tend::layer_tables_test
