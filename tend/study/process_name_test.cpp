#include "tend/study/process_name.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tend::process_name_test {

TEST(ProcessName, says_which_processes_of_this_machine_are_gone) {
  const std::string own = own_process_name(), number = "#" + std::to_string(::getpid()) + "#";
  EXPECT_FALSE(is_gone(own));
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ASSERT_GT(child, 0);
  ::waitpid(child, nullptr, 0);
  std::string other = own;
  ASSERT_NE(other.find(number), std::string::npos) << own;
  other.replace(other.find(number), number.size(), "#" + std::to_string(child) + "#");
  EXPECT_TRUE(is_gone(other));
  EXPECT_FALSE(is_gone("elsewhere/" + other)) << "another machine may have that process";
  for (const char* odd : {"", "host:17:5", "#17#", "a/b/c#x#1"}) EXPECT_FALSE(is_gone(odd)) << odd;
}

}  // namespace tend::process_name_test
