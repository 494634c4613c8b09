#pragma once
#include <memory>
#include <string>

#include "tend/data/disk/file.h"

namespace tend {

/// Walks the regular files of a tar (also .gz, .xz, .bz2, .zst) or zip archive, in their order; links, devices and folders are
/// passed over. Nothing is ever written: a member's name is a name and no path. Damage is an Error{data} that names the archive.
class Archive {
 public:
  explicit Archive(const std::string& path);
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;
  ~Archive();

  bool next();                                 ///< goes to the next file; false at the end
  const std::string& name() const;             ///< of this file
  std::size_t read(void* out, std::size_t n);  ///< of this file; fewer only at its end
  std::string read_all(std::size_t most);      ///< of this file; Error{data} where it holds more
  std::uint64_t most_bytes() const;            ///< no file of this archive can hold more

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

/// The archive's present file as a stream; the archive must stay.
std::unique_ptr<ByteStream> member_stream(Archive& archive);

/// By name and content: .tar, .tgz, .tar.*, or a tar's magic.
bool looks_like_tar(const std::string& path);

}  // namespace tend
