#include <algorithm>
#include <cmath>
#include <numeric>

#include "tend/base/random.h"
#include "tend/data/settings.h"

namespace tend {
namespace {

using Rows = std::vector<std::int64_t>;

/// Returns the fraction of a part; negative if the part has its own source.
double fraction_of(const Value& wanted, const std::string& where) {
  if (wanted.is_null()) return 0;
  if (wanted.is_string() || wanted.is_table()) return -1;
  if (!wanted.is_number() || !(wanted.number() >= 0 && wanted.number() < 1))
    throw Error(Trouble::usage, where, wanted.describe(), "a fraction from 0 up to but not 1, or a path");
  return wanted.number();
}

std::int64_t rows_of_fraction(double fraction, std::int64_t count) {
  return static_cast<std::int64_t>(std::ceil(fraction * static_cast<double>(count) - 1e-9));
}

Rows taken_from_end(Rows& order, std::int64_t n) {
  const auto from = order.end() - std::min<std::int64_t>(n, static_cast<std::int64_t>(order.size()));
  Rows taken(from, order.end());
  order.erase(from, order.end());
  return taken;
}

/// Divides `n` among the classes in proportion to their rows, by largest remainder; ties go to the earlier class.
std::vector<std::int64_t> shares(const std::vector<std::int64_t>& class_rows, std::int64_t n, std::int64_t count) {
  std::vector<std::int64_t> share;
  std::vector<std::pair<double, std::size_t>> remainder;
  std::int64_t given = 0;
  for (std::size_t k = 0; k < class_rows.size(); ++k) {
    const double exact = static_cast<double>(n) * static_cast<double>(class_rows[k]) / static_cast<double>(count);
    share.push_back(static_cast<std::int64_t>(std::floor(exact + 1e-9)));
    given += share.back();
    remainder.emplace_back(-(exact - static_cast<double>(share.back())), k);
  }
  std::sort(remainder.begin(), remainder.end());
  for (std::size_t i = 0; given < n && i < remainder.size(); ++i, ++given) ++share[remainder[i].second];
  return share;
}

/// Takes n rows out of `order`, from the end of each class's own order. If a class has too few rows left, takes them from the end
/// of all rows.
Rows taken_stratified(Rows& order, const double* codes, std::int64_t classes, const std::vector<std::int64_t>& class_rows,
                      std::int64_t n, std::int64_t count) {
  std::vector<std::int64_t> share = shares(class_rows, n, count);
  Rows taken, left;
  for (auto it = order.rbegin(); it != order.rend(); ++it) {
    const auto k = static_cast<std::size_t>(codes[*it]);
    TEND_EXPECTS(static_cast<std::int64_t>(k) < classes);
    (share[k]-- > 0 ? taken : left).push_back(*it);
  }
  std::reverse(left.begin(), left.end());
  order = std::move(left);
  const Rows rest = taken_from_end(order, n - static_cast<std::int64_t>(taken.size()));
  taken.insert(taken.end(), rest.begin(), rest.end());
  return taken;
}

struct Dealt {
  Rows train, validation, test;
};

Dealt deal(const Dataset& all, const DataSettings& settings, std::int64_t count, double validation, double test,
           std::uint64_t seed) {
  Dealt dealt;
  dealt.train.resize(static_cast<std::size_t>(count));
  std::iota(dealt.train.begin(), dealt.train.end(), std::int64_t{0});
  if (settings.split != "last" && !all.is_text) Random(seed, purpose("split")).shuffle(dealt.train.data(), dealt.train.size());
  const std::int64_t n_test = test < 0 ? 0 : rows_of_fraction(test, count),
                     n_validation = validation < 0 ? 0 : rows_of_fraction(validation, count);
  if (settings.split == "stratified") {
    if (all.task != Task::classification || all.y.empty() || all.y.row_size() != 1)
      throw Error(Trouble::usage, "data.split", std::string("stratified for ") + name_of(all.task),
                  "shuffle or last: strata are classes");
    std::vector<std::int64_t> class_rows(all.classes.size());
    for (std::int64_t i = 0; i < count; ++i) ++class_rows[static_cast<std::size_t>(all.y.as<double>()[i])];
    const auto classes = static_cast<std::int64_t>(all.classes.size());
    dealt.test = taken_stratified(dealt.train, all.y.as<double>(), classes, class_rows, n_test, count);
    dealt.validation = taken_stratified(dealt.train, all.y.as<double>(), classes, class_rows, n_validation, count);
  } else {
    dealt.test = taken_from_end(dealt.train, n_test);
    dealt.validation = taken_from_end(dealt.train, n_validation);
  }
  for (Rows* rows : {&dealt.train, &dealt.validation, &dealt.test}) std::sort(rows->begin(), rows->end());
  return dealt;
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

}  // namespace

SplitData split_dataset(const Dataset& all, const DataSettings& settings, const DataPlaces& places, std::uint64_t seed) {
  const std::int64_t count = settings.limit ? std::min(all.rows(), *settings.limit) : all.rows();
  const Value companion_validation = all.companion_validation.empty() ? Value() : Value(all.companion_validation);
  const Value companion = all.companion.empty() ? Value() : Value(all.companion);
  const Value& validation = settings.validation.is_null() ? companion_validation : settings.validation;
  const Value& test = settings.test.is_null() ? companion : settings.test;
  const double validation_fraction = fraction_of(validation, "data.validation"), test_fraction = fraction_of(test, "data.test");
  const Dealt dealt = deal(all, settings, count, validation_fraction, test_fraction, seed);
  if (dealt.train.empty())
    throw Error(Trouble::data, "data",
                "no rows left to train on: " + std::to_string(count) + (count == 1 ? " row" : " rows") + " in all",
                "a smaller validation or test part, or more rows");
  SplitData split;
  split.train = select_rows(all, dealt.train);
  note_limit(split.train, all, count);
  if (all.is_text) split.train.notes.push_back({.text = "text: parts are taken from its end, in its order"});
  const auto part = [&](double fraction, const Value& source, const Rows& rows) {
    if (fraction < 0) return read_dataset(source, settings, places, &all);
    return rows.empty() ? Dataset() : select_rows(all, rows);
  };
  split.test = part(test_fraction, test, dealt.test);
  split.validation = part(validation_fraction, validation, dealt.validation);
  return split;
}

}  // namespace tend
