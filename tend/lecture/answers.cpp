#include "tend/lecture/answers.h"

#include <algorithm>
#include <cmath>

#include "tend/train/data_scale.h"

namespace tend {

namespace {

const Part& judging_part(const Run& run) {
  const Parts& parts = run.plan().parts();
  return parts.validation.rows() > 0 ? parts.validation : parts.train;
}

HeldOutAnswers answers_of_outputs(const Run& run, const std::vector<float>& outputs) {
  const TargetCoding& coding = run.plan().coding();
  HeldOutAnswers answers{.rows = judging_part(run).rows(), .classes = coding.answer_width(), .probabilities = {}};
  answers.probabilities.resize(static_cast<std::size_t>(answers.rows * answers.classes));
  for (std::int64_t r = 0; r < answers.rows; ++r)
    coding.answer(outputs.data() + r * coding.outputs, answers.probabilities.data() + r * answers.classes);
  return answers;
}

bool has_one_class_a_row(const Run& run) {
  return run.plan().coding().task == Task::classification && run.plan().coding().places == 1;
}

std::vector<float> inputs_of(const Part& part) {
  std::vector<float> x(static_cast<std::size_t>(part.rows() * part.x.row_size()));
  part.gather(nullptr, 0, part.rows(), x.data());
  return x;
}

}  // namespace

void HeldOutAnswers::add(const HeldOutAnswers& other) {
  if (probabilities.empty()) *this = {.rows = other.rows, .classes = other.classes, .probabilities = {}};
  probabilities.resize(other.probabilities.size());
  for (std::size_t i = 0; i < probabilities.size(); ++i) probabilities[i] += other.probabilities[i];
}

void HeldOutAnswers::divide(double by) {
  for (double& p : probabilities) p /= by;
}

HeldOutAnswers answers_of(const Run& run) {
  if (!has_one_class_a_row(run)) return {};
  const Part& part = judging_part(run);
  Run copy = run.fork();
  return answers_of_outputs(run, copy.outputs(inputs_of(part).data(), part.rows()));
}

HeldOutAnswers answers_of_training_pass(const Run& run, std::int64_t step) {
  if (!has_one_class_a_row(run)) return {};
  const Part& part = judging_part(run);
  Block state = run.state();
  Plan::counters(state).step = step;
  const int last = static_cast<int>(run.plan().network().nodes().size()) - 1;
  return answers_of_outputs(run, values_at(run.plan(), state, last, true, inputs_of(part).data(), part.rows(), run.executor()));
}

AnswerScore score_of(const Run& run, const HeldOutAnswers& answers) {
  constexpr double least = 1e-12;  // of a probability
  const Part& part = judging_part(run);
  AnswerScore score;
  for (std::int64_t r = 0; r < answers.rows; ++r) {
    const double* p = answers.probabilities.data() + r * answers.classes;
    const auto code = static_cast<std::int64_t>(part.y.as<double>()[r]);
    score.loss -= std::log(std::max(least, p[code]));
    score.accuracy += std::max_element(p, p + answers.classes) - p == code;
  }
  score.loss /= static_cast<double>(std::max<std::int64_t>(1, answers.rows));
  score.accuracy /= static_cast<double>(std::max<std::int64_t>(1, answers.rows));
  return score;
}

}  // namespace tend
