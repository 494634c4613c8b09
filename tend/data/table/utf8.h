#pragma once
#include <string>
#include <string_view>

namespace tend {

/// Where the first byte stands that is no valid UTF-8 (overlong forms and surrogates are not); npos where all is.
std::size_t first_invalid_utf8(std::string_view text);
std::string latin_1_to_utf8(std::string_view text);

}  // namespace tend
