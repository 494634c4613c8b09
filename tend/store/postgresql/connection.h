#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "tend/store/address.h"
#include "tend/store/shared_database.h"

struct pg_conn;

namespace tend {

/// Thrown where a statement may work on a new connection: the old one is lost, the server restarts or has no connection free.
struct ConnectionLost {
  std::string why;
};

/// A connection of libpq. Errors of the server are Error, with its message in one line and without the password.
class Connection {
 public:
  Connection() = default;
  ~Connection() { close(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool is_open() const { return handle_ != nullptr; }
  /// Throws ConnectionLost if the server is just starting or full, and after any failure if `worked_before`; otherwise
  /// Error{missing}.
  void open(const ServerAddress& address, bool worked_before);
  void close();
  /// Runs one statement with ? for each value.
  std::vector<SqlRow> run(std::string_view sql, const std::vector<SqlValue>& values);
  /// Ends a transaction that failed; does not throw.
  void roll_back();

 private:
  [[noreturn]] void fail(const std::string& state, const std::string& message);
  std::string in_one_line(const char* message) const;

  pg_conn* handle_ = nullptr;
  std::string name_, password_;
};

}  // namespace tend
