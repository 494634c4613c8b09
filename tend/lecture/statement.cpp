#include "tend/lecture/statement.h"

#include <algorithm>
#include <filesystem>

#include "tend/base/error.h"
#include "tend/base/settings.h"
#include "tend/base/text.h"
#include "tend/base/write_whole.h"

namespace tend {

namespace {

namespace fs = std::filesystem;

const std::vector<std::string> statement_keys{"part",   "slides", "title",  "order",      "text", "look",
                                              "change", "charts", "probes", "experiment", "run",  "claim"};

const Value& at_key(const Value& table, const char* key, const std::string& where, const char* wanted) {
  const Value* found = table.find(key);
  if (!found) throw Error(Trouble::usage, where, std::string("no key \"") + key + "\"", wanted);
  return *found;
}

std::string text_of_key(const Value& table, const char* key, const std::string& where) {
  const Value& v = at_key(table, key, where, "a text");
  if (!v.is_string() || v.string().empty()) throw Error(Trouble::usage, where + ": " + key, v.describe(), "a text");
  return v.string();
}

const Value::Array& tables_of_key(const Value& table, const char* key, const std::string& where) {
  const Value& v = at_key(table, key, where, "one or more tables [[...]]");
  const bool are_tables = v.is_array() && !v.array_items().empty() &&
                          std::all_of(v.array_items().begin(), v.array_items().end(),
                                      [](const Value& one) { return one.is_table(); });
  if (!are_tables) throw Error(Trouble::usage, where + ": " + key, v.describe(), "one or more tables [[...]]");
  return v.array_items();
}

}  // namespace

LectureStatement read_statement(const std::string& folder) {
  const std::string path = folder + "/statement.toml";
  const std::optional<std::string> text = read_whole(path);
  if (!text) throw Error(Trouble::missing, path, "no such file", "a folder with a statement.toml");
  const Value file = parse_toml(*text, path);
  for (const auto& [key, unused] : file.items())
    if (std::find(statement_keys.begin(), statement_keys.end(), key) == statement_keys.end())
      unknown_key(path, key, statement_keys);
  LectureStatement s;
  s.folder = folder;
  const fs::path last = fs::path(folder).filename();
  s.name = (last.empty() || last == "." ? fs::absolute(folder).parent_path().filename() : last).string();
  s.part = text_of_key(file, "part", path), s.slides = text_of_key(file, "slides", path);
  s.title = text_of_key(file, "title", path), s.text = text_of_key(file, "text", path);
  s.look = text_of_key(file, "look", path), s.change = text_of_key(file, "change", path);
  const Value& order = at_key(file, "order", path, "a whole number: its place in the lecture");
  if (!order.is_integer()) throw Error(Trouble::usage, path + ": order", order.describe(), "a whole number");
  s.order = order.integer();
  s.experiment = at_key(file, "experiment", path, "a table: the experiment that the runs share");
  for (const Value& run : tables_of_key(file, "run", path)) {
    s.runs.push_back({.name = text_of_key(run, "name", path + ": run")});
    if (const Value* set = run.find("set")) {
      if (!set->is_table()) throw Error(Trouble::usage, path + ": run.set", set->describe(), "a table: {\"train.epochs\" = 3}");
      s.runs.back().set = *set;
    }
    if (const Value* search = run.find("search")) {
      if (!search->is_table())
        throw Error(Trouble::usage, path + ": run.search", search->describe(), "a table: the keys of [tune]");
      s.runs.back().search = *search;
    }
  }
  for (const Value& claim : tables_of_key(file, "claim", path))
    s.claims.push_back(
        {.text = text_of_key(claim, "text", path + ": claim"), .condition = text_of_key(claim, "holds", path + ": claim")});
  if (const Value* charts = file.find("charts"); charts && charts->is_array())
    for (const Value& chart : charts->array_items())
      if (chart.is_string()) s.charts.push_back(chart.string());
  if (const Value* probes = file.find("probes")) {
    if (!probes->is_array()) throw Error(Trouble::usage, path + ": probes", probes->describe(), "a list: [\"histograms\"]");
    s.probes = probes->array_items();
  }
  return s;
}

std::vector<LectureStatement> read_statements(const std::string& folder) {
  std::error_code error;
  std::vector<LectureStatement> all;
  if (fs::exists(fs::path(folder) / "statement.toml")) all.push_back(read_statement(folder));
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (fs::exists(it->path() / "statement.toml")) all.push_back(read_statement(it->path().string()));
  if (all.empty()) throw Error(Trouble::missing, folder, "no statement in it", "folders with a statement.toml each");
  std::sort(all.begin(), all.end(), [](const LectureStatement& a, const LectureStatement& b) {
    return a.order != b.order ? a.order < b.order : a.name < b.name;
  });
  return all;
}

}  // namespace tend
