#pragma once
#include <string>
#include <string_view>

namespace tend {

/// Replaces the file at `path` by these bytes, whole or not at all: written beside it, brought to the disk, then moved into its
/// place. A device or a pipe is written to directly. Throws Error{write}.
void write_whole(const std::string& path, std::string_view bytes);

}  // namespace tend
