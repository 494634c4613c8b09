#pragma once
#include <string_view>

namespace tend {

template <class E>
inline constexpr bool is_named = false;

/// The name of a shelf entry in experiment files: its file's stem. The shelf's generated header (tend/network/layers.h) defines it for
/// each entry. Without that header it cannot be used: two names for one entry would be one symbol to the linker.
template <class E>
inline constexpr std::string_view entry_name = "";

}  // namespace tend
