#include "tend/store/sqlite_database.h"

#include <filesystem>

#include "tend/base/error.h"
#include "tend/record/database.h"

namespace tend {

namespace {

class SqliteDatabase : public SharedDatabase {
 public:
  SqliteDatabase(const std::string& path, const DatabaseOptions& options)
      : database_(path, options.is_read_only ? Database::Mode::read : Database::Mode::create) {
    database_.run("PRAGMA busy_timeout = 60000");
    if (options.is_read_only) return;
    database_.run("PRAGMA journal_mode = WAL");
    database_.run("PRAGMA synchronous = NORMAL");  // a power failure may take the last results; they are made again
  }

  std::vector<SqlRow> run(std::string_view sql, const std::vector<SqlValue>& values) override {
    Statement statement(database_, std::string(sql).c_str());
    for (const SqlValue& value : values) std::visit([&](const auto& v) { bind(statement, v); }, value);
    std::vector<SqlRow> rows;
    while (statement.next()) rows.push_back(row_of(statement));
    return rows;
  }

  void transact(const std::function<void()>& f) override {
    Transaction transaction(database_);
    f();
    transaction.commit();
  }

  const std::string& name() const override { return database_.path(); }

 private:
  static void bind(Statement& s, std::int64_t v) { s.bind(v); }
  static void bind(Statement& s, double v) { s.bind(v); }
  static void bind(Statement& s, const std::string& v) { s.bind(std::string_view(v)); }
  static void bind(Statement& s, const std::vector<std::byte>& v) { s.bind(std::span<const std::byte>(v)); }

  static SqlRow row_of(const Statement& s) {
    std::vector<SqlValue> values;
    for (int column = 0; column < s.columns(); ++column) switch (s.type(column)) {
        case Statement::Type::integer: values.emplace_back(s.integer(column)); break;
        case Statement::Type::number: values.emplace_back(s.number(column)); break;
        case Statement::Type::text: values.emplace_back(s.text(column)); break;
        case Statement::Type::blob: {
          const std::span<const std::byte> bytes = s.blob(column);
          values.emplace_back(std::vector<std::byte>(bytes.begin(), bytes.end()));
        }
      }
    return SqlRow(std::move(values));
  }

  Database database_;
};

}  // namespace

std::unique_ptr<SharedDatabase> open_sqlite(const std::string& path, const DatabaseOptions& options) {
  if (options.is_read_only && !std::filesystem::exists(path))
    throw Error(Trouble::missing, path, "no such file", "the database of a study");
  return std::make_unique<SqliteDatabase>(path, options);
}

}  // namespace tend
