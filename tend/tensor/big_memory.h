#pragma once
#include <cstdint>
#include <memory>

namespace tend {

/// Memory of many bytes. From 4 MiB on these are pages of the system, which take real memory once they are written. Where the
/// free memory is not at least twice as much, they are pages of an unnamed temporary file, which the system writes to the disk
/// when memory is short: so a table that is larger than memory can be read, and a network trained on it. Copies share the memory.
class BigMemory {
 public:
  BigMemory() = default;
  /// Zeroed, aligned to 64 bytes, at least one byte. Throws Error{data} if neither the memory nor the disk has room.
  explicit BigMemory(std::size_t bytes);
  void* data() const { return data_.get(); }
  template <class T>
  T* as() const {
    return static_cast<T*>(data_.get());
  }
  bool is_on_disk() const { return is_on_disk_; }

 private:
  std::shared_ptr<void> data_;
  bool is_on_disk_ = false;
};

/// The bytes that this process may still take: the least of what the system has free, what its group may take (cgroups), and its
/// own limits (RLIMIT_AS, RLIMIT_DATA). The largest integer if nothing is known.
std::int64_t free_memory_bytes();

}  // namespace tend
