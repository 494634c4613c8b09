#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "chart.h"
#include "cli.h"
#include "tend/base/settings.h"
#include "tend/base/text.h"
#include "tend/lecture/measures.h"
#include "tend/lecture/probe_registry.h"
#include "text.h"
#include "waiting.h"

namespace tend {

namespace {

namespace fs = std::filesystem;

struct LectureFlags {
  CommonFlags common;
  std::string name, folder, out, markdown;
  std::vector<std::uint64_t> seeds{0};
  bool all = false, overwrite = false, probes = false;
};

/// The statements of this program: in its source tree, or where it is installed.
std::string folder_of_statements(const std::string& given) {
  if (!given.empty()) return given;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (const fs::path& folder : {program.parent_path().parent_path() / "examples" / "lecture",  // <checkout>/build/release/tend
                                 program.parent_path() / "share" / "tend" / "lecture"})
    if (fs::is_directory(folder, error)) return folder.string();
  throw Error(Trouble::missing, "tend lecture", "no statements beside the program", "the folder examples/lecture",
              "name it with --from DIR");
}

void print_list(const std::vector<LectureStatement>& statements) {
  std::string part;
  std::vector<std::vector<std::string>> rows;
  for (const LectureStatement& s : statements) {
    if (s.part != part) rows.push_back({part = s.part});
    rows.push_back({"  " + s.name, s.title});
  }
  std::size_t widest = 0;
  for (const auto& row : rows)
    if (row.size() > 1) widest = std::max(widest, row[0].size());
  for (const auto& row : rows)
    std::printf("%s%s\n", row[0].c_str(), row.size() > 1 ? (std::string(widest + 2 - row[0].size(), ' ') + row[1]).c_str() : "");
  std::printf(
      "\n%s lecture NAME runs one, %s lecture --all --out DIR runs all and writes a page.\nA folder of your own with a "
      "statement.toml is a statement: examples/lecture/README.md says how.\n",
      called_as().c_str(), called_as().c_str());
}

void print_wrapped(std::string text) {
  constexpr std::size_t width = 100;
  std::replace(text.begin(), text.end(), '\n', ' ');
  std::printf("%s\n", in_lines(text, 0, width).c_str());
}

void print_lines(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) std::printf("%s\n", line.c_str());
}

void print_charts(const LectureStatement& s, const StatementResult& result) {
  for (const PageChart& of_page : charts_of(s, result)) {
    std::vector<Curve> curves;
    for (const PageCurve& c : of_page.curves) {
      curves.push_back({.name = c.name, .points = {}});
      for (const auto& [x, low, mean, high] : c.points)
        curves.back().points.push_back({.x = x, .low = low, .mean = mean, .high = high});
    }
    print_lines(chart(of_page.title, of_page.x_name, curves, style_of_output()));
  }
  const std::vector<LecturePoints> points = points_of(s, result);
  for (std::size_t first = 0; first < points.size(); first += s.runs.size()) {  // those of a chart follow one another
    std::vector<Curve> curves;
    for (std::size_t i = first; i < first + s.runs.size(); ++i) {
      curves.push_back({.name = points[i].run, .points = {}});
      for (const auto& [x, y] : points[i].points) curves.back().points.push_back({.x = x, .low = y, .mean = y, .high = y});
    }
    const bool is_path = points[first].is_path;
    print_lines(scatter(is_path ? "path: the second weight over the first" : points[first].chart, is_path ? "first weight" : "",
                        curves, !is_path, style_of_output(), is_path));
  }
}

/// Histograms of the start and pictures of the end; the page has both.
void print_pictures(const std::string& run, const Measures& m) {
  const ChartStyle style = style_of_output();
  for (const LectureHistogram& h : m.histograms)
    if (h.when == "start")
      std::printf("  %-12s %-12s %9s [%s] %s\n", run.c_str(), h.layer.c_str(), short_number(h.low).c_str(),
                  bars(h.counts, shows_blocks()).c_str(), short_number(h.high).c_str());
  std::vector<TextPicture> pictures;
  for (const LecturePicture& p : m.pictures) {
    if (p.when != "end") continue;
    pictures.push_back({.width = static_cast<std::size_t>(p.width), .values = {}});
    for (std::size_t i = 0; i < p.values.size(); i += static_cast<std::size_t>(p.channels))
      pictures.back().values.push_back(static_cast<double>(p.values[i]));
  }
  if (pictures.empty()) return;
  std::printf("  %s: weights of the first layer at the end, a picture for each unit\n", run.c_str());
  print_lines(picture_lines(pictures, style));
}

void print_results(const LectureStatement& s, const std::vector<StatementResult>& results) {
  std::printf("%s (%s)\n", s.title.c_str(), s.slides.c_str());
  print_wrapped(s.text);
  for (const StatementRun& run : s.runs) {
    std::string keys;
    for (const auto& [path, v] : run.set.items()) keys += "  " + path + " = " + to_inline_toml(v);
    std::printf("  %s\n", cut("run " + run.name + keys, 98).c_str());
  }
  print_charts(s, results[0]);
  for (std::size_t i = 0; i < s.runs.size(); ++i) print_pictures(s.runs[i].name, results[0].runs[i]);
  for (std::size_t c = 0; c < s.claims.size(); ++c)
    for (const StatementResult& r : results)
      std::printf("  %s  %s%s\n         %s: %s\n", r.hold[c] ? "holds" : "FAILS", s.claims[c].text.c_str(),
                  results.size() > 1 ? (" (seed " + std::to_string(r.seed) + ")").c_str() : "", s.claims[c].condition.c_str(),
                  r.evidence[c].c_str());
  std::printf("Look at: ");
  print_wrapped(s.look);
  std::printf("Try: ");
  print_wrapped(s.change);
  std::printf("To try it: cp -r %s mine, change mine/statement.toml, and run %s lecture mine --from mine\n", s.folder.c_str(),
              called_as().c_str());
}

Value value_of_results(const LectureStatement& s, const std::vector<StatementResult>& results) {
  Value v = Value::table();
  v["name"] = s.name, v["title"] = s.title, v["slides"] = s.slides;
  v["seeds"] = Value::array();
  for (const StatementResult& r : results) {
    Value seed = Value::table();
    seed["seed"] = static_cast<std::int64_t>(r.seed), seed["seconds"] = r.seconds, seed["holds"] = r.holds();
    seed["claims"] = Value::array();
    for (std::size_t c = 0; c < s.claims.size(); ++c) {
      Value claim = Value::table();
      claim["text"] = s.claims[c].text, claim["condition"] = s.claims[c].condition;
      claim["holds"] = static_cast<bool>(r.hold[c]), claim["measured"] = r.evidence[c];
      seed["claims"].push_back(std::move(claim));
    }
    v["seeds"].push_back(std::move(seed));
  }
  return v;
}

void print_totals(const std::vector<std::vector<StatementResult>>& results) {
  std::int64_t claims = 0, failed = 0;
  for (const auto& seeds : results)
    for (const StatementResult& r : seeds)
      for (const bool holds : r.hold) ++claims, failed += !holds;
  std::printf("%s: %lld of %s hold\n", counted(static_cast<std::int64_t>(results.size()), "statement").c_str(),
              static_cast<long long>(claims - failed), counted(claims, "claim").c_str());
}

void write_pages(const LectureFlags& flags, const std::vector<LectureStatement>& statements,
                 const std::vector<std::vector<StatementResult>>& results) {
  std::error_code ignored;
  if (!flags.out.empty()) {
    fs::create_directories(flags.out, ignored);
    write_new(flags.out + "/lecture.html", lecture_page(statements, results), flags.overwrite);
    if (!flags.common.quiet) std::fprintf(stderr, "The page is %s/lecture.html\n", flags.out.c_str());
  }
  if (flags.markdown.empty()) return;
  fs::create_directories(flags.markdown + "/lecture", ignored);
  write_new(flags.markdown + "/lecture.md", lecture_markdown(statements, results), flags.overwrite);
  for (std::size_t i = 0; i < statements.size(); ++i)
    write_new(flags.markdown + "/lecture/" + statements[i].name + ".svg", lecture_picture(statements[i], results[i][0]),
              flags.overwrite);
  if (!flags.common.quiet) std::fprintf(stderr, "The text is %s/lecture.md\n", flags.markdown.c_str());
}

int print_probes() {
  for (const auto& probe : builtin_probes().entries()) {
    std::printf("%s\n  ", probe.name.c_str());
    print_wrapped(probe.about);
    for (const FieldDescription& field : probe.fields) std::printf("    %s: %s\n", field.name.c_str(), field.text.c_str());
  }
  return exit_code::done;
}

int lecture(const LectureFlags& flags) {
  if (flags.probes) return print_probes();
  std::vector<LectureStatement> statements = read_statements(folder_of_statements(flags.folder));
  if (flags.name.empty() && !flags.all) {
    if (flags.common.json) {
      Value list = Value::array();
      for (const LectureStatement& s : statements) {
        Value one = Value::table();
        one["name"] = s.name, one["part"] = s.part, one["slides"] = s.slides, one["title"] = s.title, one["text"] = s.text;
        list.push_back(std::move(one));
      }
      std::printf("%s\n", to_json(list).c_str());
    } else {
      print_list(statements);
    }
    return exit_code::done;
  }
  if (!flags.all) {
    std::vector<std::string> names;
    for (const LectureStatement& s : statements) names.push_back(s.name);
    if (std::find(names.begin(), names.end(), flags.name) == names.end()) unknown_key("tend lecture", flags.name, names);
    std::erase_if(statements, [&](const LectureStatement& s) { return s.name != flags.name; });
  }
  std::vector<std::vector<StatementResult>> results;
  Value all = Value::array();
  bool hold = true;
  for (const LectureStatement& s : statements) {
    std::optional<Waiting> waiting(std::in_place, flags.common.quiet, s.name);
    results.emplace_back();
    for (const std::uint64_t seed : flags.seeds) {
      results.back().push_back(run_statement(s, seed, 0, {.folder = s.folder, .registered = registered_folders()}));
      hold = hold && results.back().back().holds();
    }
    waiting.reset();
    if (flags.common.json) all.push_back(value_of_results(s, results.back()));
    else if (!flags.common.quiet) print_results(s, results.back()), std::printf("\n");
    std::fflush(stdout);
  }
  if (flags.common.json) std::printf("%s\n", to_json(all).c_str());
  if (!flags.common.json && !flags.common.quiet && flags.all) print_totals(results);
  write_pages(flags, statements, results);
  return hold ? exit_code::done : exit_code::check_failed;
}

}  // namespace

