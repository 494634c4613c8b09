#include <algorithm>
#include <cstdlib>

#include "tend/base/text.h"
#include "tend/lecture/measures.h"
#include "tend/report/svg_chart.h"

namespace tend {

namespace {

/// In a cell of a table.
std::string markdown_cell(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : c == '\n' ? std::string(" ") : std::string(1, c);
  return out;
}

std::string table_of_statements(const std::vector<LectureStatement>& statements) {
  std::string text = "| statement | what it shows | slides |\n|---|---|---|\n";
  std::string part;
  for (const LectureStatement& s : statements) {
    if (s.part != part) text += "| **" + (part = s.part) + "** | | |\n";
    text += "| [" + s.name + "](#" + s.name + ") | " + markdown_cell(s.title) + " | " + markdown_cell(s.slides) + " |\n";
  }
  return text;
}

std::string claims_in_markdown(const LectureStatement& statement, const std::vector<StatementResult>& results) {
  std::string text = "| claim | condition | measured | holds |\n|---|---|---|---|\n";
  for (std::size_t c = 0; c < statement.claims.size(); ++c) {
    const auto n = std::count_if(results.begin(), results.end(), [&](const StatementResult& r) { return r.hold[c]; });
    text += "| " + markdown_cell(statement.claims[c].text) + " | `" + markdown_cell(statement.claims[c].condition) + "` | " +
            markdown_cell(results[0].evidence[c]) + " | " + std::to_string(n) + " of " +
            counted(static_cast<std::int64_t>(results.size()), "seed") + " |\n";
  }
  return text;
}

struct PictureSize {
  double width = 0, height = 0;
};
/// Of "<svg viewBox="0 0 460 260" ...".
PictureSize size_of_svg(const std::string& svg, std::size_t at) {
  const std::size_t box = svg.find("viewBox=\"0 0 ", at) + 13;
  char* end = nullptr;
  const double width = std::strtod(svg.c_str() + box, &end);
  return {width, std::strtod(end, nullptr)};
}

/// Without the numbers from which the script of a page draws a chart again.
std::string without_data(const std::string& svg) {
  std::string out;
  std::size_t at = 0;
  for (std::size_t found; (found = svg.find(" data-", at)) != svg.npos;) {
    out += svg.substr(at, found - at);
    const std::size_t quote = svg.find('"', found);
    at = quote == svg.npos ? svg.size() : std::min(svg.size(), svg.find('"', quote + 1) + 1);
  }
  return out + svg.substr(at);
}

std::string legend_of_runs(const LectureStatement& statement, double top) {
  std::string text;
  double left = 10;
  for (std::size_t i = 0; i < statement.runs.size(); ++i) {
    const std::string x = short_number(left), y = short_number(top);
    text += "<polyline class=\"of" + std::to_string(i % 8) + "\" points=\"" + x + "," + y + " " + short_number(left + 24) + "," +
            y + "\"/><text class=\"tick\" x=\"" + short_number(left + 30) + "\" y=\"" + short_number(top + 4) + "\">" +
            escaped(statement.runs[i].name) + "</text>\n";
    left += 50 + 6.5 * static_cast<double>(statement.runs[i].name.size());
  }
  return text;
}

}  // namespace

std::string lecture_picture(const LectureStatement& statement, const StatementResult& result) {
  constexpr double width = 960, gap = 10;
  std::string inside;
  double x = 0, y = 0, tallest = 0;
  for (const std::string& picture : pictures_of(statement, result)) {
    const std::size_t begin = picture.find("<svg "), end = picture.find("</svg>") + 6;
    auto [wide, high] = size_of_svg(picture, begin);
    if (wide > width) high *= width / wide, wide = width;
    if (x > 0 && x + wide > width) x = 0, y += tallest + gap, tallest = 0;
    inside += "<svg x=\"" + short_number(x) + "\" y=\"" + short_number(y) + "\" width=\"" + short_number(wide) + "\" height=\"" +
              short_number(high) + "\" " + without_data(picture.substr(begin + 5, end - begin - 5)) + "\n";
    x += wide + gap;
    tallest = std::max(tallest, high);
  }
  y += tallest + 16;
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 960 " + short_number(y + 16) +
         "\" font-family=\"sans-serif\">\n<style>" + std::string(page_css()) + "</style>" +
         "\n<rect width=\"100%\" height=\"100%\" style=\"fill: var(--paper)\"/>\n" + inside + legend_of_runs(statement, y) +
         "</svg>\n";
}

std::string lecture_markdown(const std::vector<LectureStatement>& statements,
                             const std::vector<std::vector<StatementResult>>& results) {
  std::string text =
      "# The lecture, proved\n\nEach statement of Stanford's CS231n (2017, lectures 6 and 7, and their notes) about training is an "
      "experiment:\n`tend lecture NAME` runs one. Its claims are conditions on what was measured in the runs that it names. This page "
      "is made by\n`tend lecture --all --seeds 0,1,2 --markdown docs`. Numbers of slides may differ by a few between versions of the lectures' files.\n\n" +
      table_of_statements(statements);
  std::string part;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const LectureStatement& s = statements[i];
    if (results[i].empty()) continue;
    if (s.part != part) text += "\n## " + (part = s.part) + "\n";
    text += "\n### " + s.name + "\n\n**" + s.title + "** (" + s.slides + ")\n\n" + s.text + "\n\n![" + s.title + "](lecture/" +
            s.name + ".svg)\n\n" + claims_in_markdown(s, results[i]) + "\nLook at: " + s.look + " Try: " + s.change + "\n";
  }
  return text;
}

}  // namespace tend
