#include "tend/check/leaks.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

namespace tend {

namespace {

std::string leak_advice(const std::string& part) {
  return "Choose rows for data." + part + " that are not among the training rows.";
}

std::int64_t different_rows(std::vector<std::uint64_t> hashes) {
  std::sort(hashes.begin(), hashes.end());
  return std::unique(hashes.begin(), hashes.end()) - hashes.begin();
}

/// Does some column of a table have so many values that two rows share one only if one is a copy: about as many as there are
/// different rows? Rows of a few words or numbers may be equal by chance.
bool has_numbers_of_own(const Part& part, std::int64_t different) {
  constexpr std::int64_t enough = 30;
  if (part.x.shape().rank() != 2 || part.x.row_size() < 2 || part.x.type() != ElementType::float32 || different < enough)
    return false;
  const std::int64_t width = part.x.row_size();
  std::vector<float> values(static_cast<std::size_t>(part.rows()));
  for (std::int64_t c = 0; c < width; ++c) {
    for (std::int64_t r = 0; r < part.rows(); ++r) values[static_cast<std::size_t>(r)] = part.x.as<float>()[r * width + c];
    std::sort(values.begin(), values.end());
    if (10 * (std::unique(values.begin(), values.end()) - values.begin()) >= 9 * different) return true;
  }
  return false;
}

/// Exact copies among all rows, then near ones where all training rows were measured.
std::optional<CheckResult> leak_into(const Setup& setup, const Part& part, const std::string& name,
                                     const std::vector<std::uint64_t>& training, const Copies& within, double most) {
  const Part& train = setup.plan().parts().train;
  if (part.rows() == 0 || part.x.type() != train.x.type() || part.x.row_size() != train.x.row_size()) return {};
  const Copies held_out = copies_of(row_hashes(part.x, setup.run().executor()), training);
  const LeakTest test = test_leak(within, held_out);
  if (test.excess <= most || test.z <= 5 || held_out.copied < 5) return {};
  return CheckResult::alarm(Verdict::warn, "data-leak",
                            "The " + name + " part contains copies of training rows, so its metrics measure memorization: " +
                                std::to_string(held_out.copied) + " of " + std::to_string(held_out.rows) + " " + name +
                                " rows (" + percent(held_out.share()) + ") are also training rows. Of the training rows, " +
                                percent(within.share()) + " have a copy in the training part.",
                            leak_advice(name))
      .with(held_out.share(), within.share());
}

/// Rows of the same inputs and the same target. Rows of few values may be equal by chance.
struct Repeats {
  std::vector<std::uint64_t> training = {};  ///< hashes of inputs and target
  Copies within = {};
  std::int64_t different = 0;
  bool are_meant = false;  ///< there are many of them, and not by chance
  std::string only() const {
    return "Only " + std::to_string(different) + " of the " + counted(within.rows, "training row") + " differ from each other";
  }
};

constexpr double many_copies = 0.3;

Repeats repeats_of(const Setup& setup, const std::vector<std::uint64_t>& inputs) {
  const Part& train = setup.plan().parts().train;
  Repeats repeats{.training = with_targets(inputs, train.y, setup.run().executor())};
  repeats.within = copies_within(repeats.training);
  repeats.different = different_rows(repeats.training);
  repeats.are_meant = repeats.within.share() > many_copies && has_numbers_of_own(train, repeats.different);
  return repeats;
}

Copies repeated_in(const Part& part, const Setup& setup, const Repeats& repeats) {
  const Part& train = setup.plan().parts().train;
  if (part.rows() == 0 || part.x.type() != train.x.type() || part.x.row_size() != train.x.row_size()) return {};
  Executor& executor = setup.run().executor();
  return copies_of(with_targets(row_hashes(part.x, executor), part.y, executor), repeats.training);
}

/// The same rows on both sides of the split, as in a source that holds each row several times.
std::optional<CheckResult> straddling_copies(const Setup& setup, const Repeats& repeats, const Part& part,
                                             const std::string& name) {
  const Copies held_out = repeats.are_meant ? repeated_in(part, setup, repeats) : Copies();
  if (held_out.rows < Setup::enough_held_out || held_out.share() <= many_copies) return {};
  return CheckResult::alarm(
             Verdict::warn, "data-leak",
             (held_out.share() > 0.5 ? "Most " : "Many ") + name +
                 " rows are copies of training rows, so their metrics measure memorization: " + std::to_string(held_out.copied) +
                 " of " + std::to_string(held_out.rows) + " (" + percent(held_out.share()) +
                 ") have the inputs and the target of a training row. " + repeats.only() + ".",
             "Remove repeated rows from data.source before it is split.")
      .with(held_out.share(), many_copies);
}

/// A part of held-out rows, as its nearest training rows show it.
struct HeldOut {
  std::string name;
  PartName part;
  const SampleRows& sample;
  const Neighbours& near;
};

std::optional<CheckResult> near_leak(const Setup& setup, const HeldOut& part, double most) {
  const Plan& plan = setup.plan();
  if (plan.parts().train.rows() > setup.training_sample().count()) return {};
  const Neighbours& near = part.near;
  if (near.within_train.count != plan.parts().train.rows()) return {};
  const auto copies = [&](const NearestRows& rows) {
    Copies c{rows.count, 0};
    for (std::int64_t r = 0; r < rows.count; ++r)
      c.copied += rows.squares[static_cast<std::size_t>(r * rows.kept)] <= near.copy_square;
    return c;
  };
  const Copies within = copies(near.within_train), held_out = copies(near.from_validation);
  const LeakTest test = test_leak(within, held_out);
  if (test.excess <= most || test.z <= 5 || held_out.copied < 5) return {};
  return CheckResult::alarm(Verdict::warn, "data-leak",
                            "The " + part.name +
                                " part contains near copies of training rows, so its metrics measure memorization: " +
                                std::to_string(held_out.copied) + " of " + std::to_string(held_out.rows) + " " + part.name +
                                " rows (" + percent(held_out.share()) +
                                ") are closer to a training row than 1/20 of the usual distance between training rows. Of the "
                                "training rows, " +
                                percent(within.share()) + " are that close to another one.",
                            leak_advice(part.name))
      .with(held_out.share(), within.share());
}

/// How often a row's nearest training row is one of those just before or after it in the source.
struct Beside {
  std::int64_t rows = 0;
  double share = 0, chance = 0;
  double of_order = 0;  ///< the share that the order of the file alone explains: it is sorted by a column of few values
  bool is_of_series() const {
    constexpr double least = 0.3;
    return rows >= Setup::enough_held_out && share > of_order + least && share >= 5 * chance;
  }
};

/// Of rows that are sorted by a column with few values, and otherwise in any order: how often would the nearest row, one with the
/// same value, be among `near` of `among` training rows? The highest of all columns; 0 if no column is sorted.
double beside_by_order(const Dataset& source, double near, std::int64_t among) {
  constexpr std::int64_t rows_of_a_value = 10;
  if (source.columns.empty() || source.x.type() != ElementType::float64) return 0;
  const std::int64_t n = source.rows(), width = source.x.row_size();
  double most = 0;
  for (std::int64_t c = 0; c < width; ++c) {
    const double* cell = source.x.as<double>() + c;
    std::vector<std::int64_t> sizes{0};
    bool rises = true, falls = true;
    for (std::int64_t r = 0; r < n && (rises || falls); ++r) {
      const double v = cell[r * width], before = cell[std::max<std::int64_t>(0, r - 1) * width];
      rises &= v >= before, falls &= v <= before;  // false for a missing value
      if (v != before) sizes.push_back(0);
      ++sizes.back();
    }
    if (!(rises || falls) || sizes.size() < 2 || static_cast<std::int64_t>(sizes.size()) * rows_of_a_value > n) continue;
    double share = 0;
    for (const std::int64_t size : sizes)
      share += std::min(static_cast<double>(size), near * static_cast<double>(n) / static_cast<double>(among)) /
               static_cast<double>(n);
    most = std::max(most, share);
  }
  return most;
}

/// `source_rows`, `sample`: of the part whose nearest training rows are given.
Beside beside_in_source(const Setup& setup, const NearestRows& nearest, const std::vector<std::int64_t>& source_rows,
                        const SampleRows& sample) {
  constexpr std::int64_t near_rows = 3;
  const std::vector<std::int64_t>& train = setup.plan().prepared().source_rows(PartName::train);
  if (nearest.count == 0 || source_rows.empty() || train.empty()) return {};
  const double stride = static_cast<double>(train.size()) / static_cast<double>(nearest.among);
  std::int64_t beside = 0;
  for (std::int64_t r = 0; r < nearest.count; ++r) {
    const std::int64_t row = source_rows[static_cast<std::size_t>(sample.rows[static_cast<std::size_t>(r)])],
                       other = train[static_cast<std::size_t>(setup.training_sample().rows[static_cast<std::size_t>(
                           nearest.rows[static_cast<std::size_t>(r * nearest.kept)])])];
    beside += static_cast<double>(std::abs(row - other)) <= near_rows * stride;
  }
  return {.rows = nearest.count,
          .share = static_cast<double>(beside) / static_cast<double>(nearest.count),
          .chance = 2.0 * near_rows / static_cast<double>(nearest.among),
          .of_order = beside_by_order(setup.plan().prepared().source(), 2.0 * near_rows, nearest.among)};
}

/// Held-out rows drawn at random from a slow series: the nearest training row is mostly one of the rows just before or after.
std::optional<CheckResult> series_leak(const Setup& setup, const HeldOut& part) {
  const Plan& plan = setup.plan();
  if (plan.experiment().data.is_ordered() || plan.experiment().data.source.is_table()) return {};
  const Beside beside = beside_in_source(setup, part.near.from_validation, plan.prepared().source_rows(part.part), part.sample);
  if (!beside.is_of_series()) return {};
  return CheckResult::alarm(
             Verdict::warn, "data-leak",
             "The rows are a series, and the " + part.name +
                 " rows lie between training rows, so their metrics do not show how well the future is predicted: for " +
                 percent(beside.share) + " of the " + part.name +
                 " rows the most similar training row is one of the rows just before or "
                 "after in the source (by chance: " +
                 percent(beside.chance) + ").",
             "Set data.split to \"last\".")
      .with(beside.share, beside.chance);
}

/// What the nearest training rows of validation rows show, or, without them, those of test rows.
std::optional<CheckResult> leak_beside(const Setup& setup, double most) {
  const auto judged = [&](const HeldOut& part) {
    std::optional<CheckResult> found = near_leak(setup, part, most);
    return found ? found : series_leak(setup, part);
  };
  const Parts& parts = setup.plan().parts();
  if (parts.validation.rows() > 0)
    return judged({"validation", PartName::validation, setup.validation_sample(), setup.neighbours()});
  if (parts.test.rows() == 0) return {};
  return judged({"test", PartName::test, setup.test_sample(), Neighbours::of(setup, setup.test_sample())});
}

}  // namespace

bool is_series(const Setup& setup) {
  return beside_in_source(setup, setup.neighbours().within_train, setup.plan().prepared().source_rows(PartName::train),
                          setup.training_sample())
      .is_of_series();
}

std::string copies_text(const Setup& setup, const std::vector<std::uint64_t>& training, const Copies& within) {
  const Repeats repeats = repeats_of(setup, training);
  std::string text = "Of the training rows, " + percent(within.share()) + " have an identical copy among them";
  if (repeats.within.copied > 0)
    text += " (" + percent(repeats.within.share()) + " with the same target; " + std::to_string(repeats.different) +
            " rows are different)";
  for (const auto& [part, name] :
       {std::pair{&setup.plan().parts().validation, "validation"}, {&setup.plan().parts().test, "test"}})
    if (const Copies held_out = repeated_in(*part, setup, repeats); held_out.copied > 0)
      text += ", of the " + std::string(name) + " rows " + percent(held_out.share()) + " one with the same target";
  return text + ".";
}

void look_for_leaks(const Setup& setup, double most, const std::vector<std::uint64_t>& training, const Copies& within,
                    std::vector<CheckResult>& results) {
  if (setup.plan().like().is_text) return;
  const Parts& parts = setup.plan().parts();
  const Repeats repeats = repeats_of(setup, training);
  const std::size_t before = results.size();
  std::optional<CheckResult> found = straddling_copies(setup, repeats, parts.validation, "validation");
  if (!found) found = leak_into(setup, parts.validation, "validation", training, within, most);
  if (!found) found = leak_beside(setup, most);
  if (found) results.push_back(*found);
  found = straddling_copies(setup, repeats, parts.test, "test");
  if (!found) found = leak_into(setup, parts.test, "test", training, within, most);
  if (found) results.push_back(*found);
  if (results.size() == before && repeats.are_meant && repeats.within.share() > 0.5)
    results.push_back(CheckResult::alarm(Verdict::warn, "data-quality",
                                         repeats.only() + ": " + std::to_string(repeats.within.copied) + " (" +
                                             percent(repeats.within.share()) +
                                             ") have a copy with the same inputs and target. How much can be learnt depends on "
                                             "the number of different rows.",
                                         "Remove repeated rows from data.source.")
                          .with(repeats.within.share(), 0.5));
}

}  // namespace tend
