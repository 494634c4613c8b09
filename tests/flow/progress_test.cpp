#include <gtest/gtest.h>

#include "program.h"

namespace tend::progress_test {
namespace {

TEST(ProgressFlow, a_terminal_has_one_line_with_epoch_metric_speed_and_time_left) {
  const Folder f;
  if (std::system("script --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "needs the program script (bsdutils)";
  f.write("flowers.csv", flowers(300));
  f.write("e.toml", flower_experiment);
  const std::string tend = "stty rows 20 columns 140; env -u NO_COLOR " TEND_BINARY_DIR
                           "/tend train e.toml --run r --epochs 1000000 --time 3s --set watch.checks=none";
  ASSERT_EQ(std::system(("cd " + f.path() + " && script -qec '" + tend + "' /dev/null > out < /dev/null").c_str()), 0);
  const std::string out = f.read("out");
  const std::size_t left = out.find(" left\033[K");
  ASSERT_NE(left, std::string::npos) << out.substr(0, 2000);
  const std::string line = out.substr(out.rfind('\r', left), left - out.rfind('\r', left));
  for (const char* word : {"] epoch ", "step ", " of ", "loss ", "validation.loss ", " steps/s"})
    EXPECT_NE(line.find(word), std::string::npos) << line;
}

TEST(ProgressFlow, a_long_training_on_a_large_terminal_has_a_live_view_that_leaves_no_trace) {
  const Folder f;
  if (std::system("script --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "needs the program script (bsdutils)";
  f.write("flowers.csv", flowers(300));
  f.write("e.toml", flower_experiment);
  const std::string tend = "stty rows 40 columns 100; env -u NO_COLOR LC_ALL=C.UTF-8 " TEND_BINARY_DIR
                           "/tend train e.toml --run r --epochs 1000000 --time 5s --set watch.checks=none";
  ASSERT_EQ(std::system(("cd " + f.path() + " && script -qec '" + tend + "' /dev/null > out < /dev/null").c_str()), 0);
  const std::string out = f.read("out");
  const std::size_t health = out.find("updates of each layer [");
  ASSERT_NE(health, std::string::npos) << out.substr(0, 4000);
  const std::size_t begin = out.rfind("\033[J", health);
  const std::string view = out.substr(begin, health - begin);
  EXPECT_NE(view.find("loss of batches"), view.npos) << view;
  EXPECT_NE(view.find("step"), view.npos) << view;
  // After each view the cursor goes up by its lines and the screen below is cleared, also before the results.
  const std::size_t last = out.rfind("updates of each layer ["), cleared = out.find("A\033[J", last);
  EXPECT_NE(cleared, out.npos);
  EXPECT_LT(cleared, out.find("stopped: the time of 5s is over"));
  for (std::size_t line = 0; line < view.size(); line = view.find('\n', line) + 1) {
    std::size_t width = 0;  // characters that are no continuation bytes; colours are not counted
    bool is_escape = false;
    for (std::size_t i = line; i < view.size() && view[i] != '\n'; ++i) {
      if (view[i] == '\033') is_escape = true;
      if (!is_escape && (view[i] & 0xc0) != 0x80) ++width;
      if (is_escape && std::isalpha(static_cast<unsigned char>(view[i]))) is_escape = false;
    }
    EXPECT_LE(width, 100U);
    if (view.find('\n', line) == view.npos) break;
  }
}

}  // namespace
}  // namespace tend::progress_test
