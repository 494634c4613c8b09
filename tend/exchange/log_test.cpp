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
  return diagnose_logs(history_of(read_log(file.path()), name).losses);
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
                                                        {"grad/norm", "gradient_norm"},
                                                        {"train/grad_norm", "gradient_norm"},
                                                        {"grad_2.0_norm_total", "gradient_norm"},
                                                        {"train/global_step", "step"},
                                                        {"train/cls_loss", "train.cls_loss"},
                                                        {"validation/epoch_loss", "validation.loss"},
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
  ASSERT_EQ(log.losses[0].second.windows.size(), 20u);
  EXPECT_EQ(log.losses[0].second.windows[1].mean, 1.0);
  EXPECT_EQ(log.losses[0].second.steps, 950);
  for (const auto& [name, meaning] : log.columns) EXPECT_EQ(meaning.empty(), name.find("__M") != std::string::npos) << name;
}

TEST(Log, csv_of_ultralytics_pads_its_cells) {
  std::string text =
      "                  epoch,             time,         train/loss,  metrics/accuracy_top1,           val/loss,             lr/pg0\n";
  for (int e = 1; e <= 8; ++e)
    text += "                      " + std::to_string(e) + ",            9.4,            " + std::to_string(1.0 / e) +
            ",                    0.8,            " + std::to_string(1.2 / e) + ",          0.00714\n";
  const LogFile file("results.csv", text);
  const History h = history_of(read_log(file.path()), "results").losses[0].second;
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
  const History h = history_of(log, "w").losses[0].second;
  ASSERT_EQ(h.windows.size(), 2u);
  EXPECT_EQ(h.windows[0].mean, 1.5);
  EXPECT_TRUE(std::isnan(h.windows[1].mean));
  EXPECT_EQ(h.not_finite.step, 2);
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
  EXPECT_EQ(h.losses[0].second.windows.size(), 8u);
  EXPECT_EQ(h.losses[0].second.epochs.size(), 8u);
  for (const Finding& f : diagnose(h.losses[0].second)) EXPECT_EQ(f.severity, Severity::info) << f.message;
}

TEST(Log, each_loss_of_ultralytics_is_judged) {
  std::string text = "epoch,train/box_loss,train/cls_loss,metrics/mAP50(B),val/box_loss,val/cls_loss\n";
  for (int e = 1; e <= 30; ++e)
    text += std::to_string(e) + "," + std::to_string(1 + 1.0 / e) + "," + std::to_string(1.5 / e) + ",0.5," +
            std::to_string(1.1 + 1.0 / e) + "," + std::to_string(e < 8 ? 1.5 - 0.1 * e : 0.8 + 0.05 * (e - 8)) + "\n";
  const LogFile file("results.csv", text);
  const LogHistory log = history_of(read_log(file.path()), "results");
  ASSERT_EQ(log.losses.size(), 2u);
  EXPECT_EQ(log.losses[1].first, "cls_loss");
  const std::vector<Finding> f = diagnose_logs(log.losses);
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].rule, "overfitting");
  EXPECT_EQ(f[0].message.find("cls_loss: The network overfits since epoch 7"), 0u) << f[0].message;
  std::string nan = text + "31,nan,nan,0,nan,nan\n";
  const std::vector<Finding> both = findings_of("nan.csv", nan);
  ASSERT_EQ(both.size(), 1u);
  EXPECT_NE(both[0].message.find("The same holds for cls_loss."), std::string::npos) << both[0].message;
}

TEST(Log, losses_of_0_with_gradient_norms_that_are_not_finite_are_named) {
  std::string text = "{\"log_history\": [\n";
  for (int s = 1; s <= 40; ++s)
    text += std::string(s > 1 ? "," : "") + "{\"epoch\": 0.1, \"step\": " + std::to_string(10 * s) +
            ", \"grad_norm\": " + (s < 21 ? "1.5" : "NaN") + ", \"loss\": " + (s < 21 ? std::to_string(2.0 / s) : "0.0") + "}\n";
  const std::vector<Finding> f = findings_of("trainer_state.json", text + ",{\"step\": 400, \"eval_loss\": NaN}]}\n");
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].rule, "gradient_overflow");
  EXPECT_EQ(f[0].severity, Severity::critical);
  EXPECT_EQ(f[0].first_step, 210);
}

/// The rows of a training of this many rows whose loss goes wrong in a way.
std::string sick_log(const std::string& way, const char* header, int rows) {
  std::string text = header;
  for (int i = 1; i <= rows; ++i) {
    double train = 2.0 / i, held_out = 2.1 / i, norm = 1;
    if (way == "divergence") train = i * i, held_out = i * i, norm = std::pow(1.3, i);
    if (way == "overfitting") held_out = i < 8 ? 1.0 / i : 0.1 * i;
    if (way == "flat_loss") train = held_out = 2.3;
    if (way == "lost_progress") train = i > rows / 2 ? 2.5 : 2.0 / i;
    if (way == "not_finite" && i > rows / 2) train = held_out = std::nan("");
    text += std::to_string(i);
    for (const double v : {train, held_out, norm}) text += "," + std::to_string(v);
    text += "\n";
  }
  return text;
}

