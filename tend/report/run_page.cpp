#include "tend/report/run_page.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "tend/report/svg_chart.h"

namespace tend {

namespace {

std::string figure_text(const Value& v) {
  if (!v.is_number() || !std::isfinite(v.number())) return "";
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", v.number());
  return text;
}

std::string string_at(const Value& v, const char* key) {
  const Value* found = v.find(key);
  return found && found->is_string() ? found->string() : "";
}

const Value::Array& items_of(const Value& v) {
  static const Value::Array none;
  return v.is_array() ? v.array_items() : none;
}

std::string metrics_table(const RunPage& page) {
  if (!page.metrics.is_table() || page.metrics.items().empty()) return "";
  std::vector<std::pair<std::string, const Value*>> columns;
  for (const auto& [part, metrics] : page.metrics.items())
    if (metrics.is_table() && !metrics.items().empty()) columns.emplace_back(part, &metrics);
  if (columns.empty()) return "";
  if (page.baseline.is_table() && !page.baseline.items().empty()) columns.emplace_back(page.baseline_text, &page.baseline);
  if (page.linear.is_table()) columns.emplace_back("baseline: linear model", &page.linear);
  std::string text = "<h2>Result</h2>\n<table><tr><th class=\"text\">metric</th>";
  for (const auto& [part, unused] : columns) text += "<th>" + escaped(part) + "</th>";
  text += "</tr>\n";
  for (const auto& [name, unused] : columns[0].second->items()) {
    text += "<tr><th class=\"text\">" + escaped(name) + "</th>";
    for (const auto& [part, metrics] : columns) {
      const Value* v = metrics->find(name);
      text += "<td>" + (v ? figure_text(*v) : std::string()) + "</td>";
    }
    text += "</tr>\n";
  }
  return text + "</table>\n";
}

/// One line of a check or a finding: how bad, its name, its message, its cause.
std::string line_of(const Value& v, const char* level, const char* name) {
  const std::string said = string_at(v, level), cause = string_at(v, "cause");
  return "<tr><td class=\"text " + escaped(said) + "\">" + escaped(said) + "</td><td class=\"text\">" +
         escaped(string_at(v, name)) + "</td><td class=\"text\">" + escaped(string_at(v, "message")) +
         (cause.empty() ? "" : " <em>Cause: " + escaped(cause) + ".</em>") + "</td></tr>\n";
}

std::string alarms(const RunPage& page) {
  std::string lines;
  for (const Value& finding : items_of(page.findings)) lines += line_of(finding, "severity", "rule");
  for (const Value& check : items_of(page.checks))
    if (const std::string verdict = string_at(check, "verdict"); verdict == "fail" || verdict == "warn")
      lines += line_of(check, "verdict", "check");
  std::string text = "<h2>Findings</h2>\n";
  text += lines.empty() ? "<p>The checks and the rules that watched the training found nothing wrong.</p>\n"
                        : "<table>" + lines + "</table>\n";
  if (items_of(page.repairs).empty()) return text;
  text += "<h2>Repairs</h2>\n<ul>\n";
  for (const Value& repair : items_of(page.repairs)) {
    const Value* step = repair.find("step");
    text += "<li>Step " + (step && step->is_integer() ? std::to_string(step->integer()) : std::string("?")) + ", " +
            escaped(string_at(repair, "rule")) + ":";
    if (const Value* changes = repair.find("changes"))
      for (const Value& change : items_of(*changes)) {
        const Value *before = change.find("old"), *now = change.find("new");
        text += " <code>" + escaped(string_at(change, "field")) + "</code> from " +
                escaped(before && !before->is_null() ? to_inline_toml(*before) : "nothing") + " to " +
                escaped(now && !now->is_null() ? to_inline_toml(*now) : "nothing") + ";";
      }
    const Value* verified = repair.find("verified");
    text += verified && verified->is_bool() && verified->boolean() ? " verified by short paired trainings.</li>\n"
                                                                   : " not verified.</li>\n";
  }
  return text + "</ul>\n";
}

/// The style of a curve; a legend names those of a chart with more than train and validation.
std::string style_of(const PageCurve& curve, std::size_t i) {
  if (curve.name.empty()) return "train";
  return curve.name == "train" || curve.name == "validation" ? curve.name : "of" + std::to_string(i % 8);
}

std::string legend_of(const PageChart& chart) {
  std::string text;
  for (std::size_t i = 0; i < chart.curves.size(); ++i)
    if (const std::string style = style_of(chart.curves[i], i); style.starts_with("of"))
      text += "<span><svg width=\"24\" height=\"8\" aria-hidden=\"true\"><polyline class=\"" + style +
              "\" points=\"0,4 24,4\"/></svg> " + escaped(chart.curves[i].name) + "</span> ";
  return text.empty() ? "" : "<p class=\"legend\">" + text + "</p>\n";
}

std::string all_checks(const RunPage& page) {
  if (items_of(page.checks).empty()) return "";
  std::string text = "<h2>All checks</h2>\n<div class=\"scroll\"><table>\n";
  for (const Value& check : items_of(page.checks)) text += line_of(check, "verdict", "check");
  return text + "</table></div>\n";
}

std::string configuration(const RunPage& page) {
  if (!page.origins.is_table()) return "";
  std::string text =
      "<h2>Configuration</h2>\n<div class=\"scroll\"><table><tr><th class=\"text\">key</th><th class=\"text\">value</th>"
      "<th class=\"text\">from</th></tr>\n";
  for (const auto& [path, v] : page.origins.items()) {
    const Value* value = v.find("value");
    text += "<tr><td class=\"text\"><code>" + escaped(path) + "</code></td><td class=\"text\"><code>" +
            escaped(value && !value->is_null() ? to_inline_toml(*value) : "") + "</code></td><td class=\"text\">" +
            escaped(string_at(v, "origin")) + "</td></tr>\n";
  }
  return text + "</table></div>\n";
}

std::string facts(const RunPage& page) {
  std::string text = "<table>\n<tr><th class=\"text\">data</th><td class=\"text\">" + escaped(page.data) +
                     "</td></tr>\n<tr><th class=\"text\">network</th><td class=\"text\">" + escaped(page.network) +
                     "</td></tr>\n";
  for (const auto& [name, said] : page.facts)
    text += "<tr><th class=\"text\">" + escaped(name) + "</th><td class=\"text\">" + escaped(said) + "</td></tr>\n";
  return text + "</table>\n";
}

std::string ending(const RunPage& page) {
  std::string text;
  if (!page.commands.empty()) {
    text += "<h2>How to go on</h2>\n<ul>\n";
    for (const auto& [what, command] : page.commands)
      text += "<li>" + escaped(what) + ": <code>" + escaped(command) + "</code></li>\n";
    text += "</ul>\n";
  }
  if (!page.notes.empty()) {
    text += "<h2>Notes</h2>\n<ul>\n";
    for (const std::string& note : page.notes) text += "<li>" + escaped(note) + "</li>\n";
    text += "</ul>\n";
  }
  return text;
}

}  // namespace

std::string page_chart(const PageChart& chart) {
  std::vector<double> xs, ys;
  for (const PageCurve& curve : chart.curves)
    for (const auto& [x, low, mean, high] : curve.points) {
      xs.push_back(x);
      for (const double v : {low, mean, high}) ys.push_back(v);
    }
  if (std::none_of(ys.begin(), ys.end(), [](double v) { return std::isfinite(v); })) return "";
  ChartAxis x = ChartAxis::of(xs);
  x.is_log = false, x.is_count = true;
  const ChartAxis y = ChartAxis::of(ys);
  std::string names;
  for (const PageCurve& curve : chart.curves)
    if (curve.name == "train" || curve.name == "validation")
      names += (names.empty() ? ": " : ", ") + curve.name + (curve.name == "validation" ? " (dashed)" : "");
  SvgChart svg(chart.title + names + (y.is_log ? ", logarithmic" : ""), x, y, chart.x_name, "");
  for (std::size_t i = 0; i < chart.curves.size(); ++i) {
    const PageCurve& curve = chart.curves[i];
    std::vector<std::array<double, 3>> band;
    std::vector<std::pair<double, double>> line;
    for (const auto& [at, low, mean, high] : curve.points) {
      if (low < high) band.push_back({x.place(at), y.place(low), y.place(high)});
      if (std::isfinite(mean)) line.emplace_back(x.place(at), y.place(mean));
    }
    svg.band(band, "");
    if (line.size() == 1) svg.dot(line[0].first, line[0].second, "completed", "");
    const std::string style = style_of(curve, i);
    svg.line(line, style, style.starts_with("of") ? curve.name : "");
  }
  return "<div>" + svg.text() + legend_of(chart) + "</div>\n";
}

std::string run_page(const RunPage& page) {
  std::string text = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Run " + escaped(page.run) +
                     "</title>\n<meta name=\"viewport\" content=\"width=device-width\">\n" + page_style +
                     "</head><body>\n<main>\n<h1>Run " + escaped(page.run) + "</h1>\n<p>" + escaped(page.state) +
                     (page.reason.empty() ? "" : ": " + escaped(page.reason)) + ".</p>\n" + facts(page) + metrics_table(page) +
                     alarms(page);
  std::string charts;
  for (const PageChart& chart : page.charts) charts += page_chart(chart);
  if (!charts.empty()) text += "<h2>Curves</h2>\n<div class=\"charts\">\n" + charts + "</div>\n";
  return text + all_checks(page) + configuration(page) + ending(page) + "</main></body></html>\n";
}

}  // namespace tend
