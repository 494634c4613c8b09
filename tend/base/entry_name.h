#pragma once
#include <string_view>

namespace tend {

/// The name of a shelf entry in experiment files: its file's stem. The shelf's generated header defines it for each entry.
template <class E>
inline constexpr std::string_view entry_name = "";

}  // namespace tend
