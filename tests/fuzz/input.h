#pragma once
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tend/base/error.h"

/// Shared by the programs of tests/fuzz. Each reads one input: the result must be a value or an Error, and properties of values
/// must hold. Anything else (a crash, another exception, a failed `must_hold`) ends the program.
namespace tend::fuzz {

inline void must_hold(bool claim, const char* text) {
  if (claim) return;
  std::fprintf(stderr, "does not hold: %s\n", text);
  std::abort();
}

/// The bytes of an input. Choices are taken from its start, the rest is the file.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}
  /// Returns a number below n.
  int choice(int n) {
    if (rest_.empty()) return 0;
    const int chosen = static_cast<unsigned char>(rest_[0]) % n;
    rest_.remove_prefix(1);
    return chosen;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

/// Calls the function. An Error is a good answer if it says where and what; any other exception ends the program.
template <class F>
void refuse_or(const F& function) {
  try {
    function();
  } catch (const Error& e) {
    must_hold(!e.where.empty() && !e.got.empty(), "an Error says where and what");
    must_hold(std::string_view(e.what()).find('\0') == std::string_view::npos, "an Error is text");
  }
}

}  // namespace tend::fuzz
