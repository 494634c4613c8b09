#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace tend {

/// One SQLite file. Errors: Error{data} if the file is damaged or no database, Error{locked} if another process holds it for more
/// than 5 seconds, Error{write} for everything else that the disk refuses. For one thread at a time.
class Database {
 public:
  enum class Mode { read, write, create };
  Database(const std::string& path, Mode mode);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void run(const char* sql);
  const std::string& path() const { return path_; }
  sqlite3* handle() { return handle_; }
  [[noreturn]] void fail() const;

 private:
  std::string path_;
  sqlite3* handle_ = nullptr;
};

/// A prepared statement. bind() values in their order from 1, then next() for each row; columns count from 0.
class Statement {
 public:
  Statement(Database& database, const char* sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(std::int64_t v);
  Statement& bind(double v);
  Statement& bind(std::string_view text);
  Statement& bind(std::span<const std::byte> blob);
  bool next();  ///< false after the last row
  void done();  ///< runs to the end, and is ready for other values
  enum class Type { integer, number, text, blob };
  int columns() const;
  Type type(int column) const;  ///< of the value in this row; null is text, as "" is
  std::int64_t integer(int column) const;
  double number(int column) const;
  std::string text(int column) const;
  std::span<const std::byte> blob(int column) const;  ///< valid until the next call

 private:
  void check(int code) const;
  Database& database_;
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
};

/// BEGIN IMMEDIATE; the destructor rolls back what was not committed.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool is_open_ = true;
};

}  // namespace tend
