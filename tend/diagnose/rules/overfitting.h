#pragma once
#include <numeric>

#include "tend/diagnose/evidence.h"

namespace tend {

/// The validation loss rises while the training loss falls. info: early stopping with the best state, as inferred runs have it,
/// is the remedy, and most healthy runs end so. warning: the run kept on for more than half of its epochs, keeps the last state,
/// and lost by it more than `much` of what it had gained, while the training loss is below half of the lowest validation loss:
/// the network has memorized its training rows. Not where the validation accuracy has grown since by more than its noise: the
/// network is then too sure of its wrong answers, but has more right ones.
struct Overfitting {
  double rise = 0.2, much = 0.08;
  static constexpr auto fields = std::tuple{
      field_of<Overfitting>("rise", &Overfitting::rise, above(0), "",
                            "The relative rise of the validation loss above its minimum."),
      field_of<Overfitting>("much", &Overfitting::much, part_of_one(), "",
                            "The rise, as a share of the fall from the start to the minimum, that is worth a warning.")};
  static constexpr int place = 50;

  std::vector<Finding> find(const History& h) const {
    if (!h.has_ended || h.epochs.size() < 4 || h.epochs[0].validation.empty()) return {};
    std::size_t best = 0;
    const auto loss = [&](std::size_t e) { return metric_of(h.epochs[e].validation, "loss"); };
    for (std::size_t e = 1; e < h.epochs.size(); ++e)
      if (loss(e) < loss(best)) best = e;
    const double lowest = loss(best), last = loss(h.epochs.size() - 1);
    const double train_then = metric_of(h.epochs[best].train, "loss"), train_now = metric_of(h.epochs.back().train, "loss");
    if (!(lowest > 0 && last > (1 + rise) * lowest && train_now < train_then)) return {};
    Finding f{.first_step = h.epochs[best].steps};
    const double at_start = std::isfinite(metric_of(h.initial, "loss")) ? metric_of(h.initial, "loss") : loss(0);
    const bool costs_much = last > (1 + 1.5 * rise) * lowest && last - lowest > much * (at_start - lowest) &&
                            train_now < lowest / 2;
    const std::string better = grown_metric(h, best);
    if (costs_much && !h.restores_best && 2 * (best + 1) < h.epochs.size() && better.empty()) f.severity = Severity::warning;
    f.causes = ranked({{"regularization", 0.6}, {"epochs", 0.3}, {"capacity", 0.1}});
    f.evidence = {{"lowest_validation_loss", lowest}, {"last_validation_loss", last}, {"threshold", rise}};
    f.message = "The network overfits since " + at_epoch(h, best) + ": the validation loss rose from " + short_number(lowest) +
                " to " + short_number(last) + " while the training loss fell from " + short_number(train_then) + " to " +
                short_number(train_now) +
                (h.restores_best ? ". The state with the lowest validation loss is kept." : better + ".");
    const auto patience = std::max<std::int64_t>({3, static_cast<std::int64_t>(h.epochs.size()) / 10, longest_wait(h, best)});
    if (!h.restores_best)
      f.changes = {{.path = "train.early_stopping",
                    .value = Value(Value::Table{{"patience", Value(patience)}, {"restore_best", Value(true)}})}};
    else f.advice = "More regularization (weight_decay, dropout) or more rows.";
    return {f};
  }

 private:
  /// The most epochs from one lowest validation loss to the next until the best one: a smaller patience would end before it.
  static std::int64_t longest_wait(const History& h, std::size_t best) {
    std::size_t lowest = 0, longest = 0;
    for (std::size_t e = 1; e <= best; ++e)
      if (metric_of(h.epochs[e].validation, "loss") < metric_of(h.epochs[lowest].validation, "loss"))
        longest = std::max(longest, e - lowest), lowest = e;
    return static_cast<std::int64_t>(longest);
  }
  /// A metric of the validation rows that still grows by more than its noise says that the result got better, and only its
  /// confidence worse. A log has no number of rows.
  static std::string grown_metric(const History& h, std::size_t best) {
    const std::int64_t rows = std::accumulate(h.held_out.counts.begin(), h.held_out.counts.end(), std::int64_t{0});
    const double noise = rows ? 0.5 / std::sqrt(static_cast<double>(rows)) : 0.005;  // of a share, at most
    for (const char* name : {"accuracy", "map"}) {
      const double then = metric_of(h.epochs[best].validation, name), now = metric_of(h.epochs.back().validation, name);
      if (now > then + noise)
        return "; meanwhile the " + std::string(name) + " of the validation rows grew from " + short_number(then) + " to " +
               short_number(now);
    }
    return "";
  }
};

}  // namespace tend
