#include "tend/base/text.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace tend {

std::string listed(const std::vector<std::string>& words, std::string_view between, std::size_t most) {
  std::string all;
  for (std::size_t i = 0; i < words.size() && i < most; ++i) (i ? all += between : all) += words[i];
  return words.size() > most ? all + " ... (" + std::to_string(words.size()) + " in all)" : all;
}

std::string short_number(double v) {
  if (std::isnan(v)) return "NaN";  // printf shows the sign bit, which has no meaning here
  if (std::isinf(v)) return v > 0 ? "infinity" : "-infinity";
  char text[32];
  const double size = std::fabs(v);
  const bool is_whole = v == std::trunc(v) && size < 1e6;
  if (size >= 1e3 && size < 1e6 && !is_whole) {  // 12345.6 -> 12300, where %g would write 1.23e+04
    std::snprintf(text, sizeof text, "%.2e", v);
    v = std::strtod(text, nullptr);
  }
  std::snprintf(text, sizeof text, size >= 1e3 && size < 1e6 ? "%.0f" : is_whole ? "%.6g" : "%.3g", v);
  return text;
}

std::string counted(std::int64_t n, std::string_view noun) {
  return std::to_string(n) + " " + std::string(noun) + (n == 1 ? "" : "s");
}

std::string_view start_of(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
  return text.substr(0, most);
}

std::string shortened(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  return std::string(start_of(text, most)) + " ... (" + std::to_string(text.size()) + " bytes)";
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return out;
}

}  // namespace tend
