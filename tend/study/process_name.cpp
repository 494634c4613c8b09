#include "tend/study/process_name.h"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "tend/base/clock.h"

namespace tend {

namespace {

/// Where process numbers have a meaning: "host/boot/pid:[4026531836]". Without the last two, numbers of containers could be mixed
/// up.
std::string place_of_processes() {
  char host[256] = {};
  if (::gethostname(host, sizeof host - 1) != 0) host[0] = 0;
  std::string boot;
  std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), boot);
  std::error_code error;
  const std::string numbers = std::filesystem::read_symlink("/proc/self/ns/pid", error).string();
  return std::string(host) + "/" + boot + "/" + numbers;
}

}  // namespace

std::string own_process_name() {
  return place_of_processes() + "#" + std::to_string(::getpid()) + "#" +
         std::to_string(static_cast<std::int64_t>(seconds_now() * 1e6));
}

bool is_gone(const std::string& name) {
  static const std::string place = place_of_processes() + "#";
  if (!name.starts_with(place) || place.find("//") != std::string::npos || place.ends_with("/#")) return false;
  int number = 0;
  const char* first = name.data() + place.size();
  const auto [end, error] = std::from_chars(first, name.data() + name.size(), number);
  if (error != std::errc() || end == name.data() + name.size() || *end != '#' || number <= 0) return false;
  return ::kill(number, 0) != 0 && errno == ESRCH;
}

}  // namespace tend
