#include <gtest/gtest.h>

#include "program.h"

namespace tend::progress_test {
namespace {

TEST(ProgressFlow, a_terminal_has_one_line_with_epoch_metric_speed_and_time_left) {
  const Folder f;
  if (std::system("script --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "needs the program script (bsdutils)";
  f.write("flowers.csv", flowers(300));
  f.write("e.toml", flower_experiment);
  const std::string tend = "env -u NO_COLOR " TEND_BINARY_DIR
                           "/tend train e.toml --run r --epochs 1000000 --time 3s --set watch.checks=none";
  ASSERT_EQ(std::system(("cd " + f.path() + " && script -qec '" + tend + "' /dev/null > out < /dev/null").c_str()), 0);
  const std::string out = f.read("out");
  const std::size_t left = out.find(" left\033[K");
  ASSERT_NE(left, std::string::npos) << out.substr(0, 2000);
  const std::string line = out.substr(out.rfind('\r', left), left - out.rfind('\r', left));
  for (const char* word : {"] epoch ", "step ", " of ", "loss ", "validation.loss ", " steps/s"})
    EXPECT_NE(line.find(word), std::string::npos) << line;
}

}  // namespace
}  // namespace tend::progress_test
