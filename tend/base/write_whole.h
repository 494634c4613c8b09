#pragma once
#include <string>
#include <string_view>

namespace tend {

/// Replaces the file at `path` by these bytes, completely or not at all: writes a temporary file, flushes it to the disk, then
/// renames it. Writes directly to a device or a pipe. Throws Error{write}.
void write_whole(const std::string& path, std::string_view bytes);

}  // namespace tend
