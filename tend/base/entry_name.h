#pragma once
#include <array>
#include <string_view>

namespace tend {

/// Converts PascalCase to snake_case.
template <class E>
struct EntryName {
  static constexpr std::string_view type() {
    std::string_view text = __PRETTY_FUNCTION__;  // "... tend::EntryName<E>::type() [with E = tend::MaxPool2d; ...]"
    text.remove_prefix(text.rfind("E = ") + 4);
    text = text.substr(0, text.find_first_of("<;]"));
    if (const auto scope = text.rfind("::"); scope != text.npos) text.remove_prefix(scope + 2);
    return text;
  }
  static constexpr std::size_t size() {
    std::size_t n = 0;
    for (char c : type()) n += c >= 'A' && c <= 'Z' ? 2 : 1;
    return n - 1;
  }
  static constexpr std::array<char, size()> text = [] {
    std::array<char, size()> out{};
    std::size_t n = 0;
    for (char c : type()) {
      const bool is_upper = c >= 'A' && c <= 'Z';
      if (is_upper && n > 0) out[n++] = '_';
      out[n++] = is_upper ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
  }();
  static constexpr std::string_view value() {
    if constexpr (requires { E::entry_name; }) return E::entry_name;
    else return {text.data(), text.size()};
  }
};

/// The name of a shelf entry in experiment files. It equals the stem of the entry's file: the type's name in snake case, or
/// E::entry_name if the type has one. The shelf's generated header (tend/network/layers.h) checks that file and name agree.
template <class E>
inline constexpr std::string_view entry_name = EntryName<E>::value();

}  // namespace tend
