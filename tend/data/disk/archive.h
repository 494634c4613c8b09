#pragma once
#include <memory>
#include <string>

#include "tend/data/disk/file.h"

namespace tend {

/// Iterates over the regular files of a tar (also .gz, .xz, .bz2, .zst) or zip archive, in their order. Links, devices and
/// folders are skipped. Nothing is written: a member's name is never a path. Damage is an Error{data} with the archive's name.
class Archive {
 public:
  /// `is_one_file`: the file is no archive but one packed file (.bz2, .xz, .zst), which is then its only member.
  explicit Archive(const std::string& path, bool is_one_file = false);
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;
  ~Archive();

  bool next();                                 ///< goes to the next file; false at the end
  const std::string& name() const;             ///< of the current file
  std::size_t read(void* out, std::size_t n);  ///< reads from the current file; returns fewer bytes only at its end
  std::string read_all(std::size_t most);      ///< reads the current file; Error{data} if it is larger than `most`
  std::uint64_t most_bytes() const;            ///< no file of this archive can be larger

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

/// Returns the archive's current file as a stream. The archive must outlive it.
std::unique_ptr<ByteStream> member_stream(Archive& archive);

/// Decides by name and content: .tar, .tgz, .tar.*, or a tar's magic.
bool looks_like_tar(const std::string& path);

}  // namespace tend
