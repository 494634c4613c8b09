#pragma once
#include <cmath>

#include "tend/diagnose/evidence.h"

namespace tend {

/// The network fits even its training rows badly, and the loss has stopped falling: it gains less than `gain` of what lies
/// between a guess and a perfect answer (accuracy; r2), training and validation rows are alike, and the last fifth of the epochs
/// brought less than 2 %. info: the data may not tell more.
struct Underfitting {
  double gain = 0.25, fall = 0.02, gap = 0.05;
  static constexpr auto fields = std::tuple{
      field_of<Underfitting>("gain", &Underfitting::gain, part_of_one(), "",
                             "The least part of the way from a guess to a perfect answer on the training rows."),
      field_of<Underfitting>("fall", &Underfitting::fall, part_of_one(), "",
                             "The relative fall of the loss in the last fifth of the epochs that counts as one."),
      field_of<Underfitting>("gap", &Underfitting::gap, part_of_one(), "",
                             "The largest difference between training and validation rows.")};
  static constexpr int place = 55;

  std::vector<Finding> find(const History& h) const {
    if (!has_run_to_an_end(h) || h.epochs.size() < 10 || h.epochs[0].validation.empty()) return {};
    const char* name = h.task == Task::regression ? "r2" : "accuracy";
    // A log does not say how many classes there are: its first loss is about that of a guess.
    const bool is_log = h.parameters.empty() && h.most_frequent_fraction == 0 && !h.windows.empty();
    const double known = is_log ? std::exp(-std::max(0.0, h.windows.front().mean)) : h.most_frequent_fraction;
    const double guess = h.task == Task::regression ? 0 : known, train = metric_of(h.train, name),
                 validation = metric_of(h.validation, name), share = (train - guess) / std::max(1e-9, 1 - guess);
    const std::size_t last = h.epochs.size() - 1, before = last - std::max<std::size_t>(1, h.epochs.size() / 5);
    const double then = metric_of(h.epochs[before].train, "loss"), now = metric_of(h.epochs[last].train, "loss");
    if (!(share > 0.02 && share < gain && std::fabs(train - validation) < gap && now > (1 - fall) * then)) return {};
    Finding f{.first_step = h.epochs[before].steps};
    f.causes = ranked({{"capacity", 0.4}, {"learning-rate-low", 0.2}, {"regularization", 0.2}, {"data-label", 0.2}});
    f.evidence = {{"share", share}, {"threshold", gain}, {std::string("train_") + name, train}};
    f.message = std::string("The network underfits: on its own training rows it gains ") + percent_text(share) +
                " of what lies between a guess and a perfect answer (" + name + " " + short_number(train) +
                "), and the loss no longer falls.";
    f.advice = "Try a larger network, another learning rate, or less regularization.";
    if (!h.parameters.empty()) f.advice += " tend tune tries these together.";
    return {f};
  }
};

}  // namespace tend
