#include "tend/base/write_whole.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include "tend/base/error.h"

namespace tend {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void cannot_write(const std::string& path, int error) {
  throw Error(Trouble::write, path, std::string("it cannot be written: ") + std::strerror(error), "a place that can be written");
}

void write_all(int file, const std::string& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(file, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) cannot_write(path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace

void write_whole(const std::string& path, std::string_view bytes) {
  std::error_code error;
  const bool is_device = fs::exists(path, error) &&
                         fs::is_other(fs::status(path, error));  // /dev/stdout or a pipe: no temporary file can be made there
  const std::string beside = is_device ? path : path + ".part";
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) cannot_write(path, errno);
  try {
    write_all(file, path, bytes);
    if (::fsync(file) != 0 && errno != EINVAL && errno != EROFS) cannot_write(path, errno);
  } catch (...) {
    ::close(file);
    if (!is_device) ::unlink(beside.c_str());
    throw;
  }
  ::close(file);
  if (is_device) return;
  if (::rename(beside.c_str(), path.c_str()) != 0) {
    const int why = errno;
    ::unlink(beside.c_str());
    cannot_write(path, why);
  }
  const std::string folder = fs::path(path).parent_path().string();
  if (const int place = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); place >= 0) {
    ::fsync(place);  // otherwise a power failure may undo the renaming
    ::close(place);
  }
}

}  // namespace tend
