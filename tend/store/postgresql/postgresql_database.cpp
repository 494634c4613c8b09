#ifdef TEND_HAS_POSTGRESQL
#include "tend/store/postgresql/postgresql_database.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "tend/base/clock.h"
#include "tend/base/error.h"
#include "tend/base/text.h"
#include "tend/store/postgresql/connection.h"

namespace tend {

namespace {

constexpr double silent_seconds = 1;  // a server that is away for a shorter time is not worth a message
constexpr auto first_pause = std::chrono::milliseconds(50), longest_pause = std::chrono::milliseconds(2000);

class PostgresqlDatabase : public SharedDatabase {
 public:
  PostgresqlDatabase(const ServerAddress& address, const DatabaseOptions& options)
      : address_(address), options_(options), schema_("tend_" + address.study) {
    with_patience([&] { open(); });
    if (has_schema()) return;
    if (options_.is_read_only) throw Error(Trouble::missing, address_.name, "no study there", "a study that has begun");
    transact([&] {  // another process may be making it
      if (!has_schema()) connection_.run("CREATE SCHEMA " + schema_, {});
    });
  }

  std::vector<SqlRow> run(std::string_view sql, const std::vector<SqlValue>& values) override {
    if (is_in_transaction_) return connection_.run(sql, values);
    std::vector<SqlRow> rows;
    with_patience([&] {
      open();
      rows = connection_.run(sql, values);
    });
    return rows;
  }

  void transact(const std::function<void()>& f) override {
    TEND_EXPECTS(!is_in_transaction_);
    with_patience([&] {
      open();
      connection_.run("BEGIN", {});
      is_in_transaction_ = true;
      try {
        connection_.run("SELECT pg_advisory_xact_lock(hashtext(?))", {schema_});
        f();
        is_in_transaction_ = false;
        connection_.run("COMMIT", {});
      } catch (...) {
        is_in_transaction_ = false;
        connection_.roll_back();
        throw;
      }
    });
  }

  const std::string& name() const override { return address_.name; }

 private:
  bool has_schema() { return !run("SELECT 1 FROM pg_namespace WHERE nspname = ?", {schema_}).empty(); }

  void open() {
    if (connection_.is_open()) return;
    connection_.open(address_, was_open_);
    was_open_ = true;
    // A process that stops in a transaction must not hold the others up; neither must one that waits for it.
    for (const char* setting : {"idle_in_transaction_session_timeout = '30s'", "lock_timeout = '60s'", "client_encoding = 'UTF8'",
                                "bytea_output = 'hex'", "extra_float_digits = 1", "standard_conforming_strings = on",
                                "default_transaction_isolation = 'read committed'"})
      connection_.run(std::string("SET ") + setting, {});
    connection_.run("SET search_path = " + schema_, {});
  }

  /// Repeats f while the connection gets lost, and says so.
  template <class F>
  void with_patience(const F& f) {
    const double began = seconds_now();
    bool was_said = false;
    for (auto pause = first_pause;; pause = std::min(2 * pause, longest_pause)) {
      try {
        f();
        has_given_up_ = false;
        if (was_said) say("The database server answers again, after " + short_number(seconds_now() - began) + " s.");
        return;
      } catch (const ConnectionLost& lost) {
        const double waited = seconds_now() - began;
        // Whoever comes after one that has waited in vain tries once: threads do not wait one after the other.
        if (waited >= address_.patience_seconds || has_given_up_ || options_.stop.stop_requested()) give_up(lost.why, waited);
        if (!was_said && waited > silent_seconds) {
          was_said = true;
          say("The database server does not answer (" + lost.why + "); trying again for up to " +
              short_number(address_.patience_seconds) + " s.");
        }
      }
      for (const double until = seconds_now() + std::chrono::duration<double>(pause).count();
           seconds_now() < until && !options_.stop.stop_requested();)
        std::this_thread::sleep_for(first_pause);
    }
  }

  [[noreturn]] void give_up(const std::string& why, double waited) {
    has_given_up_ = true;
    throw Error(Trouble::missing, address_.name, "no answer from the server for " + short_number(waited) + " s: " + why,
                "a server that answers",
                "start the server, then run the same command again: finished trials are kept, unfinished ones are trained again; "
                "wait=SECONDS in the address waits longer");
  }

  void say(const std::string& text) const {
    if (options_.on_waiting) options_.on_waiting(text);
  }

  ServerAddress address_;
  DatabaseOptions options_;
  std::string schema_;
  Connection connection_;
  bool was_open_ = false, is_in_transaction_ = false, has_given_up_ = false;
};

}  // namespace

bool knows_postgresql() { return true; }

std::unique_ptr<SharedDatabase> open_postgresql(const ServerAddress& address, const DatabaseOptions& options) {
  return std::make_unique<PostgresqlDatabase>(address, options);
}

}  // namespace tend
#endif
