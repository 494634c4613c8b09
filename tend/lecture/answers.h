#pragma once
#include <vector>

#include "tend/train/run.h"

namespace tend {

/// Probabilities of the classes [rows, classes] of held-out rows: the validation rows, without them the training rows.
struct HeldOutAnswers {
  std::int64_t rows = 0, classes = 0;
  std::vector<double> probabilities;
  /// Adds those of other answers, for an average.
  void add(const HeldOutAnswers& other);
  void divide(double by);
};

/// In inference, or as the forward pass of training answers: with the dropout mask of this step. Of another task than classes:
/// without rows.
HeldOutAnswers answers_of(const Run& run);
HeldOutAnswers answers_of_training_pass(const Run& run, std::int64_t step);
/// The mean of -ln(probability of the right class), and the share of rows that are answered right.
struct AnswerScore {
  double loss = 0, accuracy = 0;
};
AnswerScore score_of(const Run& run, const HeldOutAnswers& answers);

}  // namespace tend
