#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tend/base/error.h"

namespace tend {

/// Bytes that come one after the other, out of a file, a gzip stream or an archive's member.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// Reads up to n bytes; fewer only at the end. Throws Error{data} where the stream is damaged.
  virtual std::size_t read(void* out, std::size_t n) = 0;
  /// No more than that can come in all, by the size of what lies on disk: what a header may claim.
  virtual std::uint64_t most_bytes() const = 0;
};

/// A file, unpacked where it is a gzip stream (told by its content). Throws Error{missing} where it cannot be opened.
std::unique_ptr<ByteStream> open_stream(const std::string& path);
/// Bytes that lie in memory already and stay there.
std::unique_ptr<ByteStream> memory_stream(std::string_view bytes);

/// The whole of a file, unpacked likewise; refuses streams that unpack to more than 256 MiB and 200 times their size.
std::string read_file(const std::string& path);
/// The first bytes of a file as they lie there; "" where it cannot be read.
std::string head_of(const std::string& path, std::size_t n);
/// Reads n bytes, or throws Error{data, where, "the file ends ..."}.
void read_exactly(ByteStream& stream, void* out, std::size_t n, const std::string& where);

/// The entries of a folder, sorted by name; none, and `trouble` says why, where it cannot be listed.
std::vector<std::filesystem::path> sorted_entries(const std::filesystem::path& folder, std::error_code& trouble);

/// The part behind the last slash.
std::string file_name(const std::string& path);

}  // namespace tend
