#include "tend/base/write_whole.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <span>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tend/base/error.h"

namespace tend {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t part_size = std::size_t{1} << 18;  // of a file that is read

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

/// Calls `take(part)` with the bytes of a file, part by part, until it returns false. Returns false if the file cannot be read.
template <class Take>
bool read_parts(const std::string& path, std::span<char> room, Take take) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  ssize_t n = 0;
  while ((n = ::read(file, room.data(), room.size())) != 0) {
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 || !take(std::string_view(room.data(), static_cast<std::size_t>(n)))) break;
  }
  ::close(file);
  return n >= 0;
}

/// Writes and flushes a file.
void write_flushed(const std::string& path, const std::string& shown, std::string_view bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) cannot_write(shown, errno);
  try {
    write_all(file, shown, bytes);
    flush_file(file, shown);
  } catch (...) {
    ::close(file);
    throw;
  }
  ::close(file);
}

std::string folder_above(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

std::string hidden_beside(const std::string& path, const char* ending) {
  const fs::path p(path);
  return (p.parent_path() / ("." + p.filename().string() + ending)).string();
}

}  // namespace

void flush_file(int file, const std::string& path) {
  int done = 0;
  while ((done = ::fsync(file)) != 0 && errno == EINTR) {
  }
  if (done != 0 && errno != EINVAL && errno != EROFS) cannot_write(path, errno);  // EINVAL: nothing that can be flushed
}

void flush_folder(const std::string& path) {
  const int place = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (place < 0) cannot_write(path, errno);
  try {
    flush_file(place, path);
  } catch (...) {
    ::close(place);
    throw;
  }
  ::close(place);
}

void write_whole(const std::string& path, std::string_view bytes) {
  std::error_code error;
  const bool is_device = fs::exists(path, error) &&
                         fs::is_other(fs::status(path, error));  // /dev/stdout or a pipe: no temporary file can be made there
  if (is_device) return write_flushed(path, path, bytes);
  const std::string beside = path + ".part";
  try {
    write_flushed(beside, path, bytes);
    if (::rename(beside.c_str(), path.c_str()) != 0) cannot_write(path, errno);
  } catch (...) {
    ::unlink(beside.c_str());
    throw;
  }
  flush_folder(folder_above(path));
}

std::optional<std::string> read_whole(const std::string& path) {
  std::string bytes;
  struct stat about {};
  if (::stat(path.c_str(), &about) == 0 && S_ISREG(about.st_mode)) bytes.reserve(static_cast<std::size_t>(about.st_size));
  std::vector<char> room(part_size);
  const auto take = [&](std::string_view part) {
    bytes += part;
    return true;
  };
  if (!read_parts(path, room, take)) return std::nullopt;
  return bytes;
}

bool has_bytes(const std::string& path, std::string_view bytes) {
  std::vector<char> room(part_size);
  bool same = true;
  const auto take = [&](std::string_view part) {
    same = bytes.starts_with(part);
    if (same) bytes.remove_prefix(part.size());
    return same;
  };
  return read_parts(path, room, take) && same && bytes.empty();
}

void write_folder_whole(const std::string& path, const std::vector<NamedBytes>& files) {
  const std::string beside = hidden_beside(path, ".part");
  std::error_code ignored;
  fs::remove_all(beside, ignored);
  if (::mkdir(beside.c_str(), 0777) != 0) cannot_write(path, errno);
  try {
    for (const NamedBytes& file : files) write_flushed(beside + "/" + file.name, path + "/" + file.name, file.bytes);
    flush_folder(beside);
    if (::rename(beside.c_str(), path.c_str()) != 0) cannot_write(path, errno);
  } catch (...) {
    fs::remove_all(beside, ignored);
    throw;
  }
  flush_folder(folder_above(path));
}

void remove_folder_whole(const std::string& path) {
  const std::string gone = hidden_beside(path, ".gone");
  std::error_code error;
  fs::remove_all(gone, error);
  if (::rename(path.c_str(), gone.c_str()) != 0) cannot_write(path, errno);
  flush_folder(folder_above(path));  // otherwise a power failure may undo the renaming but not the removal of the files
  if (fs::remove_all(gone, error); error) cannot_write(path, error.value());
}

void remove_leftovers(const std::string& folder) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(".") && (name.ends_with(".part") || name.ends_with(".gone"))) fs::remove_all(entry.path(), error);
  }
}

}  // namespace tend
