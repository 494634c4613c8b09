#include "tend/exchange/log.h"

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <span>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tend/base/digest.h"
#include "tend/base/error.h"
#include "tend/diagnose/diagnose.h"
#include "tend/exchange/events.h"

namespace tend::log_test {

/// A file of its own, removed at the end.
class LogFile {
 public:
  LogFile(const std::string& name, const std::string& text) : path_("/tmp/tend_log_" + std::to_string(::getpid()) + "_" + name) {
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~LogFile() { std::filesystem::remove(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::vector<Finding> findings_of(const std::string& name, const std::string& text) {
  const LogFile file(name, text);
  return diagnose(history_of(read_log(file.path()), name).history);
}

template <class Value>
void put(std::string& bytes, Value v) {
  bytes.append(reinterpret_cast<const char*>(&v), sizeof v);
}

/// A frame of TFRecord around an event with one scalar, written from the formats' definitions.
std::string event(std::int64_t step, const std::string& tag, float value) {
  std::string one;
  one += '\x0a';
  one += static_cast<char>(tag.size());
  one += tag;
  one += '\x15';
  put(one, value);
  std::string summary;
  summary += '\x0a';
  summary += static_cast<char>(one.size());
  summary += one;
  std::string data;
  data += '\x09';
  put(data, 1.7e9);  // wall time
  data += '\x10';
  for (auto left = static_cast<std::uint64_t>(step);; left >>= 7) {
    data += static_cast<char>(left > 127 ? left % 128 + 128 : left);
    if (left < 128) break;
  }
  data += '\x2a';
  data += static_cast<char>(summary.size());
  data += summary;
  const auto masked = [](const std::string& bytes) {
    const std::uint32_t crc = crc32c(std::as_bytes(std::span(bytes.data(), bytes.size())));
    return ((crc >> 15) | (crc << 17)) + 0xa282ead8U;
  };
  std::string frame;
  put(frame, static_cast<std::uint64_t>(data.size()));
  put(frame, masked(frame));
  frame += data;
  put(frame, masked(data));
  return frame;
}

TEST(Log, columns_are_known_by_their_usual_names) {
  for (const auto& [name, meaning] :
       std::vector<std::pair<std::string, std::string>>{{"loss", "train.loss"},
                                                        {"train/loss", "train.loss"},
                                                        {"train_loss_epoch", "train.loss"},
                                                        {"val_loss", "validation.loss"},
                                                        {"eval_loss", "validation.loss"},
                                                        {"eval/loss", "validation.loss"},
                                                        {"validation/loss", "validation.loss"},
                                                        {"Loss/train", "train.loss"},
                                                        {"Loss/val", "validation.loss"},
                                                        {"val_accuracy", "validation.accuracy"},
                                                        {"acc", "train.accuracy"},
                                                        {"metrics/accuracy_top1", "validation.accuracy"},
                                                        {"lr", "learning_rate"},
                                                        {"lr/pg0", "learning_rate"},
                                                        {"learning_rate", "learning_rate"},
                                                        {"trainer/global_step", "step"},
                                                        {"epoch", "epoch"},
                                                        {"grad_norm", "gradient_norm"},
                                                        {"val_precision", ""},
                                                        {"time", ""}})
    EXPECT_EQ(meaning_of(name), meaning) << name;
}

TEST(Log, csv_of_keras_that_overfits) {
  std::string text = "epoch,accuracy,loss,val_accuracy,val_loss\n";
  for (int e = 0; e < 12; ++e)
    text += std::to_string(e) + ",0.9," + std::to_string(1.0 / (1 + e)) + ",0.7," +
            std::to_string(e < 4 ? 1.0 - 0.1 * e : 0.3 + 0.1 * e) + "\n";
  const std::vector<Finding> f = findings_of("keras.csv", text);
  ASSERT_FALSE(f.empty());
  EXPECT_EQ(f[0].rule, "overfitting");
}

TEST(Log, csv_of_lightning_with_empty_cells_that_diverges) {
  std::string text = "epoch,step,train_loss,val_loss\n";
  for (int s = 1; s <= 20; ++s) {
    text += "0," + std::to_string(10 * s) + "," + (s == 20 ? "nan" : std::to_string(0.5 * s)) + ",\n";
    if (s % 5 == 0) text += "0," + std::to_string(10 * s) + ",," + std::to_string(0.5 * s) + "\n";
  }
  const std::vector<Finding> f = findings_of("metrics.csv", text);
  ASSERT_FALSE(f.empty());
  EXPECT_EQ(f[0].rule, "not_finite");
  EXPECT_EQ(f[0].first_step, 200);
  EXPECT_EQ(f[0].message.find("parameter"), std::string::npos) << f[0].message << " (a log tells nothing of parameters)";
}

TEST(Log, csv_of_wandb_has_the_name_of_the_run_and_bounds_in_its_header) {
  std::string text =
      "\"Step\",\"lucky-sun-1 - train/loss\",\"lucky-sun-1 - train/loss__MIN\",\"lucky-sun-1 - train/loss__MAX\"\n";
  for (int s = 0; s < 20; ++s)
    text += "\"" + std::to_string(50 * s) + "\",\"" + std::to_string(2.0 / (1 + s)) + "\",\"0\",\"9\"\n";
  const LogFile file("wandb.csv", text);
  const LogHistory log = history_of(read_log(file.path()), "wandb");
  ASSERT_EQ(log.history.windows.size(), 20u);
  EXPECT_EQ(log.history.windows[1].mean, 1.0);
  EXPECT_EQ(log.history.steps, 950);
  for (const auto& [name, meaning] : log.columns) EXPECT_EQ(meaning.empty(), name.find("__M") != std::string::npos) << name;
}

TEST(Log, csv_of_ultralytics_pads_its_cells) {
  std::string text =
      "                  epoch,             time,         train/loss,  metrics/accuracy_top1,           val/loss,             lr/pg0\n";
  for (int e = 1; e <= 8; ++e)
    text += "                      " + std::to_string(e) + ",            9.4,            " + std::to_string(1.0 / e) +
            ",                    0.8,            " + std::to_string(1.2 / e) + ",          0.00714\n";
  const LogFile file("results.csv", text);
  const History h = history_of(read_log(file.path()), "results").history;
  ASSERT_EQ(h.epochs.size(), 8u);
  EXPECT_EQ(metric_of(h.epochs[1].train, "loss"), 0.5);
  EXPECT_EQ(metric_of(h.epochs[1].validation, "loss"), 0.6);
  EXPECT_EQ(metric_of(h.epochs[1].validation, "accuracy"), 0.8);
  EXPECT_EQ(h.windows[0].learning_rate, 0.00714);
  for (const Finding& f : diagnose(h)) EXPECT_EQ(f.severity, Severity::info) << f.message;
}

TEST(Log, json_of_hugging_face_that_stays_flat_and_one_that_learns) {
  std::string flat = "{\"epoch\": 3.0, \"log_history\": [\n", falls = flat;
  for (int s = 1; s <= 30; ++s) {
    const std::string start = std::string(s > 1 ? "," : "") +
                              "{\"epoch\": 0.1, \"learning_rate\": 5e-05, \"step\": " + std::to_string(10 * s) + ", \"loss\": ";
    flat += start + std::to_string(0.69 + 0.001 * (s % 3)) + "}\n";
    falls += start + std::to_string(0.69 / s) + "}\n";
  }
  const std::vector<Finding> f = findings_of("flat.json", flat + "]}\n");
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].rule, "flat_loss");
  for (const Finding& healthy : findings_of("falls.json", falls + "]}\n"))
    EXPECT_EQ(healthy.severity, Severity::info) << healthy.message;
}

TEST(Log, json_lines_take_the_words_that_python_writes_and_leave_out_an_unfinished_line) {
  const LogFile file(
      "w.jsonl", "{\"_step\": 1, \"train\": {\"loss\": 1.5}}\n{\"_step\": 2, \"train\": {\"loss\": NaN}}\n{\"_step\": 3, \"tra");
  const std::vector<LogSeries> log = read_log(file.path());
  const History h = history_of(log, "w").history;
  ASSERT_EQ(h.windows.size(), 2u);
  EXPECT_EQ(h.windows[0].mean, 1.5);
  EXPECT_TRUE(std::isnan(h.windows[1].mean));
  EXPECT_EQ(h.not_finite.step, 2);
}

TEST(Log, null_is_a_missing_cell_beside_another_metric_and_otherwise_not_finite) {
  const LogFile cells("cells.jsonl",
                      "{\"step\": 1, \"loss\": 1.5, \"val_loss\": null}\n{\"step\": 2, \"loss\": null, \"val_loss\": 1.4}\n");
  EXPECT_EQ(history_of(read_log(cells.path()), "cells").history.not_finite.step, 0);
  const LogFile nan("nan.jsonl", "{\"step\": 1, \"loss\": 1.5}\n{\"step\": 2, \"loss\": null}\n");
  EXPECT_EQ(history_of(read_log(nan.path()), "nan").history.not_finite.step, 2);
}

TEST(Log, events_of_tensorboard) {
  std::string bytes;
  for (int s = 0; s < 300; ++s) bytes += event(s, "train/loss", 1.0F / static_cast<float>(s + 1)) + event(s, "lr", 0.1F);
  const LogFile file("events.out.tfevents.1", bytes + event(300, "train/loss", 0.1F).substr(0, 20));
  const std::vector<LogSeries> log = read_log(file.path());
  ASSERT_EQ(log.size(), 2u);
  EXPECT_EQ(log[0].name, "train/loss");
  EXPECT_EQ(log[0].steps.size(), 300u) << "the last frame is not complete";
  EXPECT_EQ(log[0].steps.back(), 299);
  EXPECT_FLOAT_EQ(static_cast<float>(log[0].values[1]), 0.5F);
  bytes[bytes.size() / 2] ^= 1;
  EXPECT_THROW(read_events(bytes, "damaged"), Error);
}

/// tests/logs/events.out.tfevents.torch: written by torch.utils.tensorboard with tensorboard; the losses of validation and the
/// accuracies are tensors (new_style), the accuracies of doubles.
TEST(Log, events_that_torch_wrote) {
  const std::vector<LogSeries> log = read_log(TEND_SOURCE_DIR "/tests/logs/events.out.tfevents.torch");
  ASSERT_EQ(log.size(), 4u);
  for (const LogSeries& series : log) {
    ASSERT_EQ(series.values.size(), 8u) << series.name;
    for (std::size_t i = 0; i < 8; ++i) {
      const double step = static_cast<double>(i + 1);
      const double wanted = series.name == "Loss/train" ? 2 / step
                            : series.name == "Loss/val" ? 2.2 / step
                            : series.name == "lr"       ? 0.1
                                                        : 1 - 1 / (step + 1);
      EXPECT_EQ(series.steps[i], step);
      EXPECT_NEAR(series.values[i], wanted, 1e-6) << series.name;
    }
  }
  const LogHistory h = history_of(log, "torch");
  EXPECT_EQ(h.history.windows.size(), 8u);
  EXPECT_EQ(h.history.epochs.size(), 8u);
  for (const Finding& f : diagnose(h.history)) EXPECT_EQ(f.severity, Severity::info) << f.message;
}

TEST(Log, bad_files_get_one_clear_error) {
  const auto error_of = [](const std::string& name, const std::string& text) -> std::string {
    try {
      findings_of(name, text);
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  };
  EXPECT_NE(error_of("a.csv", "").find("an empty file"), std::string::npos);
  EXPECT_NE(error_of("b.csv", "epoch,precision\n1,0.5\n").find("no column that is known as a loss"), std::string::npos);
  EXPECT_NE(error_of("c.csv", "epoch,loss\n1,0.5,3\n2,0.4\n").find(":2"), std::string::npos);
  EXPECT_NE(error_of("d.json", "{\"a\": [1,\n2]\n").find("d.json"), std::string::npos);
  EXPECT_NE(error_of("e.json", "[1, 2]").find("an object with scalars"), std::string::npos);
  EXPECT_NE(error_of("f.bin", std::string("ab\0cd", 5)).find("no text and no event file"), std::string::npos);
  EXPECT_THROW(read_log("/tmp/nothing/there"), Error);
}

}  // namespace tend::log_test
