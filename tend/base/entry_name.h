#pragma once
#include <string_view>

namespace tend {

/// The name of a shelf entry in experiment files: its file's stem. The shelf's generated header (tend/network/layers.h) defines it for
/// each entry; entries from outside are named when they are added.
template <class E>
inline constexpr std::string_view entry_name = "";

}  // namespace tend
