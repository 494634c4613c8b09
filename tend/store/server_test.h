#pragma once
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tend {

/// A PostgreSQL server for the tests of this process, in a folder of its own; stopped and removed at the end.
class TestServer {
 public:
  static constexpr int not_installed = 77;

  TestServer() {
    char name[] = "/tmp/tend_server_XXXXXX";
    folder_ = ::mkdtemp(name);
    code_ = order("start");
  }
  ~TestServer() {
    order("stop", "immediate");
    std::filesystem::remove_all(folder_);
  }
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  bool is_installed() const { return code_ != not_installed; }
  bool runs() const { return code_ == 0; }
  /// `user`: "ann" or "ann:password"; `more`: "&wait=5".
  std::string address(const std::string& study, const std::string& user = "tend", const std::string& more = "") const {
    return "postgresql://" + user + "@/tend?host=" + folder_ + "&study=" + study + more;
  }
  void stop(const std::string& mode = "fast") const { EXPECT_EQ(order("stop", mode), 0); }
  void start() const { EXPECT_EQ(order("start"), 0); }
  void run(const std::string& sql) const { EXPECT_EQ(order("sql", sql), 0) << sql; }

 private:
  int order(const std::string& word, const std::string& more = "") const {
    const std::string command = TEND_SOURCE_DIR "/tests/postgresql_server " + word + " " + folder_ +
                                (more.empty() ? "" : " \"" + more + "\"") + " > /dev/null 2>&1";
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::string folder_;
  int code_ = 0;
};
/// Started by its first use.
inline TestServer& test_server() {
  static TestServer server;
  return server;
}

enum class StoreKind { sqlite, postgresql };
inline void PrintTo(StoreKind kind, std::ostream* out) { *out << (kind == StoreKind::sqlite ? "sqlite" : "postgresql"); }
inline std::string name_of_kind(const ::testing::TestParamInfo<StoreKind>& info) {
  return info.param == StoreKind::sqlite ? "sqlite" : "postgresql";
}

inline void need_server() {
  if (!test_server().is_installed()) GTEST_SKIP() << "no PostgreSQL server is installed (Debian: postgresql)";
  ASSERT_TRUE(test_server().runs()) << "the PostgreSQL server did not start";
}

/// Tests of what only a server does.
class OnAServer : public ::testing::Test {
 protected:
  void SetUp() override { need_server(); }
};

/// Tests of databases run on both kinds. Where no server is installed, those of PostgreSQL are skipped.
class OnEachStore : public ::testing::TestWithParam<StoreKind> {
 protected:
  void SetUp() override {
    if (GetParam() == StoreKind::postgresql) need_server();
  }
  ~OnEachStore() override { std::filesystem::remove_all(folder_); }

  /// A folder, or an address: that of a new study for each name and test.
  std::string place(const std::string& name = "a") const {
    if (GetParam() == StoreKind::postgresql) return test_server().address(name + std::to_string(number_));
    std::filesystem::create_directories(folder_ + "/" + name);
    return folder_ + "/" + name;
  }

 private:
  static int next_number() {
    static int last = 0;
    return ++last;
  }
  int number_ = next_number();  // the server is the process's own
  std::string folder_ = "/tmp/tend_stores_" + std::to_string(::getpid()) + "_" + std::to_string(number_);
};
#define TEND_ON_EACH_STORE(suite) \
  INSTANTIATE_TEST_SUITE_P(Stores, suite, ::testing::Values(StoreKind::sqlite, StoreKind::postgresql), name_of_kind)

}  // namespace tend
