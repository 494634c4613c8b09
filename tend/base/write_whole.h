#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tend {

/// Replaces the file at `path` by these bytes, completely or not at all: writes a temporary file, flushes it to the disk, then
/// renames it. Writes directly to a device or a pipe. Throws Error{write}.
void write_whole(const std::string& path, std::string_view bytes);

/// All bytes of a file or a pipe; nothing if there is no file that can be read.
std::optional<std::string> read_whole(const std::string& path);
/// Has the file at `path` exactly these bytes? False if it cannot be read, too. Needs little memory.
bool has_bytes(const std::string& path, std::string_view bytes);

/// Flushes an open file to the disk, or a folder: otherwise a power failure may undo what was written, or a renaming or a new
/// name in it. Throws Error{write} that names `path`.
void flush_file(int file, const std::string& path);
void flush_folder(const std::string& path);

struct NamedBytes {
  std::string name;
  std::string_view bytes;
};
/// Makes the folder at `path`, which must not exist, with these files, completely or not at all: writes and flushes them in a
/// temporary folder ".NAME.part" beside it, flushes that folder, renames it, and flushes the folder above. Throws Error{write}.
void write_folder_whole(const std::string& path, const std::vector<NamedBytes>& files);
/// Removes a folder of files, so that it is never there in part: renames it to ".NAME.gone" first. Throws Error{write}.
void remove_folder_whole(const std::string& path);
/// Removes what an interrupted write_folder_whole or remove_folder_whole left in a folder. Does not throw.
void remove_leftovers(const std::string& folder);

}  // namespace tend
