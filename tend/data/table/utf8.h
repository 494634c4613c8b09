#pragma once
#include <string>
#include <string_view>

namespace tend {

/// Returns the place of the first byte that is not valid UTF-8 (overlong forms and surrogates are invalid), otherwise npos.
std::size_t first_invalid_utf8(std::string_view text);
std::string latin_1_to_utf8(std::string_view text);
/// Converts text that begins with a byte order mark, which is left out. Returns false for half units and lone surrogates.
bool utf_16_to_utf8(std::string_view text, std::string& out);

}  // namespace tend
