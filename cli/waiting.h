#pragma once
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace tend {

/// Says on stderr what the program is doing, and for how long, once that takes more than two seconds: on a terminal one line that
/// changes each second and disappears at the end, otherwise a line every ten seconds.
class Waiting {
 public:
  Waiting(bool is_quiet, std::string what, double seconds_before = 2);
  ~Waiting();
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  void work(double seconds_before);
  std::string what_;
  std::mutex mutex_;
  std::condition_variable ends_;
  bool has_ended_ = false;
  std::thread thread_;
};

}  // namespace tend
