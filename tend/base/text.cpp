#include "tend/base/text.h"

#include <cstdio>

namespace tend {

std::string listed(const std::vector<std::string>& words, std::string_view between, std::size_t most) {
  std::string all;
  for (std::size_t i = 0; i < words.size() && i < most; ++i) (i ? all += between : all) += words[i];
  return words.size() > most ? all + " ... (" + std::to_string(words.size()) + " in all)" : all;
}

std::string short_number(double v) {
  if (v != v) return "nan";  // printf shows the sign bit, which means nothing here
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", v);
  return text;
}

}  // namespace tend
