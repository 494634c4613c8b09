#pragma once
#include <tuple>

#include "tend/lecture/answers.h"
#include "tend/lecture/probe.h"

namespace tend {

/// DropoutMasks: the trained network on held-out rows with random masks as in training: each mask is another, thinner network.
/// Their average is what inference without a mask approximates (Srivastava et al., 2014, sec. 7.5).
struct DropoutMasks {
  std::int64_t count = 50;
  static constexpr std::string_view value_field = "count";
  static constexpr std::string_view about =
      "Answers with dropout masks: masks.one.loss, the mean loss of single masks; masks.average.loss, that of their averaged "
      "answers; masks.none.loss, without a mask; also .accuracy.";
  static constexpr auto fields = std::tuple{
      field_of<DropoutMasks>("count", &DropoutMasks::count, at_least(1), "", "The masks that are drawn.")};

  void at_end(const Training& training, Measures& m) const {
    const Run& run = training.engine();
    HeldOutAnswers sum;
    AnswerScore one;
    for (std::int64_t i = 1; i <= count; ++i) {
      const HeldOutAnswers answers = answers_of_training_pass(run, run.counters().step + i);
      sum.add(answers);
      const AnswerScore score = score_of(run, answers);
      one.loss += score.loss / static_cast<double>(count), one.accuracy += score.accuracy / static_cast<double>(count);
    }
    sum.divide(static_cast<double>(count));
    const AnswerScore average = score_of(run, sum), none = score_of(run, answers_of(run));
    m.values["masks.one.loss"] = one.loss, m.values["masks.one.accuracy"] = one.accuracy;
    m.values["masks.average.loss"] = average.loss, m.values["masks.average.accuracy"] = average.accuracy;
    m.values["masks.none.loss"] = none.loss, m.values["masks.none.accuracy"] = none.accuracy;
  }
};

}  // namespace tend
