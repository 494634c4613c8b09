#include "waiting.h"

#include <chrono>
#include <cstdio>
#include <system_error>

#include <unistd.h>

namespace tend {

Waiting::Waiting(bool is_quiet, std::string what, double seconds_before) : what_(std::move(what)) {
  if (is_quiet) return;
  try {
    thread_ = std::thread([this, seconds_before] { work(seconds_before); });
  } catch (const std::system_error&) {  // the system allows no more threads: the work goes on without a word about it
  }
}

Waiting::~Waiting() {
  {
    const std::lock_guard lock(mutex_);
    has_ended_ = true;
  }
  ends_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Waiting::work(double seconds_before) {
  const bool is_terminal = ::isatty(STDERR_FILENO);
  const auto began = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  bool is_shown = false;
  for (double seconds = seconds_before; !ends_.wait_for(lock, std::chrono::duration<double>(seconds), [&] { return has_ended_; });
       seconds = is_terminal ? 1 : 10) {
    const double passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    std::fprintf(stderr, is_terminal ? "\r  %s ... %.0f s \033[K" : "  %s ... %.0f s\n", what_.c_str(), passed);
    is_shown = true;
  }
  if (is_shown && is_terminal) std::fprintf(stderr, "\r\033[K");
}

}  // namespace tend
