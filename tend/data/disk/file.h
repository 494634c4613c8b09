#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tend/base/error.h"

namespace tend {

/// A sequential stream of bytes from a file, a gzip stream or a member of an archive.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// Reads up to n bytes; fewer only at the end. Throws Error{data} if the stream is damaged.
  virtual std::size_t read(void* out, std::size_t n) = 0;
  /// An upper bound of all bytes that the stream can yield, from the size on disk. It limits the size that a header may claim.
  virtual std::uint64_t most_bytes() const = 0;
};

/// Opens a file; unpacks it if its content is a gzip stream. Throws Error{missing} if it cannot be opened.
std::unique_ptr<ByteStream> open_stream(const std::string& path);
/// Makes a stream of bytes in memory, which the caller keeps.
std::unique_ptr<ByteStream> memory_stream(std::string_view bytes);

/// Reads a whole file, unpacked likewise. Refuses streams that unpack to more than 64 MiB and 200 times their size.
std::string read_file(const std::string& path);
/// The most bytes that are unpacked from a file of this size: 64 MiB, or 200 times its size.
std::uint64_t most_unpacked_bytes(std::uint64_t on_disk);
/// Returns the first bytes of a file as stored on disk, or "" if it cannot be read.
std::string head_of(const std::string& path, std::size_t n);
/// Reads n bytes, or throws Error{data, where, "the file ends ..."}.
void read_exactly(ByteStream& stream, void* out, std::size_t n, const std::string& where);

/// Returns the entries of a folder, sorted by name. If it cannot be listed, returns none and sets `trouble`.
std::vector<std::filesystem::path> sorted_entries(const std::filesystem::path& folder, std::error_code& trouble);

/// Returns the part after the last slash.
std::string file_name(const std::string& path);

}  // namespace tend
