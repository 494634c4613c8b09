#include <algorithm>

#include "tend/base/text.h"
#include "tend/lecture/measures.h"
#include "tend/report/svg_chart.h"

namespace tend {

namespace {

std::string cell(const std::string& text) { return "<td class=\"text\">" + escaped(text) + "</td>"; }

/// The whole text is in the statement's file.
std::string shortened(const std::string& text) {
  constexpr std::size_t most = 140;
  return text.size() <= most ? text : text.substr(0, text.find_last_of(' ', most)) + " ...";
}

std::string claims_of(const LectureStatement& statement, const std::vector<StatementResult>& results) {
  std::string text =
      "<table><tr><th class=\"text\">claim</th><th class=\"text\">condition</th><th class=\"text\">measured, seed " +
      std::to_string(results[0].seed) + "</th><th class=\"text\">holds</th></tr>\n";
  for (std::size_t c = 0; c < statement.claims.size(); ++c) {
    const auto n = std::count_if(results.begin(), results.end(), [&](const StatementResult& r) { return r.hold[c]; });
    text += "<tr>" + cell(statement.claims[c].text) + "<td class=\"text\"><code>" + escaped(statement.claims[c].condition) +
            "</code></td>" + cell(results[0].evidence[c]) +
            cell(std::to_string(n) + " of " + counted(static_cast<std::int64_t>(results.size()), "seed")) + "</tr>\n";
  }
  return scrolled(text + "</table>\n", "claims of " + statement.name);
}

std::string runs_of(const LectureStatement& statement) {
  std::string text = "<p>Runs:";
  for (const StatementRun& run : statement.runs) {
    text += " <strong>" + escaped(run.name) + "</strong>";
    for (const auto& [path, v] : run.set.items())
      text += " <code>" + escaped(shortened(path + " = " + to_inline_toml(v))) + "</code>";
    if (!run.search.is_null()) text += " <code>search = " + escaped(to_inline_toml(run.search)) + "</code>";
    text += ";";
  }
  text.back() = '.';
  return text + "</p>\n<details><summary>The experiment that all runs share</summary><pre>" +
         escaped(to_toml(statement.experiment)) + "</pre></details>\n";
}

}  // namespace

std::string lecture_page(const std::vector<LectureStatement>& statements,
                         const std::vector<std::vector<StatementResult>>& results) {
  std::string text =
      std::string(
          "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>The lecture, proved</title>\n"
          "<meta name=\"viewport\" content=\"width=device-width\">\n") +
      page_style() +
      "</head><body>\n<main>\n<h1>The lecture, proved</h1>\n"
      "<p>Each statement is an experiment. Its claims are conditions on what was measured in the runs that are named.</p>\n<ul>\n";
  for (const LectureStatement& s : statements)
    text += "<li><a href=\"#" + escaped(s.name) + "\">" + escaped(s.title) + "</a></li>\n";
  text += "</ul>\n";
  std::string part;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const LectureStatement& s = statements[i];
    if (results[i].empty()) continue;
    if (s.part != part) text += "<h2>" + escaped(part = s.part) + "</h2>\n";
    text += "<h3 id=\"" + escaped(s.name) + "\">" + escaped(s.title) + "</h3>\n<p>" + escaped(s.text) + " (" + escaped(s.slides) +
            ")</p>\n" + runs_of(s) + claims_of(s, results[i]) + "<div class=\"charts\">\n";
    for (const std::string& picture : pictures_of(s, results[i][0])) text += picture;
    text += "</div>\n<p><strong>Look at:</strong> " + escaped(s.look) + "</p>\n<p><strong>Try:</strong> " + escaped(s.change) +
            " Copy the folder <code>examples/lecture/" + escaped(s.name) +
            "</code>, change its statement.toml, and run <code>tend lecture " + escaped(s.name) + " --from DIR</code>.</p>\n";
  }
  return text + "</main></body></html>\n";
}

}  // namespace tend
