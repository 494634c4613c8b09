#pragma once
#include <string>
#include <string_view>

#include "tend/data/settings.h"

namespace tend {

/// Does the name end in .jsonl or .ndjson, perhaps packed (.gz, .bz2, .xz, .zst)?
bool is_json_lines(const std::string& name);

/// Converts JSON lines, one object on each line, to comma-separated text with a header. The keys of all objects are the columns,
/// in the order in which they first occur; null and a key that an object lacks are empty cells. `name`: of the file, for
/// messages. Throws Error{data} that names the line: no object, damaged JSON, a list or an object as a value.
std::string csv_of_json_lines(std::string_view text, const std::string& name);

/// The settings with the form that csv_of_json_lines writes: delimiter, decimal mark, header and encoding.
DataSettings settings_of_json_lines(DataSettings settings);

}  // namespace tend
