#include "tend/study/study_store.h"

#include <cmath>
#include <limits>

namespace tend {

namespace {

// number: the order of decisions. starts and ends are planned time; began and seconds are those of clocks.
constexpr const char* schema = R"(
CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS assignment (
  number INTEGER PRIMARY KEY, stage INTEGER NOT NULL, trial INTEGER NOT NULL, from_epoch INTEGER NOT NULL,
  to_epoch INTEGER NOT NULL, slot INTEGER NOT NULL, starts DOUBLE PRECISION NOT NULL, ends DOUBLE PRECISION NOT NULL,
  place TEXT NOT NULL, parameters TEXT NOT NULL, report TEXT NOT NULL, owner TEXT NOT NULL, beat INTEGER NOT NULL,
  began DOUBLE PRECISION NOT NULL, seconds DOUBLE PRECISION NOT NULL);
)";
constexpr const char* columns =
    "SELECT number, stage, trial, from_epoch, to_epoch, slot, starts, ends, place, parameters, report, owner, beat, began, seconds "
    "FROM assignment ";

Value numbers_to_value(const std::vector<double>& numbers) {
  Value list = Value::array();
  for (const double v : numbers) list.push_back(v);
  return list;
}

std::vector<double> numbers_of_value(const Value* list) {
  std::vector<double> numbers;
  if (list && list->is_array())
    for (const Value& v : list->array_items())
      numbers.push_back(v.is_number() ? v.number() : std::numeric_limits<double>::quiet_NaN());
  return numbers;
}

StoredWork row_of(const Statement& s) {
  const auto size = [&](int column) { return static_cast<std::size_t>(s.integer(column)); };
  StoredWork row{.work = {.number = size(0),
                          .stage = size(1),
                          .trial = size(2),
                          .from_epoch = size(3),
                          .to_epoch = size(4),
                          .slot = size(5),
                          .starts = s.number(6),
                          .ends = s.number(7),
                          .place = {}},
                 .parameters = parse_json(s.text(9), "study.db"),
                 .report = {},
                 .owner = s.text(11),
                 .beat = s.integer(12),
                 .began = s.number(13),
                 .seconds = s.number(14)};
  const Value place = parse_json(s.text(8), "study.db");
  row.work.place = numbers_of_value(&place);
  if (const std::string report = s.text(10); !report.empty()) row.report = report_of_value(parse_json(report, "study.db"));
  return row;
}

}  // namespace

Value report_to_value(const TrialReport& report) {
  Value v = Value::table();
  v["values"] = numbers_to_value(report.values);
  v["training"] = numbers_to_value(report.training);
  v["original"] = report.original;
  v["whole"] = report.is_whole;
  v["trouble"] = report.trouble;
  if (!report.findings.empty()) {
    v["findings"] = Value::array();
    for (const std::string& name : report.findings) v["findings"].push_back(name);
  }
  return v;
}

TrialReport report_of_value(const Value& v) {
  TrialReport report{
      .values = numbers_of_value(v.find("values")), .training = numbers_of_value(v.find("training")), .trouble = {}};
  if (const Value* original = v.find("original"); original && original->is_number()) report.original = original->number();
  if (const Value* whole = v.find("whole"); whole && whole->is_bool()) report.is_whole = whole->boolean();
  if (const Value* trouble = v.find("trouble"); trouble && trouble->is_string()) report.trouble = trouble->string();
  if (const Value* findings = v.find("findings"); findings && findings->is_array())
    for (const Value& name : findings->array_items())
      if (name.is_string()) report.findings.push_back(name.string());
  return report;
}

StudyStore::StudyStore(const std::string& folder, Database::Mode mode) : database_(path_in(folder), mode) {
  database_.run("PRAGMA busy_timeout = 60000");
  if (mode == Database::Mode::read) return;
  database_.run("PRAGMA journal_mode = WAL");
  database_.run("PRAGMA synchronous = NORMAL");  // a power failure may take the last results; they are made again
  database_.run(schema);
}

Value StudyStore::about(const std::string& key) {
  Statement s(database_, "SELECT value FROM about WHERE key = ?");
  s.bind(std::string_view(key));
  return s.next() ? parse_json(s.text(0), "study.db") : Value();
}

void StudyStore::keep_about(const std::string& key, const Value& value) {
  Statement(database_, "INSERT INTO about VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
      .bind(std::string_view(key))
      .bind(std::string_view(to_json(value, -1)))
      .done();
}

std::vector<StoredWork> StudyStore::works(std::size_t from) {
  Statement s(database_, (std::string(columns) + "WHERE number >= ? ORDER BY number").c_str());
  s.bind(static_cast<std::int64_t>(from));
  std::vector<StoredWork> all;
  while (s.next()) all.push_back(row_of(s));
  return all;
}

std::optional<StoredWork> StudyStore::work(std::size_t number) {
  Statement s(database_, (std::string(columns) + "WHERE number = ?").c_str());
  s.bind(static_cast<std::int64_t>(number));
  if (!s.next()) return std::nullopt;
  return row_of(s);
}

void StudyStore::add(const StoredWork& row) {
  const PlannedWork& w = row.work;
  Statement s(database_, "INSERT INTO assignment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (const std::size_t n : {w.number, w.stage, w.trial, w.from_epoch, w.to_epoch, w.slot}) s.bind(static_cast<std::int64_t>(n));
  s.bind(w.starts).bind(w.ends);
  const std::string place = to_json(numbers_to_value(w.place), -1), parameters = to_json(row.parameters, -1),
                    report = row.report ? to_json(report_to_value(*row.report), -1) : "";
  s.bind(std::string_view(place)).bind(std::string_view(parameters)).bind(std::string_view(report));
  s.bind(std::string_view(row.owner)).bind(row.beat).bind(row.began).bind(row.seconds).done();
}

bool StudyStore::claim(const StoredWork& row, const std::string& owner) {
  Statement(database_,
            "UPDATE assignment SET owner = ?, beat = beat + 1 WHERE number = ? AND owner = ? AND beat = ? AND report = ''")
      .bind(std::string_view(owner))
      .bind(static_cast<std::int64_t>(row.work.number))
      .bind(std::string_view(row.owner))
      .bind(row.beat)
      .done();
  const auto now = work(row.work.number);
  return now && now->owner == owner && !now->report;
}

void StudyStore::finish(std::size_t number, const std::string& owner, const TrialReport& report, double seconds) {
  const std::string text = to_json(report_to_value(report), -1);
  Statement(database_, "UPDATE assignment SET report = ?, seconds = ? WHERE number = ? AND owner = ? AND report = ''")
      .bind(std::string_view(text))
      .bind(seconds)
      .bind(static_cast<std::int64_t>(number))
      .bind(std::string_view(owner))
      .done();
}

void StudyStore::beat(const std::string& owner) {
  Statement(database_, "UPDATE assignment SET beat = beat + 1 WHERE owner = ? AND report = ''")
      .bind(std::string_view(owner))
      .done();
}

void StudyStore::release(const std::string& owner) {
  Statement(database_, "UPDATE assignment SET owner = '' WHERE owner = ? AND report = ''").bind(std::string_view(owner)).done();
}

}  // namespace tend
