#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tend {

/// A value of a statement or of a row. There are no nulls.
using SqlValue = std::variant<std::int64_t, double, std::string, std::vector<std::byte>>;

/// A row of a result; columns count from 0. Each throws Error{data} if the column has another type.
class SqlRow {
 public:
  explicit SqlRow(std::vector<SqlValue> values) : values_(std::move(values)) {}
  std::int64_t integer(std::size_t column) const;
  double number(std::size_t column) const;
  const std::string& text(std::size_t column) const;
  const std::vector<std::byte>& bytes(std::size_t column) const;

 private:
  std::vector<SqlValue> values_;
};

/// What opening and using a database needs besides its address.
struct DatabaseOptions {
  bool is_read_only = false;
  std::stop_token stop = {};  ///< a stop ends all waiting for a server
  /// One sentence when a server does not answer, and when it answers again. Called on the thread that waits.
  std::function<void(const std::string&)> on_waiting = {};
};

/// A database that several processes use at once: one connection, for one thread at a time. Statements are those that SQLite and
/// PostgreSQL both know, with ? for each value. Throws Error: {missing} if there is no such database or its server does not
/// answer, {write} if something may not be written, {locked} if other processes hold it for a minute, {data} if it is damaged.
class SharedDatabase {
 public:
  virtual ~SharedDatabase() = default;

  /// Runs one statement. Outside a transaction it may run twice, if the connection is lost before its answer has arrived.
  virtual std::vector<SqlRow> run(std::string_view sql, const std::vector<SqlValue>& values = {}) = 0;
  /// Runs f in a transaction, while no process runs another one. All of it is kept, or nothing: if f throws, the database is as
  /// it was before. f is repeated if the connection is lost before it is sure that the transaction is kept; what it has kept is
  /// then there already.
  virtual void transact(const std::function<void()>& f) = 0;
  /// The file or the address, without a password.
  virtual const std::string& name() const = 0;
};

/// Opens the file FOLDER/study.db, or a study on a server (store/address.h). Without is_read_only it is made where it is missing;
/// otherwise that is Error{missing}.
std::unique_ptr<SharedDatabase> open_database(const std::string& folder_or_address, const DatabaseOptions& options = {});
/// The file of a study in a folder.
inline std::string study_file_in(const std::string& folder) { return folder + "/study.db"; }

}  // namespace tend
