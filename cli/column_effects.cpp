#include "column_effects.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "progress.h"
#include "text.h"

namespace tend {

namespace {

constexpr std::size_t most_importance_lines = 30, most_columns_shown = 12, most_answer_curves = 4;

double mean_at(const Value& point, const std::string& answer) {
  const Value* means = point.find("mean");
  return means ? number_at(*means, answer.c_str()) : std::nan("");
}

/// What a column is measured by: "loss of r2", "growth of the loss".
std::string lost(const Value& importance) {
  const std::string metric = text_at(importance, "metric");
  return more_is_better(metric) ? "loss of " + metric : "growth of the " + metric;
}

std::string rows_of(const Value& importance) {
  const std::string part = text_at(importance, "part");
  return std::to_string(std::llround(number_at(importance, "rows"))) + (part.empty() ? "" : " " + part) + " rows";
}

/// The answers of a column's points, the one that varies most first.
std::vector<std::string> answers_of(const Value& column) {
  std::vector<std::pair<double, std::string>> ranges;
  const Value::Array& points = list_at(column, "points");
  const Value* means = points.empty() ? nullptr : points[0].find("mean");
  if (!means || !means->is_table()) return {};
  for (const auto& [name, unused] : means->items()) {
    double low = mean_at(points[0], name), high = low;
    for (const Value& point : points) low = std::min(low, mean_at(point, name)), high = std::max(high, mean_at(point, name));
    ranges.emplace_back(low - high, name);
  }
  std::stable_sort(ranges.begin(), ranges.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> names;
  for (const auto& [range, name] : ranges) names.push_back(name);
  return names;
}

/// Numbers that stand as such: a date does not.
bool has_numbers(const Value& column) {
  const Value* is_category = column.find("is_category");
  if (is_category && is_category->is_bool() && is_category->boolean()) return false;
  const Value::Array& points = list_at(column, "points");
  return std::all_of(points.begin(), points.end(), [](const Value& point) {
    const std::string text = text_at(point, "value");
    char* end = nullptr;
    std::strtod(text.c_str(), &end);
    return end == text.c_str() + text.size();
  });
}

std::string mean_of(const std::string& answer, bool is_value) { return (is_value ? "mean " : "probability of ") + answer; }

PageChart chart_of(const Value& column, bool is_value) {
  PageChart chart{.title = text_at(column, "column"), .x_name = text_at(column, "column")};
  std::vector<std::string> answers = answers_of(column);
  const bool is_of_two = answers.size() == 2 && !is_value;  // what one of two gains the other loses
  if (is_of_two) answers = {text_at(column, "of")};
  if (answers.size() > most_answer_curves) answers.resize(most_answer_curves);
  for (const std::string& answer : answers) {
    PageCurve curve{.name = mean_of(answer, is_value)};
    for (const Value& point : list_at(column, "points"))
      if (const double y = mean_at(point, answer); std::isfinite(y))
        curve.points.push_back({number_at(point, "number"), y, y, y});
    chart.curves.push_back(std::move(curve));
  }
  return chart;
}

PageTable levels_of(const Value& column, bool is_value) {
  const std::string answer = text_at(column, "of");
  PageTable table{.title = "Mean answer by " + text_at(column, "column"),
                  .columns = {text_at(column, "column"), mean_of(answer, is_value)},
                  .is_text = {true}};
  const double low = number_at(column, "lowest"), high = number_at(column, "highest");
  for (const Value& point : list_at(column, "points")) {
    const double mean = mean_at(point, answer);
    table.rows.push_back({{.text = text_at(point, "value")},
                          {.text = figure(mean),
                           .bar = !is_value    ? std::clamp(mean, 0.0, 1.0)
                                  : high > low ? std::clamp((mean - low) / (high - low), 0.0, 1.0)
                                               : -1}});
  }
  return table;
}

PageTable importance_table(const Value& importance) {
  const std::string metric = text_at(importance, "metric");
  PageTable table{.title = "Columns by importance",
                  .note = "The " + lost(importance) + " (" + metric_text(metric, number_at(importance, "value")) +
                          ") when the values of a column are exchanged among the rows, measured on " + rows_of(importance) +
                          ". Columns that tell the same share their importance.",
                  .columns = {"column", lost(importance), "deviation"},
                  .is_text = {true}};
  const Value::Array& columns = list_at(importance, "columns");
  const double most = columns.empty() ? 0 : number_at(columns[0], "mean");
  for (const Value& c : columns) {
    const double mean = number_at(c, "mean");
    table.rows.push_back({{.text = text_at(c, "column")},
                          {.text = figure(mean), .bar = most > 0 && mean > 0 ? mean / most : -1},
                          {.text = figure(number_at(c, "deviation"))}});
    if (table.rows.size() == most_importance_lines) break;
  }
  if (columns.size() > most_importance_lines)
    table.note += " The first " + std::to_string(most_importance_lines) + " columns are shown.";
  return table;
}

}  // namespace

void print_importance(const Value& importance) {
  constexpr double longest_bar = 30;
  const Value::Array& columns = list_at(importance, "columns");
  if (columns.empty()) return;
  const std::string metric = text_at(importance, "metric");
  std::printf("Importance: the %s (%s) when a column is permuted, on %s\n", lost(importance).c_str(),
              metric_text(metric, number_at(importance, "value")).c_str(), rows_of(importance).c_str());
  const double most = number_at(columns[0], "mean");
  std::vector<std::vector<std::string>> rows;
  for (const Value& c : columns) {
    const double mean = number_at(c, "mean");
    const auto length = static_cast<std::size_t>(most > 0 && mean > 0 ? std::lround(longest_bar * mean / most) : 0);
    rows.push_back(
        {"  " + text_at(c, "column"), figure(mean), "+- " + figure(number_at(c, "deviation")), std::string(length, '#')});
  }
  for (const std::string& line : aligned(rows, {false, true, true, false})) std::printf("%s\n", line.c_str());
}

void print_dependence(const Value& dependence, const std::string& answer) {
  constexpr std::size_t longest_value = 24;
  constexpr double height = 8;
  if (!dependence.is_array() || dependence.array_items().empty()) return;
  std::printf("Dependence: the mean %s when all rows have one value in a column, for the values from left to right\n",
              answer.c_str());
  std::vector<std::vector<std::string>> rows{{"  column", "of", "lowest", "at", "highest", "at", ""}};
  for (const Value& column : dependence.array_items()) {
    const std::string of = text_at(column, "of");
    const double low = number_at(column, "lowest"), high = number_at(column, "highest");
    std::vector<std::int64_t> course;
    std::string low_at, high_at;
    for (const Value& point : list_at(column, "points")) {
      const double v = mean_at(point, of);
      if (v == low && low_at.empty()) low_at = text_at(point, "value").substr(0, longest_value);
      if (v == high && high_at.empty()) high_at = text_at(point, "value").substr(0, longest_value);
      course.push_back(1 + static_cast<std::int64_t>((height - 1) * (high > low ? (v - low) / (high - low) : 0)));
    }
    rows.push_back({"  " + text_at(column, "column"), of, figure(low), low_at, figure(high), high_at,
                    bars(course, shows_blocks(), static_cast<std::int64_t>(height))});
  }
  for (const std::string& line : aligned(rows, {false, false, true, false, true, false, false}))
    std::printf("%s\n", line.c_str());
}

std::string important_columns(const Value& importance) {
  constexpr std::size_t most_named = 5;
  std::string text;
  std::size_t named = 0;
  for (const Value& c : list_at(importance, "columns")) {
    const double mean = number_at(c, "mean");
    if (!(mean > 2 * number_at(c, "deviation")) || named == most_named) break;
    text += (named++ ? ", " : "") + text_at(c, "column") + " " + figure(mean);
  }
  return text.empty() ? ""
                      : "Columns that matter most (" + lost(importance) + " when permuted, on " + text_at(importance, "part") +
                            " rows): " + text;
}

void add_columns(RunPage& page, const Value& importance, const Value& dependence) {
  if (list_at(importance, "columns").empty()) return;
  page.columns.push_back(importance_table(importance));
  if (!dependence.is_array()) return;
  const bool is_value = text_at(importance, "metric") == "r2";
  std::size_t shown = 0;
  for (const Value& column : dependence.array_items()) {
    if (list_at(column, "points").size() < 2) continue;
    if (shown++ == most_columns_shown) break;
    if (has_numbers(column)) page.dependence.push_back(chart_of(column, is_value));
    else page.columns.push_back(levels_of(column, is_value));
  }
}

}  // namespace tend
