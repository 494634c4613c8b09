#include "tend/experiment/groups.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "tend/base/text.h"
#include "tend/experiment/defaults.h"

namespace tend {
namespace {

constexpr const Defaults::Groups& usual = defaults.groups;

/// True for patient, patient_id, PatientID, subject-no, id: the name, less what says "number", is a usual word.
bool is_called_group(const std::string& name) {
  std::string word;
  for (const char c : lower_case(name))
    if (std::isalpha(static_cast<unsigned char>(c))) word += c;
  for (const std::string_view ending : usual.endings)
    if (word.size() >= ending.size() && word.ends_with(ending)) {
      if (word.size() == ending.size()) return true;
      word.resize(word.size() - ending.size());
      break;
    }
  return std::find(usual.words.begin(), usual.words.end(), word) != usual.words.end();
}

struct Group {
  double rows = 0, sum = 0;
  std::map<double, double> classes;  // rows of each
};

/// How well the groups tell the target, and how well groups of the same sizes would by chance.
GroupColumn measured(const std::map<double, Group>& groups, const std::vector<double>& y, bool has_classes) {
  GroupColumn found{.name = "", .groups = static_cast<std::int64_t>(groups.size())};
  const double n = static_cast<double>(y.size());
  double same = 0, between = 0, total = 0, mean = 0;
  std::map<double, double> classes;
  for (const double v : y) mean += v / n, ++classes[v];
  for (const double v : y) total += (v - mean) * (v - mean);
  const auto most = [](const std::map<double, double>& counts) {
    return std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; })
        ->second;
  };
  for (const auto& [value, group] : groups) {
    if (has_classes) same += most(group.classes);
    else between += group.rows * std::pow(group.sum / group.rows - mean, 2);
  }
  // By chance a group of m rows has its first row's class, and the others agree as rows of the whole do.
  const double k = static_cast<double>(groups.size());
  found.agreement = has_classes ? same / n : total > 0 ? between / total : 0;
  found.chance = has_classes ? k / n + (1 - k / n) * most(classes) / n : k / n;
  return found;
}

}  // namespace

std::optional<GroupColumn> find_group_column(const Dataset& data) {
  if (data.y.empty() || data.y.row_size() != 1 || data.task == Task::multilabel) return std::nullopt;
  const std::vector<double> y(data.y.as<double>(), data.y.as<double>() + data.rows());
  const auto rows = static_cast<double>(data.rows());
  for (std::size_t c = 0; c < data.columns.size(); ++c) {
    if (!is_called_group(data.columns[c].name)) continue;
    std::map<double, Group> groups;
    bool is_whole = true;
    for (std::size_t r = 0; r < y.size() && is_whole; ++r) {
      const double v = data.x.as<double>()[r * data.columns.size() + c];
      is_whole = v == std::floor(v);  // false for missing ones, too
      Group& group = groups[v];
      ++group.rows;
      group.sum += y[r];
      ++group.classes[y[r]];
    }
    const double number = static_cast<double>(groups.size());
    if (!is_whole || number < usual.fewest || number * usual.rows_of_each > rows) continue;
    GroupColumn found = measured(groups, y, data.task == Task::classification);
    found.name = data.columns[c].name;
    if (found.agreement >= usual.agreement && found.agreement - found.chance >= usual.above_chance * (1 - found.chance))
      return found;
  }
  return std::nullopt;
}

}  // namespace tend
