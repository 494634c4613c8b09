#pragma once
#include <tuple>

#include "tend/lecture/answers.h"
#include "tend/lecture/probe.h"

namespace tend {

/// CheckpointEnsemble: the mean of the probabilities of one network at several times of its training, on held-out rows
/// (Huang et al., 2017, "Snapshot Ensembles"; CS231n 2017, lecture 7). With a schedule that restarts, `every` is a cycle.
struct CheckpointEnsemble {
  std::int64_t every = 1;
  std::int64_t skips = 0;
  static constexpr std::string_view value_field = "every";
  static constexpr std::string_view about =
      "The average of the answers at the ends of epochs: ensemble.loss, ensemble.accuracy, ensemble.count, and those of the last "
      "one: ensemble.last.loss, ensemble.last.accuracy; ensemble.mean.loss is the mean loss of the averaged ones.";
  static constexpr auto fields = std::tuple{
      field_of<CheckpointEnsemble>("every", &CheckpointEnsemble::every, at_least(1), "epochs",
                                   "One checkpoint in so many epochs."),
      field_of<CheckpointEnsemble>("skips", &CheckpointEnsemble::skips, at_least(0), "epochs", "The first epochs have none.")};

  void after_epoch(const Training& training, Measures&) {
    ++epoch_;
    if (epoch_ <= skips || (epoch_ - skips) % every != 0) return;
    last_ = answers_of(training.engine());
    sum_.add(last_);
    losses_ += score_of(training.engine(), last_).loss;
    ++count_;
  }
  void at_end(const Training& training, Measures& m) {
    if (count_ == 0) return;
    HeldOutAnswers mean = sum_;
    mean.divide(count_);
    const AnswerScore all = score_of(training.engine(), mean), last = score_of(training.engine(), last_);
    m.values["ensemble.loss"] = all.loss, m.values["ensemble.accuracy"] = all.accuracy;
    m.values["ensemble.last.loss"] = last.loss, m.values["ensemble.last.accuracy"] = last.accuracy;
    m.values["ensemble.mean.loss"] = losses_ / count_;
    m.values["ensemble.count"] = count_;
  }

 private:
  std::int64_t epoch_ = 0;
  double count_ = 0, losses_ = 0;
  HeldOutAnswers sum_, last_;
};

}  // namespace tend
