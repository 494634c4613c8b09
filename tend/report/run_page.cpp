#include "tend/report/run_page.h"

#include <algorithm>
#include <cmath>

#include "tend/report/run_sections.h"
#include "tend/report/run_values.h"

namespace tend {

namespace {

std::string metrics_table(const RunPage& page) {
  if (!page.metrics.is_table()) return "";
  std::vector<const Value*> columns;
  PageTable table{.title = "Metrics", .columns = {"metric"}, .is_text = {true}};
  const auto add = [&](const std::string& name, const Value& metrics) {
    if (!metrics.is_table() || metrics.items().empty()) return;
    columns.push_back(&metrics), table.columns.push_back(name);
  };
  for (const auto& [part, metrics] : page.metrics.items()) add(part, metrics);
  if (columns.empty()) return "";
  add(page.baseline_text, page.baseline);
  add("baseline: linear model", page.linear);
  for (const auto& [name, unused] : columns[0]->items()) {
    table.rows.push_back({{.text = name}});
    for (const Value* metrics : columns) table.rows.back().push_back({.text = four_digits(value_in(*metrics, name.c_str()))});
  }
  return table_text(table);
}

/// Pairs of names and texts as a table without a head.
std::string pairs_text(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::string text = "<table class=\"facts\">\n";
  for (const auto& [name, said] : pairs)
    text += "<tr><th class=\"text\" scope=\"row\">" + escaped(name) + "</th><td class=\"text\">" + escaped(said) + "</td></tr>\n";
  return text + "</table>\n";
}

std::string facts(const RunPage& page) {
  std::vector<std::pair<std::string, std::string>> all{
      {"ended", page.state + (page.reason.empty() ? "" : ": " + page.reason)}, {"data", page.data}, {"network", page.network}};
  all.insert(all.end(), page.facts.begin(), page.facts.end());
  return pairs_text(all);
}

std::string charts_text(const std::vector<PageChart>& charts) {
  std::string text;
  for (const PageChart& chart : charts) text += page_chart(chart);
  return text.empty() ? "" : "<div class=\"charts\">\n" + text + "</div>\n";
}

std::string tables_text(const std::vector<PageTable>& tables) {
  std::string text;
  for (const PageTable& table : tables) text += table_text(table);
  return text;
}

std::string first_weights(const RunPage& page) {
  std::string text;
  for (std::size_t u = 0; u < page.first_weights.size(); ++u)
    text += picture_text(page.first_weights[u], "the weights of unit " + std::to_string(u + 1)) + "\n";
  if (text.empty()) return "";
  return "<h3>Weights of the first layer</h3>\n<div class=\"units\">\n" + text + "</div>\n<p class=\"note\">" +
         escaped(page.first_weights_note) + "</p>\n";
}

std::string answers(const RunPage& page) {
  std::string text;
  for (const std::string& note : page.answers_notes) text += "<p class=\"note\">" + escaped(note) + "</p>\n";
  return text + tables_text(page.answers);
}

std::string columns(const RunPage& page) {
  std::string text = tables_text(page.columns);
  if (!page.dependence.empty())
    text +=
        "<h3>Mean answers by the values of a column</h3>\n<p class=\"note\">What the model answers on average when all rows "
        "have one value in a column; the other columns keep their values.</p>\n" +
        charts_text(page.dependence);
  return text;
}

std::string repeat(const RunPage& page) {
  if (page.repeat.empty()) return "";
  std::string text = pairs_text(page.repeat);
  for (const auto& [what, command] : page.commands)
    text += "<p>To " + escaped(what) + ": <code>" + escaped(command) + "</code></p>\n";
  return text;
}

std::string notes(const RunPage& page) {
  std::string text;
  for (const std::string& note : page.notes) text += "<li>" + escaped(note) + "</li>\n";
  return text.empty() ? "" : "<ul>\n" + text + "</ul>\n";
}

}  // namespace

std::string run_page(const RunPage& page) {
  const struct {
    const char *id, *title;
    std::string text;
  } sections[] = {{"result", "Result", metrics_table(page) + facts(page)},
                  {"findings", "Findings and repairs", findings_section(page)},
                  {"curves", "Curves", charts_text(page.charts)},
                  {"answers", "Classes and rows", answers(page)},
                  {"columns", "Columns", columns(page)},
                  {"layers", "Layers over time", charts_text(page.health) + tables_text(page.layers) + first_weights(page)},
                  {"rates", "Range of learning rates", rates_section(page)},
                  {"checks", "Checks before training", checks_section(page)},
                  {"configuration", "Configuration", configuration_section(page)},
                  {"repeat", "How to repeat it", repeat(page)},
                  {"notes", "Notes", notes(page)}};
  std::string text = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>Run " + escaped(page.run) +
                     "</title>\n<meta name=\"viewport\" content=\"width=device-width\">\n" + page_style() +
                     "</head><body>\n<main>\n<h1>Run " + escaped(page.run) + "</h1>\n<p class=\"verdict\">" +
                     escaped(result_sentence(page)) + "</p>\n<nav aria-label=\"Parts of this page\"><ul>\n";
  for (const auto& s : sections)
    if (!s.text.empty()) text += std::string("<li><a href=\"#") + s.id + "\">" + s.title + "</a></li>\n";
  text += "</ul></nav>\n";
  for (const auto& s : sections)
    if (!s.text.empty()) text += std::string("<h2 id=\"") + s.id + "\">" + s.title + "</h2>\n" + s.text;
  return text + "</main></body></html>\n";
}

}  // namespace tend
