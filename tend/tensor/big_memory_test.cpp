#include "tend/tensor/big_memory.h"

#include <csignal>
#include <cstddef>
#include <functional>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tend/base/error.h"

namespace tend::big_memory_test {
namespace {

constexpr std::size_t mib = std::size_t{1} << 20;

/// The exit status of a child process that runs the body.
int in_a_child(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(body());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void limit(decltype(RLIMIT_DATA) what, std::size_t bytes) {
  const rlimit both{.rlim_cur = bytes, .rlim_max = bytes};
  ::setrlimit(what, &both);
}

bool is_zero_and_can_be_written(const BigMemory& memory, std::size_t bytes) {
  auto* v = memory.as<unsigned char>();
  for (std::size_t i = 0; i < bytes; i += 4096) {
    if (v[i] != 0) return false;
    v[i] = 7;
  }
  return v[bytes - 1] == 0 || bytes % 4096 == 1;
}

TEST(BigMemory, is_zero_and_aligned_whatever_its_size) {
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{1}, std::size_t{100}, mib, 4 * mib, 9 * mib + 3}) {
    const BigMemory memory(bytes);
    ASSERT_NE(memory.data(), nullptr);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory.data()) % 64, 0u);
    EXPECT_FALSE(memory.is_on_disk());
    if (bytes > 0) EXPECT_TRUE(is_zero_and_can_be_written(memory, bytes)) << bytes;
  }
}

TEST(BigMemory, copies_share_it) {
  const BigMemory memory(5 * mib);
  const BigMemory copy = memory;  // NOLINT(performance-unnecessary-copy-initialization)
  memory.as<char>()[4 * mib] = 'x';
  EXPECT_EQ(copy.as<char>()[4 * mib], 'x');
}

#ifndef TEND_SANITIZED
TEST(BigMemory, is_on_the_disk_where_the_process_may_not_take_so_much) {
  EXPECT_EQ(in_a_child([] {
              limit(RLIMIT_DATA, 64 * mib);
              if (free_memory_bytes() > static_cast<std::int64_t>(64 * mib)) return 1;
              const BigMemory memory(300 * mib);
              if (!memory.is_on_disk()) return 2;
              return is_zero_and_can_be_written(memory, 300 * mib) ? 0 : 3;
            }),
            0);
}

TEST(BigMemory, without_room_on_the_disk_it_is_an_error_that_says_so) {
  EXPECT_EQ(in_a_child([] {
              std::signal(SIGXFSZ, SIG_IGN);
              limit(RLIMIT_DATA, 64 * mib);
              limit(RLIMIT_FSIZE, mib);
              try {
                const BigMemory memory(300 * mib);
                return 1;
              } catch (const Error& e) {
                return e.got.find("300 MiB do not fit") == 0 && e.got.find("/") != std::string::npos ? 0 : 2;
              }
            }),
            0);
}
#endif

}  // namespace
}  // namespace tend::big_memory_test
