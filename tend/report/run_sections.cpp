#include "tend/report/run_sections.h"

#include <algorithm>

#include "tend/report/run_page.h"
#include "tend/report/run_values.h"

namespace tend {

namespace {

constexpr std::size_t most_evidence_rows = 200;

std::string text_cell(const std::string& text, const std::string& kind = "") {
  return "<td class=\"text" + (kind.empty() ? "" : " " + escaped(kind)) + "\">" + text + "</td>";
}
std::string head_of(const std::vector<std::string>& names) {
  std::string text = "<tr>";
  for (const std::string& name : names) text += "<th class=\"text\" scope=\"col\">" + name + "</th>";
  return text + "</tr>\n";
}

std::string plain_text(const Value& v) {
  if (v.is_string()) return v.string();
  if (v.is_null()) return "";
  return v.is_number() && !v.is_integer() ? four_digits(v) : to_inline_toml(v);
}

/// "dead fraction 0.93, threshold 0.5" of {"dead_fraction": 0.93, "threshold": 0.5}.
std::string pairs_of(const Value& table) {
  std::string text;
  if (table.is_table())
    for (const auto& [name, v] : table.items())
      if (!v.is_null() && !v.is_array() && !v.is_table()) {
        std::string words = name;
        std::replace(words.begin(), words.end(), '_', ' ');
        text += (text.empty() ? "" : ", ") + words + " " + plain_text(v);
      }
  return text;
}

std::string causes_of(const Value& finding) {
  std::string text;
  for (const Value& cause : items_at(finding, "causes"))
    if (cause.is_array() && cause.array_items().size() == 2 && cause.array_items()[0].is_string() &&
        cause.array_items()[1].is_number())
      text += (text.empty() ? "" : ", ") + cause.array_items()[0].string() + " " +
              std::to_string(std::lround(100 * cause.array_items()[1].number())) + " %";
  return text.empty() ? string_at(finding, "cause") : text;
}

/// What a check advises to change: "update.optimizer.learning_rate = 0.003".
std::string changes_of(const Value& list) {
  std::string text;
  for (const Value& change : items_of(list)) {
    const Value* value = change.find("value");
    text += (text.empty() ? "" : "; ") + string_at(change, "field") +
            (value && !value->is_null() ? " = " + to_inline_toml(*value) : std::string());
  }
  return text;
}

std::string message_of(const Value& v) {
  const std::string layer = string_at(v, "layer"), causes = causes_of(v), changes = changes_of(value_in(v, "changes")),
                    advice = string_at(v, "advice");
  return escaped(string_at(v, "message")) + (layer.empty() ? "" : " <em>At " + escaped(layer) + ".</em>") +
         (causes.empty() ? "" : " <em>Cause: " + escaped(causes) + ".</em>") +
         (changes.empty() ? "" : " To try: <code>" + escaped(changes) + "</code>") +
         (advice.empty() ? "" : " " + escaped(advice));
}

/// "measured 0.93, expected 0.5; ..." of a check or a finding.
std::string measured_by(const Value& v) {
  const std::string value = four_digits(value_in(v, "value")), expected = four_digits(value_in(v, "expected"));
  std::string text = value.empty() ? "" : "measured " + value;
  if (!expected.empty()) text += (text.empty() ? "" : ", ") + std::string("compared with ") + expected;
  if (const std::string evidence = pairs_of(value_in(v, "evidence")); !evidence.empty())
    text += (text.empty() ? "" : "; ") + evidence;
  return text;
}

std::string alarm_row(const Value& v, const char* level, const char* name) {
  const std::string said = string_at(v, level);
  const double first = number_in(v, "first_step"), last = number_in(v, "step");
  std::string steps = first > 0 ? four_digits(value_in(v, "first_step")) : "";
  if (last > 0 && last != first) steps += (steps.empty() ? "" : " to ") + four_digits(value_in(v, "step"));
  return "<tr>" + text_cell(escaped(said), said) + text_cell(escaped(string_at(v, name))) + text_cell(message_of(v)) +
         text_cell(escaped(measured_by(v))) + text_cell(steps) + "</tr>\n";
}

std::string metrics_of(const Value& repair, const char* key) {
  const std::string text = pairs_of(value_in(repair, key));
  return text.empty() ? "" : std::string(", ") + key + ": " + text;
}

std::string repair_item(const Value& repair) {
  const Value& step = value_in(repair, "step");
  std::string text = "<li>Step " + (step.is_integer() ? std::to_string(step.integer()) : std::string("?")) + ", " +
                     escaped(string_at(repair, "rule")) + ":";
  for (const Value& change : items_at(repair, "changes")) {
    const Value &before = value_in(change, "old"), &now = value_in(change, "new");
    text += " <code>" + escaped(string_at(change, "field")) + "</code> from " +
            escaped(before.is_null() ? "nothing" : to_inline_toml(before)) + " to " +
            escaped(now.is_null() ? "nothing" : to_inline_toml(now)) + ";";
  }
  const Value& verified = value_in(repair, "verified");
  return text + (verified.is_bool() && verified.boolean() ? " verified by short paired trainings" : " not verified") +
         escaped(metrics_of(repair, "before") + metrics_of(repair, "after")) + ".</li>\n";
}

/// A list of tables with the same keys, such as the layers that a check saw.
PageTable table_of(const std::string& title, const Value::Array& list) {
  PageTable table{.title = title};
  for (const auto& [name, unused] : list[0].items()) {
    table.columns.push_back(name);
    std::replace(table.columns.back().begin(), table.columns.back().end(), '_', ' ');
    table.is_text.push_back(table.is_text.empty());
  }
  for (std::size_t i = 0; i < std::min(list.size(), most_evidence_rows); ++i) {
    table.rows.emplace_back();
    for (const auto& [name, unused] : list[0].items())
      table.rows.back().push_back({.text = plain_text(value_in(list[i], name.c_str()))});
  }
  if (list.size() > most_evidence_rows)
    table.note = "And " + std::to_string(list.size() - most_evidence_rows) + " more, which summary.json has.";
  return table;
}

/// What a check recorded beside its two numbers.
std::string evidence_of(const Value& check, std::size_t number) {
  const Value& record = value_in(check, "record");
  const std::string title = "What " + string_at(check, "check") + " measured";
  std::vector<std::pair<std::string, const Value*>> lists;
  if (record.is_array()) lists.emplace_back(title, &record);
  if (record.is_table())
    for (const auto& [name, v] : record.items())
      if (v.is_array()) lists.emplace_back(title + ": " + name, &v);
  std::string text;
  for (const auto& [name, list] : lists)
    if (!items_of(*list).empty() && items_of(*list)[0].is_table())
      text += table_text(table_of(name + " (" + std::to_string(number) + ")", items_of(*list)));
  return text.empty() ? "" : "<details><summary>" + escaped(title) + "</summary>" + text + "</details>\n";
}

}  // namespace

std::string findings_section(const RunPage& page) {
  std::string lines;
  for (const Value& finding : items_of(page.findings)) lines += alarm_row(finding, "severity", "rule");
  for (const Value& check : items_of(page.checks))
    if (const std::string verdict = string_at(check, "verdict"); verdict == "fail" || verdict == "warn")
      lines += alarm_row(check, "verdict", "check");
  std::string text = lines.empty() ? "<p>The checks and the rules that watched the training found nothing wrong.</p>\n"
                                   : scrolled("<table>" + head_of({"level", "rule or check", "what", "evidence", "step"}) +
                                                  lines + "</table>",
                                              "Findings");
  if (items_of(page.repairs).empty()) return text;
  text += "<h3>Repairs</h3>\n<ul>\n";
  for (const Value& repair : items_of(page.repairs)) text += repair_item(repair);
  return text + "</ul>\n";
}

std::string checks_section(const RunPage& page) {
  if (items_of(page.checks).empty()) return "";
  std::string lines, evidence;
  std::size_t number = 0;
  for (const Value& check : items_of(page.checks)) {
    const std::string verdict = string_at(check, "verdict");
    lines += "<tr>" + text_cell(escaped(verdict), verdict) + text_cell(escaped(string_at(check, "check"))) +
             text_cell(message_of(check)) + "<td>" + four_digits(value_in(check, "value")) + "</td><td>" +
             four_digits(value_in(check, "expected")) + "</td></tr>\n";
    evidence += evidence_of(check, ++number);
  }
  return scrolled("<table>" + head_of({"verdict", "check", "what", "measured", "compared with"}) + lines + "</table>",
                  "All checks") +
         evidence;
}

std::string rates_section(const RunPage& page) {
  for (const Value& check : items_of(page.checks)) {
    const Value& record = value_in(check, "record");
    if (items_at(record, "curve").empty()) continue;
    PageCurve training{.name = "train"}, held_out{.name = "validation"};
    const Value::Array& held = items_at(record, "held_out");
    for (std::size_t i = 0; i < items_at(record, "curve").size(); ++i) {
      const Value::Array& point = items_of(items_at(record, "curve")[i]);
      if (point.size() != 2 || !point[0].is_number()) continue;
      if (point[1].is_number())
        training.points.push_back({point[0].number(), point[1].number(), point[1].number(), point[1].number()});
      if (i < held.size() && held[i].is_number())
        held_out.points.push_back({point[0].number(), held[i].number(), held[i].number(), held[i].number()});
    }
    const PageChart chart{.title = "loss over the learning rate",
                          .x_name = "learning rate",
                          .curves = {training, held_out},
                          .is_log_x = true,
                          .marks = {{number_in(record, "own"), "used"},
                                    {number_in(record, "suggestion"), "suggested"},
                                    {number_in(record, "low"), "lowest that learns"},
                                    {number_in(record, "high"), "first that raises the loss"}}};
    return "<p>" + escaped(string_at(check, "message")) + "</p>\n<p class=\"note\">Each point is the mean loss after " +
           escaped(four_digits(value_in(record, "steps"))) +
           " steps from the same initial weights at this rate; the loss before them is " +
           escaped(four_digits(value_in(record, "start"))) + ". A rate without a point overflows.</p>\n<div class=\"charts\">\n" +
           page_chart(chart) + "</div>\n";
  }
  return "";
}

std::string configuration_section(const RunPage& page) {
  if (!page.origins.is_table()) return "";
  PageTable table{.title = "Values and where they come from", .columns = {"key", "value", "from"}, .is_text = {true, true, true}};
  for (const auto& [path, v] : page.origins.items()) {
    const Value& value = value_in(v, "value");
    table.rows.push_back(
        {{.text = path}, {.text = value.is_null() ? "" : to_inline_toml(value)}, {.text = string_at(v, "origin")}});
  }
  return table_text(table);
}

}  // namespace tend
