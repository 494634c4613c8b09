#pragma once
#include "tend/diagnose/evidence.h"

namespace tend {

/// A class of which no held-out row is recognised, while other classes are. info, class-imbalance.
struct UnlearnedClass {
  std::int64_t least_rows = 20;
  static constexpr auto fields = std::tuple{field_of<UnlearnedClass>("least_rows", &UnlearnedClass::least_rows, at_least(1),
                                                                     "rows", "Classes with fewer held-out rows are not judged.")};
  static constexpr int place = 40;

  std::vector<Finding> find(const History& h) const {
    const Confusion& c = h.held_out;
    if (!h.has_ended || c.classes < 2 || h.class_names.size() < static_cast<std::size_t>(c.classes)) return {};
    std::vector<std::int64_t> unlearned;
    std::int64_t learned = 0;  // of a network that gives one class to all rows, no_skill speaks
    for (std::int64_t k = 0; k < c.classes; ++k) {
      if (c.rows_of(k) >= least_rows && c.right_of(k) == 0) unlearned.push_back(k);
      learned += c.rows_of(k) > 0 && c.recall(k) > 0.5;
    }
    if (gives_one_class_without_a_reason(c)) return {};
    if (unlearned.empty() || learned < std::min<std::int64_t>(2, c.classes - static_cast<std::int64_t>(unlearned.size())))
      return {};
    Finding f;
    f.causes = ranked({{"class-imbalance", 0.7}, {"data-label", 0.2}, {"capacity", 0.1}});
    f.evidence = {{"classes", static_cast<double>(unlearned.size())}, {"rows", static_cast<double>(c.rows_of(unlearned[0]))}};
    f.message = "None of the " + counted(c.rows_of(unlearned[0]), "held-out row") + " of class \"" +
                h.class_names[static_cast<std::size_t>(unlearned[0])] + "\"" + " is recognised" +
                (unlearned.size() > 1 ? ", nor of " + std::to_string(unlearned.size() - 1) +
                                            (unlearned.size() > 2 ? " other classes" : " other class")
                                      : "") +
                ", while other classes are.";
    f.changes = {{.path = "loss.class_weights", .value = "balanced"}};
    return {f};
  }

 private:
  /// The same answer for all rows, though no class is much larger than the others: no class is recognised.
  static bool gives_one_class_without_a_reason(const Confusion& c) {
    constexpr double large = 0.6;
    double rows = 0, largest = 0;
    std::int64_t answers = 0;
    for (std::int64_t k = 0; k < c.classes; ++k) {
      answers += c.answers_of(k) > 0;
      rows += static_cast<double>(c.rows_of(k));
      largest = std::max(largest, static_cast<double>(c.rows_of(k)));
    }
    return answers < 2 && largest < large * rows;
  }
};

}  // namespace tend
