#ifdef TEND_HAS_POSTGRESQL
#include "tend/store/postgresql/connection.h"

#include <charconv>
#include <cstdlib>
#include <memory>

#include <libpq-fe.h>

#include "tend/base/error.h"

namespace tend {

namespace {

// Types of columns, from PostgreSQL's catalog pg_type.
constexpr Oid bytes_type = 17, int8_type = 20, int2_type = 21, int4_type = 23, float4_type = 700, float8_type = 701;

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

/// A value as libpq takes it: text, or bytes as they are.
struct Parameter {
  std::string text;
  bool is_bytes = false;

  explicit Parameter(std::int64_t v) : text(std::to_string(v)) {}
  explicit Parameter(double v) {
    char digits[40];
    text.assign(digits, std::to_chars(digits, digits + sizeof digits, v).ptr);
  }
  explicit Parameter(const std::string& v) : text(v) {}
  explicit Parameter(const std::vector<std::byte>& v) : text(reinterpret_cast<const char*>(v.data()), v.size()), is_bytes(true) {}
};

/// ? becomes $1, $2 ...
std::string numbered(std::string_view sql) {
  std::string text;
  int number = 0;
  for (const char c : sql) text += c == '?' ? "$" + std::to_string(++number) : std::string(1, c);
  return text;
}

std::vector<std::byte> bytes_of_hex(std::string_view text) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::vector<std::byte> bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 2; i + 1 < text.size(); i += 2)  // after \x
    bytes.push_back(static_cast<std::byte>(digit(text[i]) << 4 | digit(text[i + 1])));
  return bytes;
}

SqlValue value_of(const PGresult* result, int row, int column) {
  const std::string_view text(PQgetvalue(result, row, column), static_cast<std::size_t>(PQgetlength(result, row, column)));
  const Oid type = PQftype(result, column);
  if (type == int2_type || type == int4_type || type == int8_type) {
    std::int64_t v = 0;
    std::from_chars(text.data(), text.data() + text.size(), v);
    return v;
  }
  if (type == float4_type || type == float8_type) {
    double v = 0;
    std::from_chars(text.data(), text.data() + text.size(), v);
    return v;
  }
  if (type == bytes_type) return bytes_of_hex(text);
  return std::string(text);
}

/// States in which a new connection may work: the connection's, the server's end or start, no room, a lost race.
bool is_passing(const std::string& state) {
  for (const char* passing : {"08", "57P01", "57P02", "57P03", "57P05", "53300", "25P03", "40001", "40P01"})
    if (state.starts_with(passing)) return true;
  return false;
}

void ignore_notice(void*, const char*) {}

}  // namespace

std::string Connection::in_one_line(const char* message) const {
  std::string text = message ? message : "";
  text = text.substr(0, text.find('\n'));
  if (!password_.empty())
    for (std::size_t at; (at = text.find(password_)) != std::string::npos;) text.replace(at, password_.size(), "");
  return text.empty() ? "the connection was lost" : text;
}

void Connection::open(const ServerAddress& address, bool worked_before) {
  name_ = address.name;
  char* trouble = nullptr;
  PQconninfoOption* options = PQconninfoParse(address.server.c_str(), &trouble);
  PQfreemem(trouble);  // it may hold the password
  if (!options)
    throw Error(Trouble::usage, name_, "no address that libpq can read", "postgresql://USER@HOST/DATABASE?study=NAME",
                "characters such as / and @ in a password are written as %2F and %40");
  for (const PQconninfoOption* o = options; o->keyword; ++o)
    if (std::string_view(o->keyword) == "password" && o->val) password_ = o->val;
  PQconninfoFree(options);
  // A server whose machine or network fails is noticed within half a minute. What the address says comes last and wins.
  const char* keys[] = {"connect_timeout",
                        "keepalives_idle",
                        "keepalives_interval",
                        "keepalives_count",
                        "tcp_user_timeout",
                        "application_name",
                        "dbname",
                        nullptr};
  const char* values[] = {"10", "10", "5", "4", "30000", "tend", address.server.c_str(), nullptr};
  handle_ = PQconnectdbParams(keys, values, 1);
  if (PQstatus(handle_) == CONNECTION_OK) {
    PQsetNoticeProcessor(handle_, ignore_notice, nullptr);
    return;
  }
  const std::string message = in_one_line(PQerrorMessage(handle_));
  close();
  const bool is_full = message.find("too many") != std::string::npos || message.find("connection slots") != std::string::npos;
  if (worked_before || is_full || PQpingParams(keys, values, 1) == PQPING_REJECT) throw ConnectionLost{message};
  throw Error(Trouble::missing, name_, message, "a PostgreSQL server with a database that this user may use",
              "check the address; a password can be kept in ~/.pgpass");
}

void Connection::close() {
  PQfinish(handle_);
  handle_ = nullptr;
}

std::vector<SqlRow> Connection::run(std::string_view sql, const std::vector<SqlValue>& values) {
  if (!handle_) throw ConnectionLost{"the connection was lost"};
  std::vector<Parameter> parameters;
  for (const SqlValue& value : values) std::visit([&](const auto& v) { parameters.emplace_back(v); }, value);
  std::vector<Oid> types;
  std::vector<const char*> texts;
  std::vector<int> lengths, formats;
  for (const Parameter& p : parameters) {
    types.push_back(p.is_bytes ? bytes_type : 0);
    texts.push_back(p.text.c_str());
    lengths.push_back(static_cast<int>(p.text.size()));
    formats.push_back(p.is_bytes);
  }
  const Result result(PQexecParams(handle_, numbered(sql).c_str(), static_cast<int>(parameters.size()), types.data(),
                                   texts.data(), lengths.data(), formats.data(), 0),
                      PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
    const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
    const char* primary = PQresultErrorField(result.get(), PG_DIAG_MESSAGE_PRIMARY);
    fail(state ? state : "", in_one_line(primary ? primary : PQerrorMessage(handle_)));
  }
  std::vector<SqlRow> rows;
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    std::vector<SqlValue> found;
    for (int column = 0; column < PQnfields(result.get()); ++column) found.push_back(value_of(result.get(), row, column));
    rows.emplace_back(std::move(found));
  }
  return rows;
}

void Connection::fail(const std::string& state, const std::string& message) {
  // Without a state the message is libpq's own: the server has not answered.
  if (PQstatus(handle_) != CONNECTION_OK || state.empty() || is_passing(state)) {
    if (!state.starts_with("40")) close();
    throw ConnectionLost{message};
  }
  if (state == "42501" || state == "25006")
    throw Error(Trouble::write, name_, message, "a user who may make a study there",
                "as the database's owner: GRANT CREATE ON DATABASE ... TO ..., or let the user own the schema");
  if (state == "55P03") throw Error(Trouble::locked, name_, message, "a study that no other process holds for a minute");
  throw Error(Trouble::write, name_, message + " (" + state + ")", "a server that does what tend asks for");
}

void Connection::roll_back() {
  if (!handle_) return;
  const Result result(PQexec(handle_, "ROLLBACK"), PQclear);
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) close();
}

}  // namespace tend
#endif