TEST(Log, findings_name_what_the_rows_count_and_a_remedy_for_any_program) {
  for (const char* way : {"divergence", "overfitting", "flat_loss", "lost_progress", "not_finite"})
    for (const std::string axis : {"step", "epoch"}) {
      const std::string header = axis + ",train_loss,val_loss,grad_norm\n";
      const std::vector<Finding> all = findings_of("sick.csv", sick_log(way, header.c_str(), 40));
      ASSERT_FALSE(all.empty()) << way;
      EXPECT_EQ(all[0].rule, way);
      for (const Finding& f : all) {
        EXPECT_FALSE(f.advice.empty()) << f.rule;
        EXPECT_TRUE(f.changes.empty()) << f.rule;
        const std::string text = f.message + f.advice;
        EXPECT_EQ(text.find(axis == "step" ? "epoch" : "step"), std::string::npos) << text;
        for (const char* ours : {"tend", "train.", "update.", "--"}) EXPECT_EQ(text.find(ours), std::string::npos) << text;
      }
    }
}

TEST(Log, test_rows_stand_for_validation_rows_where_there_are_none) {
  const LogFile epochs("epochs.csv", "epoch,train_loss,test_loss\n1,1.5,1.6\n2,1,1.2\n");
  const LogHistory log = history_of(read_log(epochs.path()), "epochs");
  EXPECT_EQ(log.columns[2], (std::pair<std::string, std::string>{"test_loss", "validation.loss"}));
  EXPECT_EQ(metric_of(log.losses[0].second.epochs.at(1).validation, "loss"), 1.2);
  const LogFile end("end.csv", "epoch,train_loss,test_loss\n1,1.5,\n2,1,\n2,,1.2\n");
  EXPECT_EQ(history_of(read_log(end.path()), "end").columns[2].second, "");
}

TEST(Log, rows_count_where_steps_go_back_or_stand) {
  const LogFile appended("appended.csv", "epoch,loss\n0,2\n1,1\n2,0.5\n0,0.4\n1,0.3\n");
  const std::vector<LogSeries> rows = read_log(appended.path());
  EXPECT_EQ(rows[1].axis, "row");
  EXPECT_EQ(rows[1].steps.back(), 5);
  const std::vector<LogSeries> events = log_of_bytes(event(0, "loss", 2) + event(0, "loss", 1), "events");
  EXPECT_EQ(events[0].axis, "row");
  EXPECT_EQ(events[0].steps, (std::vector<double>{1, 2}));
}

TEST(Log, a_folder_of_events_has_files_that_go_on_and_folders_of_its_parts) {
  const std::string folder = "/tmp/tend_log_" + std::to_string(::getpid()) + "_events";
  const auto write = [&](const std::string& place, const std::string& bytes) {
    std::filesystem::create_directories(std::filesystem::path(folder + "/" + place).parent_path());
    std::ofstream(folder + "/" + place, std::ios::binary) << bytes;
  };
  write("run/train/events.out.tfevents.1", event(0, "epoch_loss", 2) + event(1, "epoch_loss", 1) + event(2, "epoch_loss", 9));
  write("run/train/events.out.tfevents.2", event(2, "epoch_loss", 0.5F));
  write("run/validation/events.out.tfevents.1", event(0, "epoch_loss", 3));
  const std::vector<LogSeries> log = read_log(folder);
  std::filesystem::remove_all(folder);
  ASSERT_EQ(log.size(), 2u);
  EXPECT_EQ(log[0].name, "train/epoch_loss");
  EXPECT_EQ(log[0].axis, "epoch");
  EXPECT_EQ(log[0].values, (std::vector<double>{2, 1, 0.5}));
  EXPECT_EQ(meaning_of(log[1].name), "validation.loss");
  write("version_0/metrics.csv", "epoch,loss\n1,0.5\n");
  EXPECT_EQ(read_log(folder).at(1).name, "loss");
  std::filesystem::remove_all(folder);
}

TEST(Log, nothing_outside_the_named_folder_is_read) {
  const std::string folder = "/tmp/tend_log_" + std::to_string(::getpid()) + "_parts";
  for (const std::string part : {"train", "validation"}) {
    std::filesystem::create_directories(folder + "/" + part);
    std::ofstream(folder + "/" + part + "/events.out.tfevents.1", std::ios::binary) << event(0, "epoch_loss", 2);
  }
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder);
  const std::vector<LogSeries> train = read_log("train"), held_out = read_log(folder + "/validation"), both = read_log(".");
  std::filesystem::current_path(before);
  std::filesystem::remove_all(folder);
  ASSERT_EQ(train.size(), 1u);
  EXPECT_EQ(train[0].name, "train/epoch_loss");
  ASSERT_EQ(held_out.size(), 1u);
  EXPECT_EQ(meaning_of(held_out[0].name), "validation.loss");
  EXPECT_EQ(both.size(), 2u);
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
