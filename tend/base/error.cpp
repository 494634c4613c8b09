#include "tend/base/error.h"

#include <cstdio>
#include <cstdlib>

#include <unistd.h>

#include "tend/base/text.h"

namespace tend {

namespace {

constexpr std::size_t longest_part = 1000;  // a name or a number of a file may have any length

/// Each line shortened: a message may list several problems, a line each.
std::string short_lines(const std::string& text) {
  constexpr int most_lines = 100;
  std::string all;
  std::size_t from = 0;
  for (int line = 0; line < most_lines; ++line) {
    const std::size_t end = text.find('\n', from);
    all += (line ? "\n" : "") + shortened(text.substr(from, end - from), longest_part);
    if (end == text.npos) break;
    from = end + 1;
  }
  return all;
}

std::string sentence(const std::string& where, const std::string& got, const std::string& wanted, const std::string& hint) {
  std::string text = where + ": " + got;
  if (!wanted.empty()) text += (got.empty() ? "wanted " : "; wanted ") + wanted;
  if (!hint.empty()) text += "; " + hint;
  return text;
}

}  // namespace

Error::Error(Trouble t, std::string w, std::string g, std::string x, std::string h)
    : std::runtime_error(sentence(short_lines(w), short_lines(g), short_lines(x), short_lines(h))),
      trouble(t),
      where(short_lines(w)),
      got(short_lines(g)),
      wanted(short_lines(x)),
      hint(short_lines(h)) {}

void broken_invariant(const char* what, const char* file, int line) {
  char text[512];
  const int n = std::snprintf(text, sizeof text, "tend: broken invariant: %s (%s:%d)\n", what, file, line);
  if (n > 0)
    static_cast<void>(
        !::write(STDERR_FILENO, text, static_cast<std::size_t>(n) < sizeof text ? static_cast<std::size_t>(n) : sizeof text - 1));
  std::abort();
}

}  // namespace tend
