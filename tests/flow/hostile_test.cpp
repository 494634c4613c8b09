#include "hostile.h"

#include <chrono>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

namespace tend::hostile_test {
namespace {

#ifdef TEND_SANITIZED
constexpr double slower = 20;
constexpr bool is_sanitized = true;
#else
constexpr double slower = 4;  // the bound is there for what hangs; the machine may have other work
constexpr bool is_sanitized = false;
#endif

struct Outcome {
  int code = 0;
  std::string error;
  double mebibytes = 0, seconds = 0;
};

/// Runs a command in the folder and measures it: its memory is that of the largest process.
Outcome run(const Folder& folder, const std::string& command) {
  const std::string whole = "cd " + folder.path() + " && exec timeout -s KILL 100 " + command + " > .out 2> .error < /dev/null";
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    execl("/bin/sh", "sh", "-c", whole.c_str(), nullptr);
    _exit(127);
  }
  int status = 0;
  rusage used{};
  wait4(child, &status, 0, &used);
  return {.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          .error = folder.read(".error") + folder.read(".out"),
          .mebibytes = static_cast<double>(used.ru_maxrss) / 1024,
          .seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()};
}

void expect_good_end(const hostile::Case& c) {
  SCOPED_TRACE(c.name);
  const Folder f;
  f.write("flowers.csv", flowers(60));
  if (c.shell.find(c.file) == std::string::npos) f.write(c.file, c.bytes);
  if (!c.shell.empty()) ASSERT_EQ(std::system(("cd " + f.path() + " && " + c.shell).c_str()), 0);
  const Outcome got = run(f,
                          TEND_BINARY_DIR "/tend train " + c.file + " --run r --epochs 1 --set watch.checks=none " + c.arguments);
  EXPECT_EQ(got.code, c.code) << got.error.substr(0, 2000);
  EXPECT_LT(got.seconds, c.most_seconds * slower);
  if (!is_sanitized) EXPECT_LT(got.mebibytes, c.most_mebibytes);
  std::size_t at = 0;
  if (c.code != 0) {
    at = got.error.find("tend: error: ");
    ASSERT_NE(at, std::string::npos) << got.error.substr(0, 2000);
    const bool is_list = got.error.find(" problems\n", at) != std::string::npos;  // of an experiment file: at most 20 lines
    EXPECT_LE(std::count(got.error.begin() + static_cast<std::ptrdiff_t>(at), got.error.end(), '\n'), is_list ? 22 : 1)
        << got.error;
    EXPECT_LT(got.error.size() - at, is_list ? 10000u : 1500u) << "an error is short";
    EXPECT_FALSE(std::filesystem::exists(f / "r")) << "a run that never began leaves nothing";
  }
  for (const std::string& word : c.words)
    EXPECT_NE(got.error.find(word, at), std::string::npos) << word << " in " << got.error.substr(0, 2000);
}

void expect_good_ends(const std::vector<hostile::Case>& cases) {
  for (const hostile::Case& c : cases)
    if (!is_sanitized || c.code != 1) expect_good_end(c);  // a sanitizer ends the program where memory is refused
}

TEST(Hostile, tables_are_refused_or_read_rightly) { expect_good_ends(hostile::tables()); }
TEST(Hostile, arrays_are_refused_or_read_rightly) { expect_good_ends(hostile::arrays()); }
TEST(Hostile, archives_are_refused_or_read_rightly) { expect_good_ends(hostile::archives()); }
TEST(Hostile, pictures_are_refused_or_read_rightly) { expect_good_ends(hostile::pictures()); }
TEST(Hostile, experiments_are_refused_or_read_rightly) { expect_good_ends(hostile::experiments()); }

TEST(Hostile, files_are_at_least_120) {
  EXPECT_GE(hostile::tables().size() + hostile::arrays().size() + hostile::archives().size() + hostile::pictures().size() +
                hostile::experiments().size(),
            120u);
}

TEST(Hostile, archives_write_nothing_outside_the_run) {
  const Folder f;
  const std::string picture = test::png(1, 2, 0, "ab");
  f.write("set.tar", test::tar({{"../a/1.png", picture}, {"/tmp/tend_hostile/b/1.png", picture}, {"c/../../b/2.png", picture}}));
  run(f, TEND_BINARY_DIR "/tend train set.tar --run r --epochs 1 --set watch.checks=none");
  EXPECT_FALSE(std::filesystem::exists("/tmp/tend_hostile"));
  EXPECT_FALSE(std::filesystem::exists(f / "../a"));
  for (const auto& entry : std::filesystem::directory_iterator(f.path())) {
    const std::string name = entry.path().filename().string();
    EXPECT_TRUE(name == "r" || name == "set.tar" || name == ".out" || name == ".error") << name;
  }
}

}  // namespace
}  // namespace tend::hostile_test
