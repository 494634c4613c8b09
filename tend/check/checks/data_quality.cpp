#include "tend/check/checks/data_quality.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "tend/check/class_balance.h"
#include "tend/check/far_inputs.h"
#include "tend/check/far_targets.h"
#include "tend/check/leaks.h"
#include "tend/check/row_scan.h"
#include "tend/trial/advice.h"

namespace tend {

namespace {

std::string listed_numbers(const std::vector<std::int64_t>& numbers) {
  std::vector<std::string> words;
  for (std::int64_t n : numbers) words.push_back(std::to_string(n));
  return listed(words);
}

std::string columns_named(const Setup& setup, const std::vector<std::int64_t>& columns, bool is_input) {
  const auto& names = setup.plan().pipeline().columns();
  if (!is_input || names.size() != static_cast<std::size_t>(setup.plan().pipeline().row_shape()[-1]))
    return listed_numbers(columns);
  std::vector<std::string> words;
  for (std::int64_t c : columns) words.push_back(names[static_cast<std::size_t>(c)].name);
  return listed(words);
}

std::string places_of(const Setup& setup, PartName part, const std::vector<std::int64_t>& rows) {
  std::vector<std::string> places;
  for (const std::int64_t row : rows) places.push_back(setup.plan().prepared().place_of_row(part, row));
  return listed(places);
}

void look_for_bad_cells(const Setup& setup, std::vector<CheckResult>& results) {
  const Parts& parts = setup.plan().parts();
  const std::tuple<const char*, const Part*, PartName> all[] = {{"training", &parts.train, PartName::train},
                                                                {"validation", &parts.validation, PartName::validation},
                                                                {"test", &parts.test, PartName::test}};
  for (const auto& [name, part, which] : all)
    for (const bool is_input : {true, false}) {
      const BadCells bad = not_finite(is_input ? part->x : part->y, setup.run().executor());
      if (bad.count == 0) continue;
      const std::string what = is_input ? "input" : "target";
      const auto is_cut = [&](const std::vector<std::int64_t>& some) {  // a list of the first five
        return some.size() == 5 && (&some == &bad.columns || bad.rows > 5);
      };
      results.push_back(
          CheckResult::alarm(part == &parts.train ? Verdict::fail : Verdict::warn, "data-quality",
                             counted(bad.count, std::string(name) + " " + what) + (bad.count == 1 ? " is" : " are") +
                                 " not finite (NaN or infinity), in " + counted(bad.rows, "row") + ": " +
                                 places_of(setup, which, bad.first_rows) + (is_cut(bad.first_rows) ? ", ..." : "") +
                                 ", in column " + columns_named(setup, bad.columns, is_input) +
                                 (is_cut(bad.columns) ? ", ..." : "") + ". A single such value can make every weight NaN.",
                             is_input && bad.infinite == 0 ? imputed_inputs(setup) : Changes{},
                             "Correct these " + what + "s in the data, or remove their rows.")
              .with(static_cast<double>(bad.count), 0));
    }
}

/// Target columns in which all training rows have the same value.
void look_for_constant_targets(const Setup& setup, std::vector<CheckResult>& results) {
  const Part& train = setup.plan().parts().train;
  const std::int64_t width = train.y.row_size();
  std::vector<std::int64_t> constant;
  for (std::int64_t t = 0; t < width && train.rows() > 1; ++t) {
    const std::vector<double> values = target_column(train, t);
    if (std::all_of(values.begin(), values.end(), [&](double v) { return v == values[0]; })) constant.push_back(t);
  }
  const bool are_all = static_cast<std::int64_t>(constant.size()) == width;
  if (constant.empty() || (!are_all && setup.task() == Task::multilabel)) return;  // a rare label may be absent
  const std::string some = std::to_string(constant.size()) + " of " + std::to_string(width) +
                           " target columns are constant: column " + std::to_string(constant[0]) + " (counted from 0)";
  results.push_back(CheckResult::alarm(are_all ? Verdict::fail : Verdict::warn, "data-label",
                                       (width == 1 ? "The target is constant, so there is nothing to learn: it" : some) + " is " +
                                           short_number(train.y.as<double>()[constant[0]]) + " in all " +
                                           counted(train.rows(), "training row") + ".",
                                       "Choose a data.target whose values differ between rows.")
                        .with(static_cast<double>(constant.size()), 0));
}

/// Validation rows that are the last of ordered rows, with targets outside the range of the training targets.
void look_for_other_range(const Setup& setup, std::vector<CheckResult>& results) {
  const Plan& plan = setup.plan();
  const std::vector<double> t = target_column(plan.parts().train, 0), v = target_column(plan.parts().validation, 0);
  if (plan.experiment().data.split != "last" || !plan.experiment().data.validation.is_number() || v.size() < 10) return;
  const auto range = std::minmax_element(t.begin(), t.end());
  const double low = *range.first, high = *range.second;
  const auto outside = static_cast<double>(std::count_if(v.begin(), v.end(), [&](double x) { return x < low || x > high; })) /
                       static_cast<double>(v.size());
  if (outside <= 0.5) return;
  const bool has_trend = is_series(setup);
  results.push_back(CheckResult::alarm(Verdict::warn, "data-order",
                                       percent(outside) +
                                           " of the validation targets are outside the range of the training "
                                           "targets, " +
                                           short_number(low) + " to " + short_number(high) +
                                           ". The rows are ordered, and data.split = \"last\" takes the last ones." +
                                           (has_trend ? " They are a series, so its targets have a trend." : ""),
                                       has_trend
                                           ? "Keep this split, which shows how well the future is predicted, and change the "
                                             "target in data.source: the difference from the row before has no trend."
                                           : "Set data.split to \"shuffle\".")
                        .with(outside, 0));
}

/// More of the source than a few percent left out, or read as missing.
void look_for_losses(const Setup& setup, double most, std::vector<CheckResult>& results) {
  for (const DataNote& note : setup.plan().prepared().notes())
    if (note.share() > most)
      results.push_back(CheckResult::alarm(Verdict::warn, "data-quality", note.text + " (" + percent(note.share()) + ").",
                                           "Correct the data, or the keys of [data] that decide how it is read.")
                            .with(note.share(), most));
}

/// Columns of the training sample without information: {constant, repeated}.
std::pair<std::int64_t, std::int64_t> idle_columns(const SampleRows& s) {
  std::set<std::uint64_t> seen;
  std::int64_t constant = 0, repeated = 0;
  for (std::int64_t f = 0; f < s.row_size; ++f) {
    bool is_constant = true;
    std::uint64_t hash = 0;
    for (std::int64_t r = 0; r < s.count(); ++r) {
      const float v = s.x[static_cast<std::size_t>(r * s.row_size + f)];
      is_constant &= v == s.x[static_cast<std::size_t>(f)];
      hash = (hash ^ std::bit_cast<std::uint32_t>(v)) * 0x9FB21C651E98DF25u;
      hash ^= hash >> 31;
    }
    constant += is_constant;
    repeated += !is_constant && !seen.insert(hash).second;
  }
  return {constant, repeated};
}

}  // namespace

std::vector<CheckResult> DataQuality::run(const Setup& setup) const {
  const Plan& plan = setup.plan();
  std::vector<CheckResult> results;
  look_for_bad_cells(setup, results);
  look_for_losses(setup, most_lost, results);
  const SampleRows& s = setup.training_sample();
  const auto [constant, repeated] = idle_columns(s);
  if (constant == s.row_size && s.count() > 1)
    results.push_back(CheckResult::alarm(Verdict::fail, "data-quality",
                                         "The inputs are the same in every row, so nothing can be predicted from them (" +
                                             counted(s.count(), "row") + " compared).",
                                         "Choose a data.source whose inputs differ between rows.")
                          .with(0, 1));
  if (setup.task() == Task::classification && !plan.like().is_text && plan.coding().places == 1) {
    const bool has_validation = plan.parts().validation.rows() > 0;
    const std::vector<CheckResult> found = judge_classes(
        setup, class_counts(plan.parts().train, setup.classes()),
        class_counts(has_validation ? plan.parts().validation : plan.parts().test, setup.classes()));
    results.insert(results.end(), found.begin(), found.end());
  }
  if (setup.task() != Task::classification && !plan.like().is_text) look_for_constant_targets(setup, results);
  if (std::optional<CheckResult> far = far_inputs(setup)) results.push_back(std::move(*far));
  if (setup.task() == Task::regression) {
    for (CheckResult& far : far_targets(setup)) results.push_back(std::move(far));
    look_for_other_range(setup, results);
  }
  const std::vector<std::uint64_t> hashes = row_hashes(plan.parts().train.x, setup.run().executor());
  const Copies within = copies_within(hashes);
  look_for_leaks(setup, most_leaked, hashes, within, results);
  if (results.empty())
    results.push_back(CheckResult::pass("All values are finite. A row has " + counted(s.row_size, "input") + " (" +
                                        std::to_string(constant) + " constant, " + std::to_string(repeated) +
                                        " copies of another column). " + copies_text(setup, hashes, within)));
  return results;
}

}  // namespace tend
