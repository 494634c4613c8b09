#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <unordered_set>

#include "tend/base/text.h"
#include "tend/data/deal.h"
#include "tend/data/settings.h"
#include "tend/data/target.h"

namespace tend {
namespace {

/// Returns the fraction of a part; negative if the part has its own source.
double fraction_of(const Value& wanted, const std::string& where) {
  if (wanted.is_null()) return 0;
  if ((wanted.is_string() && !means_none(wanted)) || wanted.is_table()) return -1;
  if (!wanted.is_number() || !(wanted.number() >= 0 && wanted.number() < 1))
    throw Error(Trouble::usage, where, wanted.describe(), "a fraction from 0 up to but not 1, or a path",
                means_none(wanted) ? "write 0 for none" : "");
  return wanted.number();
}

/// Notes the limit, and the classes that have no row because of it.
void note_limit(Dataset& train, const Dataset& all, std::int64_t count) {
  if (count == all.rows()) return;
  train.notes.push_back(
      {.text = "limit: the first " + std::to_string(count) + " of " + std::to_string(all.rows()) + " rows are used"});
  if (all.task != Task::classification || all.y.empty() || all.y.row_size() != 1) return;
  std::vector<bool> seen(all.classes.size());
  for (std::int64_t i = 0; i < count; ++i) seen[static_cast<std::size_t>(all.y.as<double>()[i])] = true;
  std::string absent;
  for (std::size_t k = 0; k < seen.size(); ++k)
    if (!seen[k] && absent.size() < 200) absent += (absent.empty() ? "" : ", ") + all.classes[k];
  if (!absent.empty())
    train.notes.push_back({.text = "limit: the first " + std::to_string(count) + " rows have none of these classes: " + absent});
}

/// A column that a key names: "day", column 3.
std::string column_text(const Value& key) {
  return key.is_string() ? "\"" + key.string() + "\"" : "column " + to_inline_toml(key);
}

/// Notes how many groups each part has.
void note_groups(Dataset& train, const Dataset& all, const DealtRows& dealt, const DataSettings& settings) {
  if (settings.group.is_null()) return;
  const auto groups_of = [&](const std::vector<std::int64_t>& rows) {
    std::unordered_set<double> known;
    std::int64_t alone = 0;
    for (const std::int64_t row : rows) {
      const double group = all.groups[static_cast<std::size_t>(row)];
      if (std::isnan(group)) ++alone;
      else known.insert(group);
    }
    return static_cast<std::int64_t>(known.size()) + alone;
  };
  train.notes.push_back({.text = "groups: the rows of each value of " + column_text(settings.group) +
                                 " are in one part: " + counted(groups_of(dealt.train), "group") + " in training, " +
                                 std::to_string(groups_of(dealt.validation)) + " in validation, " +
                                 std::to_string(groups_of(dealt.test)) + " in test"});
}

/// Notes which times each part has.
void note_times(Dataset& train, const Dataset& all, const DealtRows& dealt, const DataSettings& settings) {
  if (settings.time.is_null() || all.times.empty()) return;
  std::string text = "parts in the order of " + column_text(settings.time);
  const auto add = [&](const char* part, const std::vector<std::int64_t>& rows) {
    if (rows.empty()) return;
    double first = all.times[static_cast<std::size_t>(rows[0])], last = first;
    for (const std::int64_t row : rows) {
      first = std::min(first, all.times[static_cast<std::size_t>(row)]);
      last = std::max(last, all.times[static_cast<std::size_t>(row)]);
    }
    const auto said = [&](double v) { return all.times_are_dates ? text_of_date(v) : number_text(v); };
    text += std::string(part == std::string("training") ? ": " : ", ") + part + " " + said(first) + " to " + said(last) + " (" +
            counted(static_cast<std::int64_t>(rows.size()), "row") + ")";
  };
  add("training", dealt.train);
  add("validation", dealt.validation);
  add("test", dealt.test);
  train.notes.push_back({.text = text});
}

/// The rows of a part without those that data.target_range excludes. `excluded` gets these.
std::vector<std::int64_t> rows_in_range(const Dataset& all, std::vector<std::int64_t> rows, const DataSettings& settings,
                                        std::vector<std::int64_t>& excluded) {
  const std::vector<double>& range = settings.target_range;
  if (range.empty() || all.y.empty()) return rows;
  const std::int64_t width = all.y.row_size();
  std::erase_if(rows, [&](std::int64_t row) {
    const double* y = all.y.as<double>() + row * width;
    const bool is_in = std::all_of(y, y + width, [&](double v) { return std::isnan(v) || (v >= range[0] && v <= range[1]); });
    if (!is_in) excluded.push_back(row);
    return !is_in;
  });
  return rows;
}

void check_range(const Dataset& all, const DataSettings& settings) {
  const std::vector<double>& range = settings.target_range;
  if (range.empty()) return;
  const auto refuse = [&](const std::string& got, const std::string& wanted) {
    throw Error(Trouble::usage, "data.target_range", got, wanted);
  };
  if (range.size() != 2 || !(range[0] <= range[1]))
    refuse(to_json(write_value(range), -1), "the lowest and the highest target, as [9.0, 46.6]");
  if (all.task != Task::regression) refuse("targets that are classes", "targets that are numbers");
}

void note_range(Dataset& train, const Dataset& all, std::vector<std::int64_t> excluded, std::int64_t elsewhere,
                const DataSettings& settings) {
  if (settings.target_range.empty()) return;
  std::sort(excluded.begin(), excluded.end());
  std::string first;
  if (!excluded.empty()) {
    const std::int64_t row = excluded[0], place = all.source_rows.empty() ? row : all.source_rows[static_cast<std::size_t>(row)];
    first = all.first_line > 0 ? ", the first is line " + std::to_string(all.first_line + place) + " of " + all.file
                               : ", the first is row " + std::to_string(place) + " of the data (counted from 0)";
  }
  const std::int64_t count = std::ssize(excluded) + elsewhere;
  train.notes.push_back({.text = "target_range: " + counted(count, "row") + (count == 1 ? " is" : " are") +
                                 " left out, with targets outside " + number_text(settings.target_range[0]) + " to " +
                                 number_text(settings.target_range[1]) + first});
}

}  // namespace

SplitData split_dataset(const Dataset& all, const DataSettings& settings, const DataPlaces& places, std::uint64_t seed) {
  const std::int64_t count = settings.limit ? std::min(all.rows(), *settings.limit) : all.rows();
  const Value companion_validation = all.companion_validation.empty() ? Value() : Value(all.companion_validation);
  const Value companion = all.companion.empty() ? Value() : Value(all.companion);
  const Value& validation = settings.validation.is_null() ? companion_validation : settings.validation;
  const Value none, &test = settings.folds ? none : settings.test.is_null() ? companion : settings.test;
  if (settings.folds && !settings.test.is_null())
    throw Error(Trouble::usage, "data.test", settings.test.describe() + " together with data.folds", "one of them",
                "each fold is the test part of one training");
  const double validation_fraction = fraction_of(validation, "data.validation"), test_fraction = fraction_of(test, "data.test");
  check_range(all, settings);
  DealtRows dealt = deal_rows(all, settings, count, validation_fraction, test_fraction, seed);
  std::vector<std::int64_t> excluded, elsewhere;
  for (std::vector<std::int64_t>* rows : {&dealt.train, &dealt.validation, &dealt.test})
    *rows = rows_in_range(all, std::move(*rows), settings, excluded);
  if (dealt.train.empty() && !excluded.empty())
    throw Error(Trouble::data, "data.target_range", "no training row whose target lies within it", "a wider range");
  if (dealt.train.empty())
    throw Error(Trouble::data, "data",
                "no rows left to train on: " + std::to_string(count) + (count == 1 ? " row" : " rows") + " in all",
                "a smaller validation or test part, or more rows");
  SplitData split;
  split.train = select_rows(all, dealt.train);
  note_limit(split.train, all, count);
  note_groups(split.train, all, dealt, settings);
  note_times(split.train, all, dealt, settings);
  if (all.is_text) split.train.notes.push_back({.text = "text: parts are taken from its end, in its order"});
  const auto part = [&](double fraction, const Value& source, const std::vector<std::int64_t>& rows) {
    if (fraction < 0) {
      const Dataset own = read_dataset(source, settings, places, &all);
      std::vector<std::int64_t> every(static_cast<std::size_t>(own.rows()));
      std::iota(every.begin(), every.end(), std::int64_t{0});
      return select_rows(own, rows_in_range(own, std::move(every), settings, elsewhere));
    }
    return rows.empty() ? Dataset() : select_rows(all, rows);
  };
  split.test = part(test_fraction, test, dealt.test);
  split.validation = part(validation_fraction, validation, dealt.validation);
  note_range(split.train, all, excluded, std::ssize(elsewhere), settings);
  return split;
}

}  // namespace tend
