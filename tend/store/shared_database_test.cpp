#include "tend/store/shared_database.h"

#include <thread>

#include <gtest/gtest.h>

#include "tend/base/clock.h"
#include "tend/base/error.h"
#include "tend/store/server_test.h"

namespace tend::shared_database_test {

class SharedDatabases : public OnEachStore {};
TEND_ON_EACH_STORE(SharedDatabases);

constexpr const char* table =
    "CREATE TABLE t (k INTEGER PRIMARY KEY, n BIGINT NOT NULL, x DOUBLE PRECISION NOT NULL, s TEXT NOT NULL, b BYTEA NOT NULL)";
constexpr const char* insert = "INSERT INTO t VALUES (?, ?, ?, ?, ?)";
std::vector<SqlValue> row(std::int64_t key, std::int64_t n) { return {key, n, 0.5, std::string(), std::vector<std::byte>(1)}; }

TEST_P(SharedDatabases, give_values_back_to_the_bit) {
  const auto database = open_database(place());
  database->run(table);
  std::vector<std::byte> bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<std::byte>(i));
  const std::string text = "it's \"?\" \\x00 \xC3\xA9\n";
  std::int64_t key = 0;
  for (const double x : {0.1, 1e-300, -1.0 / 3, 1e17, 0.0}) {
    database->run(insert, {++key, std::int64_t{9007199254740993}, x, text, bytes});
    const auto rows = database->run("SELECT n, x, s, b FROM t WHERE k = ?", {key});
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].integer(0), 9007199254740993);
    EXPECT_EQ(rows[0].number(1), x);
    EXPECT_EQ(rows[0].text(2), text);
    EXPECT_EQ(rows[0].bytes(3), bytes);
    EXPECT_THROW(rows[0].integer(2), Error);
    EXPECT_THROW(rows[0].text(9), Error);
  }
  EXPECT_THROW(database->run("SELECT nothing FROM t"), Error);
  EXPECT_EQ(database->run("SELECT k FROM t ORDER BY k").size(), 5U);  // it goes on after an error
}

TEST_P(SharedDatabases, keep_nothing_of_a_transaction_that_throws) {
  const auto database = open_database(place());
  database->run(table);
  EXPECT_THROW(database->transact([&] {
    database->run(insert, row(1, 1));
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  EXPECT_THROW(database->transact([&] {
    database->run(insert, row(1, 1));
    database->run(insert, row(1, 2));  // the key is there
  }),
               Error);
  EXPECT_TRUE(database->run("SELECT k FROM t").empty());
  database->transact([&] { database->run(insert, row(1, 1)); });
  EXPECT_EQ(open_database(place(), {.is_read_only = true})->run("SELECT n FROM t").size(), 1U);
}

TEST_P(SharedDatabases, run_one_transaction_at_a_time) {
  open_database(place())->run(table);
  open_database(place())->run(insert, row(1, 0));
  const auto count = [&] {
    const auto database = open_database(place());
    for (int i = 0; i < 40; ++i)
      database->transact([&] {
        const std::int64_t n = database->run("SELECT n FROM t")[0].integer(0);
        database->run("UPDATE t SET n = ? WHERE k = 1", {n + 1});
      });
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back(count);
  }
  EXPECT_EQ(open_database(place())->run("SELECT n FROM t")[0].integer(0), 160);
}

TEST_P(SharedDatabases, are_not_made_for_a_reader) {
  try {
    open_database(place("none"), {.is_read_only = true});
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.trouble, Trouble::missing);
  }
}

/// Only a server can go away.
class Servers : public OnAServer {
 protected:
  static Error error_of(const std::string& address) {
    try {
      open_database(address);
    } catch (const Error& e) {
      EXPECT_EQ(std::string(e.what()).find("secret"), std::string::npos) << e.what();
      return e;
    }
    return {Trouble::locked, "none", "no error"};
  }
};

TEST_F(Servers, may_restart_at_any_moment) {
  std::vector<std::string> said;
  const auto database = open_database(test_server().address("restart"),
                                      {.on_waiting = [&](const std::string& text) { said.push_back(text); }});
  database->run(table);
  int times = 0;
  database->transact([&] {
    database->run(insert, row(1, ++times));
    if (times == 1) test_server().stop("immediate"), test_server().start();
    database->run(insert, row(2, times));
  });
  EXPECT_EQ(times, 2);
  std::jthread later([] {
    test_server().stop();
    std::this_thread::sleep_for(std::chrono::milliseconds(2200));
    test_server().start();
  });
  for (const double until = seconds_now() + 6; seconds_now() < until && said.size() < 2;)
    EXPECT_EQ(database->run("SELECT n FROM t WHERE n = 2").size(), 2U);
  ASSERT_EQ(said.size(), 2U);
  EXPECT_NE(said[0].find("trying again for up to 120 s"), std::string::npos) << said[0];
  EXPECT_NE(said[1].find("answers again"), std::string::npos) << said[1];
}

TEST_F(Servers, that_are_gone_are_an_error_after_the_time_of_the_address) {
  const auto database = open_database(test_server().address("gone", "tend:secret", "&wait=1"));
  std::stop_source stop;
  const auto stopped = open_database(test_server().address("gone"), {.stop = stop.get_token()});
  test_server().stop();
  const double began = seconds_now();
  try {
    database->run("SELECT 1");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.trouble, Trouble::missing);
    EXPECT_NE(std::string(e.what()).find("no answer from the server"), std::string::npos) << e.what();
    EXPECT_EQ(std::string(e.what()).find("secret"), std::string::npos) << e.what();
  }
  EXPECT_GT(seconds_now() - began, 1);
  std::jthread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    stop.request_stop();
  });
  EXPECT_THROW(stopped->run("SELECT 1"), Error);  // at once, not after 120 s
  EXPECT_LT(seconds_now() - began, 20);
  EXPECT_EQ(error_of(test_server().address("gone")).trouble, Trouble::missing);  // the first try does not wait
  test_server().start();
}

TEST_F(Servers, that_refuse_are_one_clear_error) {
  test_server().run("CREATE ROLE poor LOGIN; CREATE ROLE guarded LOGIN PASSWORD 'open sesame'");
  const Error poor = error_of(test_server().address("other", "poor"));
  EXPECT_EQ(poor.trouble, Trouble::write);
  EXPECT_NE(poor.hint.find("GRANT CREATE"), std::string::npos) << poor.what();
  EXPECT_EQ(error_of(test_server().address("other", "guarded:secret")).trouble, Trouble::missing);
  EXPECT_EQ(error_of("postgresql://u:secret@127.0.0.1:1/d").trouble, Trouble::missing);
  EXPECT_EQ(error_of("postgresql://u:secret@127.0.0.1/d?no_such_key=1").trouble, Trouble::usage);
  test_server().run("GRANT CREATE ON DATABASE tend TO guarded");
  EXPECT_NO_THROW(open_database(test_server().address("other", "guarded:open%20sesame")));
}

}  // namespace tend::shared_database_test
