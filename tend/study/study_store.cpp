#include "tend/study/study_store.h"

#include <cmath>
#include <limits>

#include "tend/base/error.h"

namespace tend {

namespace {

// number: the order of decisions. starts and ends are planned time; began and seconds are those of clocks.
constexpr const char* schema[] = {
    "CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS assignment ("
    "number INTEGER PRIMARY KEY, stage INTEGER NOT NULL, trial INTEGER NOT NULL, from_epoch INTEGER NOT NULL, "
    "to_epoch INTEGER NOT NULL, slot INTEGER NOT NULL, starts DOUBLE PRECISION NOT NULL, ends DOUBLE PRECISION NOT NULL, "
    "place TEXT NOT NULL, parameters TEXT NOT NULL, report TEXT NOT NULL, owner TEXT NOT NULL, beat INTEGER NOT NULL, "
    "began DOUBLE PRECISION NOT NULL, seconds DOUBLE PRECISION NOT NULL)",
    "CREATE TABLE IF NOT EXISTS prediction (number INTEGER PRIMARY KEY, seconds DOUBLE PRECISION NOT NULL, "
    "flops DOUBLE PRECISION NOT NULL, memory_bytes BIGINT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS assignment_out ON assignment (owner) WHERE report = ''"};
constexpr const char* columns =
    "SELECT number, stage, trial, from_epoch, to_epoch, slot, starts, ends, place, parameters, report, owner, beat, began, seconds "
    "FROM assignment ";

std::int64_t integer_of(std::size_t number) { return static_cast<std::int64_t>(number); }

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

StoredWork row_of(const SqlRow& s) {
  const auto size = [&](std::size_t column) { return static_cast<std::size_t>(s.integer(column)); };
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

StudyStore::StudyStore(const std::string& folder_or_address, const DatabaseOptions& options)
    : database_(open_database(folder_or_address, options)) {
  if (options.is_read_only) return;
  database_->transact([&] {
    for (const char* statement : schema) database_->run(statement);
  });
}

Value StudyStore::about(const std::string& key) {
  const std::vector<SqlRow> rows = database_->run("SELECT value FROM about WHERE key = ?", {key});
  return rows.empty() ? Value() : parse_json(rows[0].text(0), name());
}

void StudyStore::keep_about(const std::string& key, const Value& value) {
  database_->run("INSERT INTO about VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                 {key, to_json(value, -1)});
}

void StudyStore::keep_answer(const std::string& key, const Value& value) {
  if (is_in_transaction_) answers_.insert_or_assign(key, value);
  keep_about(key, value);
}

void StudyStore::transact(const std::function<void()>& f) {
  answers_.clear();
  struct Mark {
    bool& is_set;
    explicit Mark(bool& flag) : is_set(flag) { is_set = true; }
    ~Mark() { is_set = false; }
  } mark(is_in_transaction_);
  database_->transact([&] {
    for (const auto& [key, value] : answers_) keep_about(key, value);  // of a transaction that is repeated
    f();
  });
}

void StudyStore::clear() {
  transact([&] {
    for (const char* statement :
         {"DROP TABLE IF EXISTS state", "DELETE FROM prediction", "DELETE FROM assignment", "DELETE FROM about"})
      database_->run(statement);
  });
}

std::vector<StoredWork> StudyStore::works(std::size_t from) {
  std::vector<StoredWork> all;
  for (const SqlRow& row : database_->run(std::string(columns) + "WHERE number >= ? ORDER BY number", {integer_of(from)}))
    all.push_back(row_of(row));
  return all;
}

std::optional<StoredWork> StudyStore::work(std::size_t number) {
  const std::vector<SqlRow> rows = database_->run(std::string(columns) + "WHERE number = ?", {integer_of(number)});
  if (rows.empty()) return std::nullopt;
  return row_of(rows[0]);
}

void StudyStore::add(const StoredWork& row) {
  const PlannedWork& w = row.work;
  std::vector<SqlValue> values;
  for (const std::size_t n : {w.number, w.stage, w.trial, w.from_epoch, w.to_epoch, w.slot}) values.emplace_back(integer_of(n));
  for (const double time : {w.starts, w.ends}) values.emplace_back(time);
  for (const std::string& text : {to_json(numbers_to_value(w.place), -1), to_json(row.parameters, -1),
                                  row.report ? to_json(report_to_value(*row.report), -1) : std::string(), row.owner})
    values.emplace_back(text);
  values.emplace_back(row.beat);
  for (const double time : {row.began, row.seconds}) values.emplace_back(time);
  database_->run("INSERT INTO assignment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values);
}

bool StudyStore::claim(const StoredWork& row, const std::string& owner) {
  database_->run("UPDATE assignment SET owner = ?, beat = beat + 1 WHERE number = ? AND owner = ? AND beat = ? AND report = ''",
                 {owner, integer_of(row.work.number), row.owner, row.beat});
  const auto now = work(row.work.number);
  return now && now->owner == owner && !now->report;
}

void StudyStore::finish(std::size_t number, const std::string& owner, const TrialReport& report, double seconds) {
  database_->run("UPDATE assignment SET report = ?, seconds = ? WHERE number = ? AND owner = ? AND report = ''",
                 {to_json(report_to_value(report), -1), seconds, integer_of(number), owner});
}

void StudyStore::give_back(std::size_t number, const std::string& owner) {
  database_->run("UPDATE assignment SET owner = '' WHERE number = ? AND owner = ? AND report = ''", {integer_of(number), owner});
}

void StudyStore::keep_prediction(std::size_t number, const TrialPrediction& p) {
  database_->run(
      "INSERT INTO prediction VALUES (?, ?, ?, ?) ON CONFLICT (number) DO UPDATE SET seconds = excluded.seconds, "
      "flops = excluded.flops, memory_bytes = excluded.memory_bytes",
      {integer_of(number), p.seconds, p.flops, p.memory_bytes});
}

std::map<std::size_t, TrialPrediction> StudyStore::predictions() {
  std::map<std::size_t, TrialPrediction> all;
  try {
    for (const SqlRow& row : database_->run("SELECT number, seconds, flops, memory_bytes FROM prediction"))
      all[static_cast<std::size_t>(row.integer(0))] = {
          .seconds = row.number(1), .flops = row.number(2), .memory_bytes = row.integer(3)};
  } catch (const Error&) {  // a study from before there were predictions, which is only read
  }
  return all;
}

void StudyStore::beat(const std::string& owner) {
  database_->run("UPDATE assignment SET beat = beat + 1 WHERE owner = ? AND report = ''", {owner});
}

void StudyStore::release(const std::string& owner) {
  database_->run("UPDATE assignment SET owner = '' WHERE owner = ? AND report = ''", {owner});
}

}  // namespace tend
