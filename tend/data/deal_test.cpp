#include "tend/data/deal.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

namespace tend::deal_test {
namespace {

/// Rows of 40 groups of 1 to 5 rows; the class is that of the group, of which one in four has class 1.
struct Patients {
  Dataset data;
  DataSettings settings;
  Patients() {
    std::vector<double> codes;
    for (int g = 0; g < 40; ++g)
      for (int i = 0; i <= g % 5; ++i) data.groups.push_back(g), codes.push_back(g % 4 == 3);
    const auto n = static_cast<std::int64_t>(codes.size());
    Array x({n, 1}, ElementType::float64), y({n}, ElementType::float64);
    for (std::int64_t i = 0; i < n; ++i) x.as<double>()[i] = static_cast<double>(i);
    std::copy(codes.begin(), codes.end(), y.as<double>());
    std::vector<double> groups = std::move(data.groups);
    data = Dataset::classification(x, y, 2);
    data.groups = std::move(groups);
    settings.group = "patient";
  }
  DealtRows deal(std::uint64_t seed = 0, double validation = 0.2, double test = 0.2) const {
    return deal_rows(data, settings, data.rows(), validation, test, seed);
  }
  std::set<double> groups_of(const std::vector<std::int64_t>& rows) const {
    std::set<double> groups;
    for (const std::int64_t r : rows) groups.insert(data.groups[static_cast<std::size_t>(r)]);
    return groups;
  }
  double share(const std::vector<std::int64_t>& rows) const {
    double ones = 0;
    for (const std::int64_t r : rows) ones += data.y.as<double>()[r];
    return ones / static_cast<double>(rows.size());
  }
};

void expect_apart(const std::set<double>& a, const std::set<double>& b) {
  for (const double g : a) EXPECT_FALSE(b.contains(g)) << g;
}

std::string refusal(const Dataset& data, const DataSettings& settings) {
  try {
    deal_rows(data, settings, data.rows(), 0.2, 0, 0);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(Deal, rows_of_a_group_stay_in_one_part_and_parts_have_about_their_size) {
  const Patients p;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const DealtRows d = p.deal(seed);
    EXPECT_EQ(d.train.size() + d.validation.size() + d.test.size(), static_cast<std::size_t>(p.data.rows()));
    EXPECT_NEAR(static_cast<double>(d.test.size()), 24, 2);
    EXPECT_NEAR(static_cast<double>(d.validation.size()), 24, 2);
    expect_apart(p.groups_of(d.train), p.groups_of(d.test));
    expect_apart(p.groups_of(d.train), p.groups_of(d.validation));
    expect_apart(p.groups_of(d.validation), p.groups_of(d.test));
  }
  EXPECT_EQ(p.deal(1).test, p.deal(1).test);
  EXPECT_NE(p.deal(1).test, p.deal(2).test);
}

TEST(Deal, groups_can_be_stratified) {
  Patients p;
  p.settings.split = "stratified";
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const DealtRows d = p.deal(seed);
    const double whole = p.share([&] {
      std::vector<std::int64_t> all(d.train);
      all.insert(all.end(), d.validation.begin(), d.validation.end());
      all.insert(all.end(), d.test.begin(), d.test.end());
      return all;
    }());
    EXPECT_NEAR(p.share(d.test), whole, 0.06);
    EXPECT_NEAR(p.share(d.validation), whole, 0.06);
    expect_apart(p.groups_of(d.train), p.groups_of(d.test));
  }
}

TEST(Deal, a_row_without_a_group_is_a_group_of_its_own) {
  Patients p;
  std::fill(p.data.groups.begin() + 20, p.data.groups.end(), std::nan(""));
  EXPECT_EQ(p.deal().test.size(), 24u);
}

TEST(Deal, each_row_is_in_one_fold) {
  Patients p;
  p.settings.folds = 5;
  for (const char* kind : {"group", "stratified", "shuffle", "last"}) {
    p.settings.group = std::string(kind) == "group" ? Value("patient") : Value();
    p.settings.split = std::string(kind) == "group" ? "shuffle" : kind;
    std::multiset<std::int64_t> tested;
    for (std::int64_t fold = 1; fold <= 5; ++fold) {
      p.settings.fold = fold;
      const DealtRows d = p.deal(7, 0.1, 0);
      tested.insert(d.test.begin(), d.test.end());
      EXPECT_EQ(d.train.size() + d.validation.size() + d.test.size(), static_cast<std::size_t>(p.data.rows()));
      EXPECT_NEAR(static_cast<double>(d.test.size()), 24, 1) << kind;
      if (p.settings.split == "stratified") EXPECT_NEAR(p.share(d.test), p.share(d.train), 0.05);
      if (!p.settings.group.is_null()) expect_apart(p.groups_of(d.train), p.groups_of(d.test));
    }
    EXPECT_EQ(tested.size(), static_cast<std::size_t>(p.data.rows())) << kind;
    EXPECT_EQ(std::set<std::int64_t>(tested.begin(), tested.end()).size(), tested.size()) << kind;
  }
}

TEST(Deal, parts_are_taken_in_the_order_of_time) {
  Patients p;
  p.settings.group = Value();
  p.settings.time = "day";
  const std::int64_t n = p.data.rows();
  for (std::int64_t i = 0; i < n; ++i) p.data.times.push_back(static_cast<double>((i * 7) % n));
  const auto range = [&](const std::vector<std::int64_t>& rows) {
    std::vector<double> times;
    for (const std::int64_t r : rows) times.push_back(p.data.times[static_cast<std::size_t>(r)]);
    return std::pair{*std::min_element(times.begin(), times.end()), *std::max_element(times.begin(), times.end())};
  };
  const DealtRows d = p.deal();
  EXPECT_LT(range(d.train).second, range(d.validation).first);
  EXPECT_LT(range(d.validation).second, range(d.test).first);
  EXPECT_EQ(d.test.size(), 24u);
  p.settings.folds = 3;  // four blocks of 30 rows: fold i trains on the first i blocks
  for (std::int64_t fold = 1; fold <= 3; ++fold) {
    p.settings.fold = fold;
    const DealtRows f = p.deal(0, 0.05, 0);
    EXPECT_EQ(f.test.size(), 30u);
    EXPECT_EQ(f.train.size() + f.validation.size(), static_cast<std::size_t>(30 * fold));
    EXPECT_LT(range(f.validation).second, range(f.test).first);
  }
}

TEST(Deal, settings_that_exclude_each_other_or_do_not_fit_are_errors) {
  Patients p;
  p.settings.time = "day";
  p.data.times = p.data.groups;
  EXPECT_NE(refusal(p.data, p.settings).find("data.time: together with data.group"), std::string::npos)
      << refusal(p.data, p.settings);
  p.settings.time = Value();
  p.settings.fold = 2;
  EXPECT_NE(refusal(p.data, p.settings).find("data.fold"), std::string::npos);
  p.settings.folds = 1;
  EXPECT_NE(refusal(p.data, p.settings).find("1 .. 1"), std::string::npos);
  p.settings.fold.reset();
  p.settings.folds = 41;
  EXPECT_NE(refusal(p.data, p.settings).find("41 folds of 40 groups"), std::string::npos) << refusal(p.data, p.settings);
  p.settings.folds.reset();
  p.data.groups.assign(p.data.groups.size(), 1);
  EXPECT_NE(refusal(p.data, p.settings).find("1 group for two parts"), std::string::npos) << refusal(p.data, p.settings);
  p.data.groups.clear();
  EXPECT_NE(refusal(p.data, p.settings).find("data without columns"), std::string::npos) << refusal(p.data, p.settings);
}

}  // namespace
}  // namespace tend::deal_test
