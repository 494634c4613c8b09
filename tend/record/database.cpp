#include "tend/record/database.h"

#include <sqlite3.h>

#include "tend/base/error.h"

namespace tend {

Database::Database(const std::string& path, Mode mode) : path_(path) {
  const auto open = [&](const std::string& name, int flags) {
    if (handle_) sqlite3_close(handle_);
    handle_ = nullptr;
    return sqlite3_open_v2(name.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, nullptr);
  };
  const auto is_readable = [&] {
    return sqlite3_exec(handle_, "SELECT count(*) FROM sqlite_master", nullptr, nullptr, nullptr) == SQLITE_OK;
  };
  const int flags = mode == Mode::read    ? SQLITE_OPEN_READONLY
                    : mode == Mode::write ? SQLITE_OPEN_READWRITE
                                          : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  int code = open(path, flags);
  if (code == SQLITE_OK) {
    sqlite3_busy_timeout(handle_, 5000);
    // A reader may not undo a change that a process left half made: a writer does it, then it reads.
    if (mode == Mode::read && !is_readable() && (sqlite3_errcode(handle_) & 0xff) == SQLITE_READONLY) {
      if (open(path, SQLITE_OPEN_READWRITE) == SQLITE_OK) is_readable();
      code = open(path, flags);
      sqlite3_busy_timeout(handle_, 5000);
    }
    // A reader of a file with a write-ahead log needs to write beside it. Where it may not, it reads the file as it is.
    if (mode == Mode::read && code == SQLITE_OK && !is_readable() && sqlite3_errcode(handle_) == SQLITE_CANTOPEN) {
      std::string escaped;
      for (const char c : path) {
        if (c == '?' || c == '#' || c == '%') {
          const char* digits = "0123456789abcdef";
          escaped += '%';
          escaped += digits[static_cast<unsigned char>(c) >> 4];
          escaped += digits[c & 15];
        } else {
          escaped += c;
        }
      }
      code = open("file:" + escaped + "?immutable=1", flags);
    }
  }
  if (code == SQLITE_OK && is_readable()) return;
  try {
    fail();
  } catch (...) {
    sqlite3_close(handle_);
    throw;
  }
}

Database::~Database() { sqlite3_close(handle_); }

void Database::fail() const {
  const int code = handle_ ? sqlite3_errcode(handle_) : SQLITE_NOMEM;
  const std::string said = handle_ ? sqlite3_errmsg(handle_) : "out of memory";
  if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR || code == SQLITE_MISMATCH || code == SQLITE_FORMAT)
    throw Error(Trouble::data, path_, said, "a record that tend wrote");
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
    throw Error(Trouble::locked, path_, said, "a record that no other process holds");
  throw Error(Trouble::write, path_, said, "a place that can be written");
}

void Database::run(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

Statement::Statement(Database& database, const char* sql) : database_(database) {
  check(sqlite3_prepare_v2(database.handle(), sql, -1, &statement_, nullptr));
}
Statement::~Statement() { sqlite3_finalize(statement_); }

void Statement::check(int code) const {
  if (code != SQLITE_OK) database_.fail();
}

Statement& Statement::bind(std::int64_t v) {
  check(sqlite3_bind_int64(statement_, ++bound_, v));
  return *this;
}
Statement& Statement::bind(double v) {
  check(sqlite3_bind_double(statement_, ++bound_, v));
  return *this;
}
Statement& Statement::bind(std::string_view text) {
  check(sqlite3_bind_text64(statement_, ++bound_, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}
Statement& Statement::bind(std::span<const std::byte> blob) {
  check(sqlite3_bind_blob64(statement_, ++bound_, blob.data(), blob.size(), SQLITE_TRANSIENT));
  return *this;
}

bool Statement::next() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) {
    sqlite3_reset(statement_);
    database_.fail();
  }
  return false;
}

void Statement::done() {
  while (next()) {
  }
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  bound_ = 0;
}

int Statement::columns() const { return sqlite3_column_count(statement_); }
Statement::Type Statement::type(int column) const {
  const int type = sqlite3_column_type(statement_, column);
  return type == SQLITE_INTEGER ? Type::integer
         : type == SQLITE_FLOAT ? Type::number
         : type == SQLITE_BLOB  ? Type::blob
                                : Type::text;
}
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }
double Statement::number(int column) const { return sqlite3_column_double(statement_, column); }
std::string Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return text ? std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))) : std::string();
}
std::span<const std::byte> Statement::blob(int column) const {
  const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(statement_, column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Transaction::Transaction(Database& database) : database_(database) { database.run("BEGIN IMMEDIATE"); }
Transaction::~Transaction() {
  if (is_open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}
void Transaction::commit() {
  database_.run("COMMIT");
  is_open_ = false;
}

}  // namespace tend
