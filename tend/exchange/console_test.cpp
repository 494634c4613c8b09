#include "tend/exchange/console.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/base/error.h"
#include "tend/diagnose/diagnose.h"

namespace tend::console_test {

/// The values of a series by the meaning of its name.
std::vector<double> values_of(const std::string& text, const std::string& meaning) {
  for (const LogSeries& series : log_of_bytes(text, "out.txt"))
    if (meaning_of(series.name) == meaning) return series.values;
  return {};
}
using Values = std::vector<double>;

TEST(Console, dictionaries_of_hugging_face_stand_between_other_lines) {
  const std::string text =
      "Some weights were not initialized: ['classifier.bias']\n"
      "  2%|#5        | 10/500 [00:03<02:20,  3.49it/s]\n"
      "{'loss': 0.6931, 'grad_norm': 2.5, 'learning_rate': 4.9e-05, 'epoch': 0.1}\n"
      "{'loss': 0.5, 'grad_norm': nan, 'learning_rate': 4.8e-05, 'epoch': 0.2}\n"
      "{'loss': 0.4, 'grad_norm': 2.0, 'learning_rate': 4.7e-05, 'epoch': 0.3}\n"
      "{'eval_loss': 0.55, 'eval_accuracy': 0.8, 'eval_runtime': 3.1, 'epoch': 0.2}\n"
      "{'train_runtime': 31.5, 'train_loss': 0.41, 'epoch': 1.0}\n";
  EXPECT_EQ(values_of(text, "train.loss"), (Values{0.6931, 0.5, 0.4}));
  EXPECT_EQ(values_of(text, "validation.loss"), Values{0.55});
  EXPECT_EQ(values_of(text, "validation.accuracy"), Values{0.8});
  EXPECT_EQ(values_of(text, "learning_rate"), (Values{4.9e-05, 4.8e-05, 4.7e-05}));
  EXPECT_TRUE(std::isnan(values_of(text, "gradient_norm")[1]));
  EXPECT_EQ(
      values_of("{'loss': '0.25', 'epoch': '1'}\n{'loss': '0.2', 'epoch': '2'}\n{'loss': '0.1', 'epoch': '3'}\n", "train.loss"),
      (Values{0.25, 0.2, 0.1}));
}

TEST(Console, of_keras_the_end_of_each_progress_bar_counts) {
  const std::string text =
      "Epoch 1/3\n"
      "\x1b[1m 1/10\x1b[0m \x1b[32m----\x1b[0m \x1b[1m1s\x1b[0m 99ms/step - accuracy: 0.10 - loss: 9.9\b\b\b\b\b"
      "\x1b[1m10/10\x1b[0m \x1b[32m----\x1b[0m \x1b[1m1s\x1b[0m 9ms/step - accuracy: 0.40 - loss: 0.9\r"
      "10/10 ---- 1s 9ms/step - accuracy: 0.41 - loss: 0.8 - val_accuracy: 0.5 - val_loss: 0.7\n"
      "\nEpoch 00001: val_loss improved from inf to 0.7, saving model to w.h5\n"
      "Epoch 2/3\n10/10 - 0s - loss: 0.6 - accuracy: 0.6 - val_loss: 0.65 - val_accuracy: 0.55\n"
      "Epoch 3/3\n10/10 - 0s - loss: 0.5 - accuracy: 0.7 - val_loss: 0.6 - val_accuracy: 0.6\n";
  EXPECT_EQ(values_of(text, "train.loss"), (Values{0.8, 0.6, 0.5}));
  EXPECT_EQ(values_of(text, "validation.loss"), (Values{0.7, 0.65, 0.6}));
  EXPECT_EQ(values_of(text, "train.accuracy"), (Values{0.41, 0.6, 0.7}));
  EXPECT_EQ(log_of_bytes(text, "out.txt")[0].axis, "epoch");
}

TEST(Console, names_stand_before_their_numbers_in_many_ways) {
  const std::string gpt =
      "iter 0: loss 10.9, time 500.1ms, mfu -100.00%\nstep 0: train loss 10.8, val loss 10.9\niter 10: loss 9.5\n"
      "step 10: train loss 9.4, val loss nan\n";
  EXPECT_EQ(values_of("iter 0: loss 10.9, time 500.1ms\niter 10: loss 9.5, time 4ms\niter 20: loss 8, time 4ms\n", "train.loss"),
            (Values{10.9, 9.5, 8}));
  EXPECT_EQ(values_of(gpt, "validation.loss")[0], 10.9);
  EXPECT_TRUE(std::isnan(values_of(gpt, "validation.loss")[1]));
  const std::string mnist =
      "Train Epoch: 1 [0/60000 (0%)]\tLoss: 2.300000\nTrain Epoch: 1 [640/60000 (1%)]\tLoss: 1.1\n\n"
      "Test set: Average loss: 0.2, Accuracy: 9500/10000 (95%)\n\nTrain Epoch: 2 [0/60000 (0%)]\tLoss: 0.3\n";
  EXPECT_EQ(values_of(mnist, "train.loss"), (Values{2.3, 1.1, 0.3}));
  EXPECT_EQ(values_of(mnist, "validation.loss"), Values{0.2});
  EXPECT_EQ(values_of(mnist, "validation.accuracy"), Values{0.95});
  const std::string imagenet =
      "Epoch: [0][  1/5005]\tTime  5.0 ( 5.0)\tLoss 6.9e+00 (7.1e+00)\tAcc@1   0.00 (  0.10)\n"
      "Epoch: [0][ 11/5005]\tTime  0.5 ( 0.9)\tLoss 6.5e+00 (7.0e+00)\tAcc@1   0.39 (  0.21)\n"
      "Epoch: [0][ 21/5005]\tTime  0.5 ( 0.9)\tLoss 6.2e+00 (6.8e+00)\tAcc@1   0.39 (  0.21)\n";
  EXPECT_EQ(values_of(imagenet, "train.loss"), (Values{6.9, 6.5, 6.2}));
  const std::string transfer =
      "Epoch 0/1\n----------\ntrain Loss: 0.6 Acc: 0.7\nval Loss: 0.4 Acc: 0.8\n"
      "Epoch 1/1\n----------\ntrain Loss: 0.5 Acc: 0.75\nval Loss: 0.3 Acc: 0.9\n";
  EXPECT_EQ(values_of(transfer, "validation.accuracy"), (Values{0.8, 0.9}));
  EXPECT_EQ(values_of(transfer, "train.accuracy"), (Values{0.7, 0.75}));
  const std::string lightning =
      "Epoch 0:  50%|#####     | 5/10 [00:00<00:00, 90.1it/s, v_num=0, train_loss=0.900]\r"
      "Epoch 0: 100%|##########| 10/10 [00:00<00:00, 90.1it/s, v_num=0, train_loss=0.700, val_loss=0.8]\r"
      "Epoch 1: 100%|##########| 10/10 [00:00<00:00, 90.1it/s, v_num=0, train_loss=0.500, val_loss=0.6]\n"
      "Epoch 2: 100%|##########| 10/10 [00:00<00:00, 90.1it/s, v_num=0, train_loss=0.400, val_loss=0.5]\n";
  EXPECT_EQ(values_of(lightning, "train.loss"), (Values{0.7, 0.5, 0.4}));
  EXPECT_EQ(
      values_of("2026-01-05 12:00:01,123 INFO step=100 lr=1e-3 loss=0.5\n2026-01-05 12:00:02,127 INFO step=200 lr=1e-4 loss=0.4\n"
                "2026-01-05 12:00:03,127 INFO step=300 lr=1e-5 loss=0.3\n",
                "learning_rate"),
      (Values{1e-3, 1e-4, 1e-5}));
}

TEST(Console, a_table_of_fastai_is_read_by_its_names) {
  const std::string text =
      "epoch     train_loss  valid_loss  accuracy  time    \n0         0.9         0.8         0.6       00:05     \n"
      "1         0.5         0.6         0.7       00:05     \n2         0.4         0.5         0.8       00:05     \n"
      "all       929         0.5         0.6       0.7       \n";
  EXPECT_EQ(values_of(text, "train.loss"), (Values{0.9, 0.5, 0.4}));
  EXPECT_EQ(values_of(text, "validation.loss"), (Values{0.8, 0.6, 0.5}));
}

TEST(Console, dates_are_no_progress_bars_and_thousands_no_separate_numbers) {
  std::string text;
  for (const char* date : {"12/05/2026", "2026/12/05", "31/12/2026"})
    text += std::string(date) + " 10:01:00 - INFO - step 10 loss: 1,000.50\n";
  EXPECT_EQ(values_of(text, "train.loss"), (Values{1000.5, 1000.5, 1000.5}));
  EXPECT_EQ(values_of("loss: 0,512\nloss: 0,500\nloss: 0,4\n", "train.loss"), (Values{0.512, 0.5, 0.4}));
  EXPECT_EQ(values_of("10/30 loss: 3\n20/30 loss: 2\n30/30 loss: 1\n", "train.loss"), (Values{3, 2, 1}));
}

TEST(Console, held_out_rows_are_named_by_headings_and_names_not_by_any_word) {
  const std::string quickstart =
      "Epoch 1\n-----\nloss: 2.3  [   64/60000]\nloss: 2.2  [ 6464/60000]\nloss: 2.1 [12864/60000]\n"
      "Test Error: \n Accuracy: 50.0%, Avg loss: 1.9 \n\nEpoch 2\n-----\nloss: 1.8  [   64/60000]\n";
  EXPECT_EQ(values_of(quickstart, "train.loss"), (Values{2.3, 2.2, 2.1, 1.8}));
  EXPECT_EQ(values_of(quickstart, "validation.loss"), Values{1.9});
  EXPECT_EQ(values_of("val acc: 0.5, loss 0.4\nval acc: 0.6, loss 0.3\nval acc: 0.7, loss 0.2\n", "train.loss"),
            (Values{0.4, 0.3, 0.2}));
  EXPECT_EQ(values_of("node dev gpu0 | epoch 1 loss 3\nnode dev gpu0 | epoch 2 loss 2\ntest run epoch 3 loss 1\n", "train.loss"),
            (Values{3, 2, 1}));
}

TEST(Console, a_damaged_log_keeps_its_error) {
  EXPECT_THROW(log_of_bytes("step\tloss\n1\t0.5\n2\n3\t0.4\tloss: 0.3\n", "broken.tsv"), Error);
  EXPECT_THROW(log_of_bytes("{\"loss\": 1}\nWARNING: loss: 88 is high\n{\"loss\": 2}\n{\"loss\": 3}\n", "e.jsonl"), Error);
  EXPECT_THROW(log_of_bytes("{\n \"log_history\": [\n  {\"loss\": 1},\n  {\"loss\": 2},\n  {\"loss\": 3},\n", "b.json"), Error);
}

TEST(Console, text_without_a_loss_keeps_its_first_error) {
  EXPECT_THROW(log_of_bytes("Dear all,\nthe training begins at 10:30, in room 5.\n", "mail.txt"), Error);
  EXPECT_THROW(log_of_bytes("{\"a\": 1,\n", "broken.json"), Error);
}

TEST(Console, a_loss_that_becomes_nan_is_found) {
  std::string text;
  for (int step = 1; step <= 60; ++step)
    text += "step " + std::to_string(step) + "/100 | loss: " + (step < 50 ? std::to_string(2.0 / step + 0.5) : "nan") + "\n";
  const auto findings = diagnose_logs(history_of(log_of_bytes(text, "out.txt"), "out.txt").losses);
  ASSERT_FALSE(findings.empty());
  EXPECT_EQ(findings[0].rule, "not_finite");
  EXPECT_EQ(findings[0].first_step, 50);
}

}  // namespace tend::console_test
