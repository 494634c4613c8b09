#include "tend/base/error.h"

#include <cstdio>
#include <cstdlib>

#include <unistd.h>

namespace tend {

namespace {

std::string sentence(const std::string& where, const std::string& got, const std::string& wanted, const std::string& hint) {
  std::string text = where + ": " + got;
  if (!wanted.empty()) text += (got.empty() ? "wanted " : "; wanted ") + wanted;
  if (!hint.empty()) text += "; " + hint;
  return text;
}

}  // namespace

Error::Error(Trouble t, std::string w, std::string g, std::string x, std::string h)
    : std::runtime_error(sentence(w, g, x, h)),
      trouble(t),
      where(std::move(w)),
      got(std::move(g)),
      wanted(std::move(x)),
      hint(std::move(h)) {}

void broken_invariant(const char* what, const char* file, int line) {
  char text[512];
  const int n = std::snprintf(text, sizeof text, "tend: broken invariant: %s (%s:%d)\n", what, file, line);
  if (n > 0)
    static_cast<void>(
        !::write(STDERR_FILENO, text, static_cast<std::size_t>(n) < sizeof text ? static_cast<std::size_t>(n) : sizeof text - 1));
  std::abort();
}

}  // namespace tend