void add_lecture(CLI::App& app, int& code) {
  auto flags = std::make_shared<LectureFlags>();
  CLI::App* verb = app.add_subcommand(
      "lecture",
      "Runs the statements of the lectures on training (CS231n 2017, no. 6 and 7, and their notes) as experiments.\n\n"
      "  tend lecture                       lists them\n"
      "  tend lecture loss_at_chance        runs one, and says what holds\n"
      "  tend lecture --all --out page\n");
  verb->add_option("name", flags->name, "a statement; absent: lists them")->type_name("NAME");
  CLI::Option* all = verb->add_flag("--all", flags->all, "run all statements");
  all->excludes("name");
  verb->add_option("--out", flags->out, "a folder, into which lecture.html is written")->type_name("DIR");
  verb->add_option("--markdown", flags->markdown, "a folder, into which lecture.md and lecture/NAME.svg are written")
      ->type_name("DIR");
  verb->add_flag("--overwrite", flags->overwrite, "replace files of these names in DIR");
  verb->add_option("--from", flags->folder, "the folder with the statements; absent: those of the program")->type_name("DIR");
  verb->add_flag("--probes", flags->probes, "list what a statement may measure besides, for writing your own");
  verb->add_option("--seeds", flags->seeds, "judge each claim from each seed")->delimiter(',')->type_name("0,1,2");
  add_threads(*verb);
  add_common(*verb, flags->common);
  verb->callback([flags, &code] { code = lecture(*flags); });
}

}  // namespace tend
