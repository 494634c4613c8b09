#pragma once
#include "tend/diagnose/evidence.h"

namespace tend {

/// A training that learned nothing: on its own training rows the network is not better than a guess. Classes: every row gets the
/// same answer, or the mean recall of the classes is within chance of 1/K; where one class is frequent and the inputs say little,
/// it is the best answer for nearly all rows, and better probabilities are skill. Values: r2 is not above 0. warning; the causes
/// follow from how much the weights moved, from dead units, and from gradients that vanish.
struct NoSkill {
  std::int64_t least_steps = 50;
  double most_r2 = 0.01, largest_class = 0.9;  ///< with a larger class, one answer can be right
  static constexpr auto fields = std::tuple{
      field_of<NoSkill>("least_steps", &NoSkill::least_steps, at_least(1), "steps", "Shorter runs are not judged."),
      field_of<NoSkill>("most_r2", &NoSkill::most_r2, any_number(), "", "An r2 up to this is no skill."),
      field_of<NoSkill>("largest_class", &NoSkill::largest_class, part_of_one(), "",
                        "Where the largest class has a larger share, one answer for all rows is not judged.")};
  static constexpr int place = 10;

  std::vector<Finding> find(const History& h) const {
    if (!h.has_ended || h.steps < least_steps || h.status == "diverged" || h.status == "interrupted") return {};
    Finding f{.severity = Severity::warning};
    if (!(h.task == Task::regression ? has_no_fit(h, f) : has_no_recall(h, f))) return {};
    f.first_step = 1;
    explain(h, f);
    return {f};
  }

 private:
  bool has_no_fit(const History& h, Finding& f) const {
    const double r2 = metric_of(h.train, "r2");
    if (!(r2 <= most_r2)) return false;
    f.evidence = {{"train_r2", r2}, {"threshold", most_r2}};
    f.message = "The network has learned nothing: on its training rows it is not better than their mean (r2 " + short_number(r2) +
                ").";
    return true;
  }

  bool has_no_recall(const History& h, Finding& f) const {
    const Confusion& c = h.confusion;
    if (c.classes < 2 || h.most_frequent_fraction > largest_class) return false;
    std::int64_t rows = 0, present = 0, answers = 0;
    double recall = 0;
    for (std::int64_t k = 0; k < c.classes; ++k) {
      rows += c.rows_of(k);
      answers += c.answers_of(k) > 0;
      if (c.rows_of(k) > 0) recall += c.recall(k), ++present;
    }
    if (present < 2 || rows < 2 * present) return false;
    recall /= static_cast<double>(present);
    const double chance = 1 / static_cast<double>(present),
                 noise = 2 * std::sqrt(chance * (1 - chance) / static_cast<double>(rows) * static_cast<double>(present));
    if (answers > 1 && recall > chance + std::min(noise, 0.5 * chance)) return false;
    if (h.most_frequent_fraction > 1.25 * chance && has_better_probabilities(h)) return false;
    f.evidence = {{"mean_recall", recall}, {"chance", chance}, {"classes_predicted", static_cast<double>(answers)}};
    f.message = answers == 1
                    ? "The network gives the same class to all " + counted(rows, "training row") + ": it has learned nothing."
                    : "The network has learned nothing: the mean recall of its training rows is " + percent_text(recall) +
                          ", and guessing gives " + percent_text(chance) + ".";
    return true;
  }

  /// The log loss, at its best temperature, is lower than that of the shares of the classes.
  static bool has_better_probabilities(const History& h) {
    constexpr double least_gain = 0.03;
    const Confusion& c = h.confusion;
    double rows = 0, entropy = 0;
    for (std::int64_t k = 0; k < c.classes; ++k) rows += static_cast<double>(c.rows_of(k));
    for (std::int64_t k = 0; k < c.classes; ++k)
      if (const double share = static_cast<double>(c.rows_of(k)) / rows; share > 0) entropy -= share * std::log(share);
    return metric_of(h.train, "calibrated_loss") < (1 - least_gain) * entropy;
  }

  static void explain(const History& h, Finding& f) {
    const double ratio = usual_update_ratio(h), gradient = first_over_last_gradient(h);
    const LayerState* dead = deadest_layer(h);
    const bool is_dead = dead && dead->dead_fraction > 0.95;
    double flat = 1;
    std::string flattest;
    for (const LayerState& layer : h.layers)
      if (layer.deviation < flat) flat = layer.deviation, flattest = layer.name;
    f.evidence.insert(
        f.evidence.end(),
        {{"update_ratio", ratio}, {"first_over_last_gradient", gradient}, {"dead_fraction", dead ? dead->dead_fraction : 0}});
    const double suggested = h.suggested_rate;  // steps of dead units are small at a rate that is too high, too
    const bool is_low = suggested > 0 ? suggested > highest_rate(h) : ratio < 1e-5 && !is_dead,
               is_high = suggested > 0 ? suggested < highest_rate(h) : ratio > 0.03;
    f.causes = ranked({{"learning-rate-low", is_low                     ? 0.6
                                             : ratio < 1e-4 && !is_high ? 0.2
                                                                        : 0.02},
                       {"learning-rate-high", is_high   ? 0.6
                                              : is_dead ? 0.5
                                                        : 0.1},
                       {"init", is_dead || flat < 1e-4 ? 0.3 : 0.1},
                       {"activation-hidden", gradient < 1e-3 ? 0.5 : 0.1},
                       {"data-label", 0.15},
                       {"loss-choice", 0.1}});
    f.message += " A step usually changed the weights by " + percent_text(ratio) + " of their size; about 0.1 % is usual.";
    if (is_dead) {
      f.layer = dead->name;
      f.message += " In " + dead->name + " " + percent_text(dead->dead_fraction) + " of the units are 0 for every row.";
    } else if (flat < 1e-4) {
      f.layer = flattest;
      f.message += " The output of " + flattest + " hardly differs (deviation " + short_number(flat) + ").";
    }
    if (f.causes[0].first == "learning-rate-high") f.changes = lower_rate(h);
    else if (f.causes[0].first == "learning-rate-low") f.changes = scaled_rate(h, 10);
    else f.advice = "Run tend check, which tries the causes one by one.";
  }
};

}  // namespace tend
