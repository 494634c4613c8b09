#include "tend/data/deal.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "tend/base/random.h"
#include "tend/base/text.h"

namespace tend {
namespace {

using RowNumbers = std::vector<std::int64_t>;

std::int64_t rows_of_fraction(double fraction, std::int64_t count) {
  return fraction < 0 ? 0 : static_cast<std::int64_t>(std::ceil(fraction * static_cast<double>(count) - 1e-9));
}

/// Takes the rows at places first .. last - 1 out of the order.
RowNumbers taken(RowNumbers& order, std::int64_t first, std::int64_t last) {
  const auto size = static_cast<std::int64_t>(order.size());
  const auto from = order.begin() + std::clamp<std::int64_t>(first, 0, size), to = order.begin() + std::clamp(last, first, size);
  RowNumbers rows(from, to);
  order.erase(from, to);
  return rows;
}

RowNumbers taken_from_end(RowNumbers& order, std::int64_t n) {
  const auto size = static_cast<std::int64_t>(order.size());
  return taken(order, size - std::min(n, size), size);
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

/// Deals rows to parts and folds; keeps the order of the rows that are left.
class Dealer {
 public:
  Dealer(const Dataset& all, const DataSettings& settings, std::int64_t count, std::uint64_t seed)
      : all_(all), settings_(settings), count_(count), random_(seed, purpose("split")) {
    check();
    left_.resize(static_cast<std::size_t>(count));
    std::iota(left_.begin(), left_.end(), std::int64_t{0});
    if (has_times())
      std::stable_sort(left_.begin(), left_.end(), [&](std::int64_t a, std::int64_t b) { return time(a) < time(b); });
    else if (settings.split != "last" && !all.is_text) random_.shuffle(left_.data(), left_.size());
  }

  RowNumbers take(std::int64_t n) {
    if (n <= 0) return {};
    if (has_groups()) return take_groups(n);
    return is_stratified() ? take_stratified(n) : taken_from_end(left_, n);
  }
  RowNumbers take_fold(std::int64_t fold, std::int64_t folds);
  RowNumbers rest() { return std::move(left_); }

 private:
  bool has_times() const { return !settings_.time.is_null(); }
  bool has_groups() const { return !settings_.group.is_null(); }
  bool is_stratified() const { return settings_.split == "stratified"; }
  double time(std::int64_t row) const { return all_.times[static_cast<std::size_t>(row)]; }
  /// The class whose shares the parts keep; 0 for all rows unless stratified.
  std::size_t stratum(std::int64_t row) const { return is_stratified() ? static_cast<std::size_t>(all_.y.as<double>()[row]) : 0; }
  std::size_t strata() const { return is_stratified() ? all_.classes.size() : 1; }
  std::vector<std::int64_t> stratum_rows(const RowNumbers& rows) const {
    std::vector<std::int64_t> counts(strata());
    for (const std::int64_t row : rows) ++counts[stratum(row)];
    return counts;
  }

  void check() const;
  RowNumbers take_stratified(std::int64_t n);
  std::vector<RowNumbers> groups_left() const;
  RowNumbers take_groups(std::int64_t n);
  std::vector<RowNumbers> folds_of_rows(std::int64_t folds) const;
  std::vector<RowNumbers> folds_of_groups(std::int64_t folds) const;
  void remove(const RowNumbers& rows);

  const Dataset& all_;
  const DataSettings& settings_;
  std::int64_t count_;
  Random random_;
  RowNumbers left_;
};

void Dealer::check() const {
  const auto size = static_cast<std::size_t>(all_.rows());
  for (const auto& [key, setting, values] :
       {std::tuple{"data.group", &settings_.group, &all_.groups}, {"data.time", &settings_.time, &all_.times}})
    if (!setting->is_null() && values->size() != size)
      throw Error(Trouble::usage, key, setting->describe() + " for data without columns", "a table that has this column");
  if (has_times() && (has_groups() || is_stratified()))
    throw Error(Trouble::usage, "data.time",
                std::string("together with data.") + (has_groups() ? "group" : "split = \"stratified\""),
                "one of them: the order of time decides the parts");
  if (is_stratified() && (all_.task != Task::classification || all_.y.empty() || all_.y.row_size() != 1))
    throw Error(Trouble::usage, "data.split", std::string("stratified for ") + name_of(all_.task),
                "shuffle or last: strata are classes");
  if (settings_.fold && !settings_.folds)
    throw Error(Trouble::usage, "data.fold", std::to_string(*settings_.fold) + " without data.folds",
                "data.folds, the number of folds");
  if (!settings_.folds) return;
  if (settings_.fold.value_or(1) > *settings_.folds)
    throw Error(Trouble::usage, "data.fold", std::to_string(*settings_.fold), "1 .. " + std::to_string(*settings_.folds));
  if (count_ < *settings_.folds + (has_times() ? 1 : 0))
    throw Error(Trouble::data, "data.folds", std::to_string(*settings_.folds) + " folds of " + counted(count_, "row"),
                "a row or more for each fold");
}

/// Takes n rows from the end of each class's own order. If a class has too few rows left, takes them from the end of all rows.
RowNumbers Dealer::take_stratified(std::int64_t n) {
  RowNumbers whole(static_cast<std::size_t>(count_));
  std::iota(whole.begin(), whole.end(), std::int64_t{0});
  std::vector<std::int64_t> share = shares(stratum_rows(whole), n, count_);
  RowNumbers rows, left;
  for (auto it = left_.rbegin(); it != left_.rend(); ++it) (share[stratum(*it)]-- > 0 ? rows : left).push_back(*it);
  std::reverse(left.begin(), left.end());
  left_ = std::move(left);
  const RowNumbers more = taken_from_end(left_, n - static_cast<std::int64_t>(rows.size()));
  rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

/// The groups of the rows that are left, in the order of their first rows.
std::vector<RowNumbers> Dealer::groups_left() const {
  std::map<double, std::size_t> places;
  std::vector<RowNumbers> groups;
  for (const std::int64_t row : left_) {
    const double group = all_.groups[static_cast<std::size_t>(row)];
    std::size_t place = groups.size();
    if (!std::isnan(group)) place = places.try_emplace(group, place).first->second;
    if (place == groups.size()) groups.emplace_back();
    groups[place].push_back(row);
  }
  return groups;
}

/// Takes about n rows in whole groups: of several random choices the one that is nearest in size and in shares of the classes.
RowNumbers Dealer::take_groups(std::int64_t n) {
  constexpr int choices = 64;
  std::vector<RowNumbers> groups = groups_left();
  if (groups.size() < 2)
    throw Error(Trouble::data, "data.group", counted(static_cast<std::int64_t>(groups.size()), "group") + " for two parts",
                "a group or more for each part", "is it the right column?");
  const std::vector<std::int64_t> whole = stratum_rows(left_);
  const double size = static_cast<double>(left_.size()), wanted = static_cast<double>(n);
  RowNumbers best;
  double least = 0;
  for (int choice = 0; choice < choices; ++choice) {
    random_.shuffle(groups.data(), groups.size());
    RowNumbers rows;
    for (std::size_t g = 0; g + 1 < groups.size(); ++g) {
      const double now = static_cast<double>(rows.size()), then = now + static_cast<double>(groups[g].size());
      if (rows.empty() || std::abs(then - wanted) < std::abs(now - wanted))
        rows.insert(rows.end(), groups[g].begin(), groups[g].end());
    }
    const double taken_rows = static_cast<double>(rows.size());
    const std::vector<std::int64_t> own = stratum_rows(rows);
    double distance = std::abs(taken_rows - wanted) / wanted;
    for (std::size_t k = 0; k < own.size(); ++k)
      distance += std::abs(static_cast<double>(own[k]) / taken_rows - static_cast<double>(whole[k]) / size);
    if (choice > 0 && distance >= least) continue;
    least = distance;
    best = std::move(rows);
  }
  remove(best);
  return best;
}

void Dealer::remove(const RowNumbers& rows) {
  std::vector<bool> gone(static_cast<std::size_t>(count_));
  for (const std::int64_t row : rows) gone[static_cast<std::size_t>(row)] = true;
  left_.erase(std::remove_if(left_.begin(), left_.end(), [&](std::int64_t row) { return gone[static_cast<std::size_t>(row)]; }),
              left_.end());
}

/// Deals rows in turn, class after class, so that folds have the same size and the same shares of the classes.
std::vector<RowNumbers> Dealer::folds_of_rows(std::int64_t folds) const {
  std::vector<RowNumbers> dealt(static_cast<std::size_t>(folds));
  RowNumbers order = left_;
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) { return stratum(a) < stratum(b); });
  for (std::size_t i = 0; i < order.size(); ++i) dealt[i % dealt.size()].push_back(order[i]);
  return dealt;
}

/// Gives each group, the largest first, to the fold that it leaves most even in rows of each class.
std::vector<RowNumbers> Dealer::folds_of_groups(std::int64_t folds) const {
  std::vector<RowNumbers> groups = groups_left(), dealt(static_cast<std::size_t>(folds));
  if (groups.size() < dealt.size())
    throw Error(Trouble::data, "data.folds",
                std::to_string(folds) + " folds of " + counted(static_cast<std::int64_t>(groups.size()), "group"),
                "a group or more for each fold");
  std::stable_sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  const std::vector<std::int64_t> whole = stratum_rows(left_);
  std::vector<std::vector<double>> shares_of(dealt.size(), std::vector<double>(whole.size()));
  for (const RowNumbers& group : groups) {
    const std::vector<std::int64_t> own = stratum_rows(group);
    const auto cost = [&](const std::vector<double>& shares) {  // the growth of the sum of squares of the shares
      double sum = 0;
      for (std::size_t k = 0; k < own.size(); ++k)
        if (whole[k] > 0) {
          const double more = static_cast<double>(own[k]) / static_cast<double>(whole[k]);
          sum += more * (more + 2 * shares[k]);
        }
      return sum;
    };
    const auto place = std::min_element(shares_of.begin(), shares_of.end(),
                                        [&](const auto& a, const auto& b) { return cost(a) < cost(b); });
    for (std::size_t k = 0; k < own.size(); ++k)
      if (whole[k] > 0) (*place)[k] += static_cast<double>(own[k]) / static_cast<double>(whole[k]);
    RowNumbers& fold = dealt[static_cast<std::size_t>(place - shares_of.begin())];
    fold.insert(fold.end(), group.begin(), group.end());
  }
  return dealt;
}

RowNumbers Dealer::take_fold(std::int64_t fold, std::int64_t folds) {
  if (has_times()) {  // rows after the fold are not used
    left_.resize(static_cast<std::size_t>(count_ * (fold + 1) / (folds + 1)));
    return taken(left_, count_ * fold / (folds + 1), static_cast<std::int64_t>(left_.size()));
  }
  if (!has_groups() && !is_stratified()) return taken(left_, count_ * (fold - 1) / folds, count_ * fold / folds);
  const std::vector<RowNumbers> dealt = has_groups() ? folds_of_groups(folds) : folds_of_rows(folds);
  remove(dealt[static_cast<std::size_t>(fold - 1)]);
  return dealt[static_cast<std::size_t>(fold - 1)];
}

}  // namespace

DealtRows deal_rows(const Dataset& all, const DataSettings& settings, std::int64_t count, double validation, double test,
                    std::uint64_t seed) {
  Dealer dealer(all, settings, count, seed);
  DealtRows dealt;
  dealt.test = settings.folds ? dealer.take_fold(settings.fold.value_or(1), *settings.folds)
                              : dealer.take(rows_of_fraction(test, count));
  dealt.validation = dealer.take(rows_of_fraction(validation, count));
  dealt.train = dealer.rest();
  for (RowNumbers* rows : {&dealt.train, &dealt.validation, &dealt.test}) std::sort(rows->begin(), rows->end());
  return dealt;
}

}  // namespace tend
