#include <cmath>

#include <gtest/gtest.h>

#include "tend/diagnose/diagnose.h"
#include "tend/exchange/log.h"

namespace tend::log_rows_test {

std::vector<Finding> findings_of(const std::string& name, const std::string& text) {
  return diagnose_logs(history_of(log_of_bytes(text, name), name).losses);
}

TEST(LogRows, rows_that_hold_only_the_learning_rate_have_no_loss) {
  for (const bool is_json : {false, true}) {
    std::string text = is_json ? "" : "step,lr-SGD,train_loss,val_loss\n";
    const auto row = [&](int step, const std::string& rate, const std::string& train, const std::string& held_out) {
      const std::string s = std::to_string(step);
      text += is_json ? "{\"step\":" + s + ",\"lr\":" + rate + ",\"train_loss\":" + train + ",\"val_loss\":" + held_out + "}\n"
                      : s + "," + rate + "," + train + "," + held_out + "\n";
    };
    const std::string none = is_json ? "null" : "NaN";
    for (int s = 1; s <= 30; ++s) {
      row(s, none, std::to_string(2.0 / s), none);
      if (s % 5 == 0) row(s, none, none, std::to_string(2.1 / s));
      row(s, std::to_string(0.1 / s), none, none);
    }
    for (const Finding& f : findings_of("rates", text)) EXPECT_FALSE(f.is_alarm()) << f.message;
  }
}

TEST(LogRows, the_decimal_mark_is_the_one_that_makes_more_losses_numbers) {
  std::string text = "epoch;loss;speed;rows\n";
  for (int e = 1; e <= 9; ++e) text += std::to_string(e) + ";0.5;\"1,00" + std::to_string(e) + "\";\"2,500\"\n";
  EXPECT_EQ(history_of(log_of_bytes(text, "mixed.csv"), "mixed.csv").losses[0].second.windows.size(), 9u);
}

TEST(LogRows, separators_in_the_quotes_of_a_header_are_text) {
  const std::string text("\"Step\",\"a|b|c - train/loss\"\n\"1\",\"2\"\n\"2\",\"1\"\n");
  EXPECT_EQ(log_of_bytes(text, "bars.csv").at(1).values, (std::vector<double>{2, 1}));
}

TEST(LogRows, nan_in_the_cells_of_rows_of_another_kind_is_no_value) {
  std::string sparse = "step,train_loss,val_loss\n", dense = sparse;
  for (int s = 1; s <= 30; ++s) {
    sparse += std::to_string(s) + "," + std::to_string(2.0 / s) + ",nan\n";
    if (s % 10 == 0) sparse += std::to_string(s) + ",nan," + std::to_string(2.2 / s) + "\n";
    dense += std::to_string(s) + "," + (s == 20 ? "nan" : std::to_string(2.0 / s)) + "," + std::to_string(2.2 / s) + "\n";
  }
  EXPECT_TRUE(findings_of("sparse.csv", sparse).empty());
  const std::vector<Finding> f = findings_of("dense.csv", dense);
  ASSERT_FALSE(f.empty());
  EXPECT_EQ(f[0].rule, "not_finite");
  EXPECT_EQ(f[0].severity, Severity::info) << "the loss is finite again";
  EXPECT_EQ(f[0].first_step, 20);
}

TEST(LogRows, null_is_a_missing_cell_beside_another_metric_and_otherwise_not_finite) {
  const std::string cells("{\"step\": 1, \"loss\": 1.5, \"val_loss\": null}\n{\"step\": 2, \"loss\": null, \"val_loss\": 1.4}\n");
  EXPECT_EQ(history_of(log_of_bytes(cells, "cells.jsonl"), "cells").losses[0].second.not_finite.step, 0);
  const std::string nan("{\"step\": 1, \"loss\": 1.5}\n{\"step\": 2, \"loss\": null}\n");
  EXPECT_EQ(history_of(log_of_bytes(nan, "nan.jsonl"), "nan").losses[0].second.not_finite.step, 2);
}

TEST(LogRows, tables_may_be_separated_by_semicolons_or_tabs_and_have_decimal_commas) {
  for (const auto& [separator, decimal] : std::vector<std::pair<char, char>>{{',', '.'}, {';', '.'}, {';', ','}, {'\t', ','}}) {
    std::string text =
        "\xef\xbb\xbf"
        "epoch,loss,val_loss\r\n0,1.5,1.75\r\n1,0.25,nan\r\n2,1e-3,0.5\r\n3,0.12";
    for (char& c : text) c = c == ',' ? separator : c == '.' ? decimal : c;
    const std::vector<LogSeries> log = log_of_bytes(text, "table.csv");
    ASSERT_EQ(log.size(), 3u);
    EXPECT_EQ(log[0].name, "epoch");
    EXPECT_EQ(log[1].values, (std::vector{1.5, 0.25, 1e-3})) << "the last line is not complete";
    EXPECT_EQ(log[1].axis, "epoch");
    EXPECT_TRUE(std::isnan(log[2].values.at(1)));
  }
}

}  // namespace tend::log_rows_test
