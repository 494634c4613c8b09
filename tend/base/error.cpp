#include "tend/base/error.h"

#include <cstdio>
#include <cstdlib>

#include <unistd.h>

#include "tend/base/text.h"

namespace tend {

namespace {

constexpr std::size_t longest_part = 1000;  // a name or a number of a file may have any length

std::string sentence(const std::string& where, const std::string& got, const std::string& wanted, const std::string& hint) {
  std::string text = where + ": " + got;
  if (!wanted.empty()) text += (got.empty() ? "wanted " : "; wanted ") + wanted;
  if (!hint.empty()) text += "; " + hint;
  return text;
}

}  // namespace

Error::Error(Trouble t, std::string w, std::string g, std::string x, std::string h)
    : std::runtime_error(sentence(shortened(w, longest_part), shortened(g, longest_part), shortened(x, longest_part),
                                  shortened(h, longest_part))),
      trouble(t),
      where(shortened(w, longest_part)),
      got(shortened(g, longest_part)),
      wanted(shortened(x, longest_part)),
      hint(shortened(h, longest_part)) {}

void broken_invariant(const char* what, const char* file, int line) {
  char text[512];
  const int n = std::snprintf(text, sizeof text, "tend: broken invariant: %s (%s:%d)\n", what, file, line);
  if (n > 0)
    static_cast<void>(
        !::write(STDERR_FILENO, text, static_cast<std::size_t>(n) < sizeof text ? static_cast<std::size_t>(n) : sizeof text - 1));
  std::abort();
}

}  // namespace tend
