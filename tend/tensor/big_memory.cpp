#include "tend/tensor/big_memory.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <new>
#include <string>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tend/base/error.h"

namespace tend {

namespace {

constexpr std::size_t big = 4 << 20;
constexpr std::align_val_t alignment_of_bytes{64};
constexpr std::int64_t unlimited = std::numeric_limits<std::int64_t>::max();

/// The number after a word in a file of lines such as "MemAvailable:   123 kB"; -1 if it is not there.
std::int64_t number_after(const std::string& word, const std::string& path) {
  std::ifstream file(path);
  std::string name;
  std::int64_t number = 0;
  while (file >> name) {
    if (name == word && file >> number) return number;
    file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return -1;
}

/// The whole number that a file holds; -1 if it holds none ("max").
std::int64_t number_in(const std::string& path) {
  std::ifstream file(path);
  std::int64_t number = -1;
  return file >> number ? number : -1;
}

/// `prefix`: of the names in the group's statistics. Pages of files count as used there, and are given back when they are needed.
std::int64_t left_of_group(const std::string& folder, const char* limit, const char* used, const std::string& prefix) {
  const std::int64_t most = number_in(folder + limit), now = number_in(folder + used);
  if (most < 0 || now < 0) return unlimited;
  const std::int64_t of_files = std::max<std::int64_t>(0, number_after(prefix + "inactive_file", folder + "memory.stat")) +
                                std::max<std::int64_t>(0, number_after(prefix + "active_file", folder + "memory.stat"));
  return std::max<std::int64_t>(0, most - now + of_files);
}

std::int64_t left_of_limit(decltype(RLIMIT_AS) which, const char* used) {
  rlimit limit{};
  if (getrlimit(which, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return unlimited;
  const std::int64_t now = 1024 * std::max<std::int64_t>(0, number_after(used, "/proc/self/status"));
  return std::max<std::int64_t>(0, static_cast<std::int64_t>(limit.rlim_cur) - now);
}

[[noreturn]] void refuse(std::size_t bytes, const std::string& folder, const char* why) {
  throw Error(Trouble::data, "memory",
              std::to_string(bytes >> 20) + " MiB do not fit, neither into the memory nor into a temporary file in " + folder +
                  ": " + why,
              "room for the data", "the environment variable TMPDIR names the folder of temporary files");
}

/// Files in /tmp are often in memory.
std::string folder_of_big_files() {
  std::error_code ignored;
  const std::string folder = std::filesystem::temp_directory_path(ignored).string();
  return folder.empty() || folder == "/tmp" ? "/var/tmp" : folder;
}

void* map_file(std::size_t bytes) {
  const std::string folder = folder_of_big_files();
  const int file = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) refuse(bytes, folder, std::strerror(errno));
  // All of its room is taken now: a write to a page without room would end the process.
  int trouble = ::posix_fallocate(file, 0, static_cast<off_t>(bytes));
  void* memory = MAP_FAILED;
  if (trouble == 0) {
    memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (memory == MAP_FAILED) trouble = errno;
  }
  ::close(file);
  if (trouble != 0) refuse(bytes, folder, std::strerror(trouble));
  return memory;
}

}  // namespace

std::int64_t free_memory_bytes() {
  const std::int64_t available = number_after("MemAvailable:", "/proc/meminfo");
  return std::min({available < 0 ? unlimited : available * 1024,
                   left_of_group("/sys/fs/cgroup/", "memory.max", "memory.current", ""),
                   left_of_group("/sys/fs/cgroup/memory/", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_"),
                   left_of_limit(RLIMIT_AS, "VmSize:"), left_of_limit(RLIMIT_DATA, "VmData:")});
}

BigMemory::BigMemory(std::size_t bytes) {
  if (bytes < big) {
    const std::size_t least = std::max<std::size_t>(bytes, 1);
    data_ = std::shared_ptr<void>(::operator new(least, alignment_of_bytes),
                                  [](void* p) { ::operator delete(p, alignment_of_bytes); });
    std::memset(data_.get(), 0, least);
    return;
  }
  const auto unmap = [bytes](void* p) { ::munmap(p, bytes); };
  if (static_cast<std::int64_t>(bytes) <= free_memory_bytes() / 2) {
    void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory != MAP_FAILED) {
      ::madvise(memory, bytes, MADV_HUGEPAGE);  // fewer page faults where the system offers it
      data_ = std::shared_ptr<void>(memory, unmap);
      return;
    }
  }
  data_ = std::shared_ptr<void>(map_file(bytes), unmap);
  is_on_disk_ = true;
}

}  // namespace tend
