#include "tend/data/table/utf8.h"

#include <cstdint>
#include <cstring>

namespace tend {

std::size_t first_invalid_utf8(std::string_view text) {
  const auto* s = reinterpret_cast<const unsigned char*>(text.data());
  const std::size_t n = text.size();
  std::size_t i = 0;
  while (i < n) {
    constexpr std::size_t at_once = 32;
    std::uint64_t words[at_once / 8];
    if (i + at_once <= n) {
      std::memcpy(words, s + i, at_once);
      if (((words[0] | words[1] | words[2] | words[3]) & 0x8080808080808080u) == 0) {
        i += at_once;
        continue;
      }
      if ((words[0] & 0x8080808080808080u) == 0) {
        i += 8;
        continue;
      }
    }
    const unsigned char c = s[i];
    if (c < 0x80) {
      ++i;
      continue;
    }
    const std::size_t length = c >= 0xc2 && c <= 0xdf ? 2 : c >= 0xe0 && c <= 0xef ? 3 : c >= 0xf0 && c <= 0xf4 ? 4 : 0;
    if (length == 0 || i + length > n) return i;
    for (std::size_t k = 1; k < length; ++k)
      if ((s[i + k] & 0xc0) != 0x80) return i;
    const unsigned char next = s[i + 1];
    if ((c == 0xe0 && next < 0xa0) || (c == 0xed && next > 0x9f) || (c == 0xf0 && next < 0x90) || (c == 0xf4 && next > 0x8f))
      return i;
    i += length;
  }
  return std::string_view::npos;
}

std::string latin_1_to_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xc0 | (byte >> 6));
      out += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  return out;
}

bool utf_16_to_utf8(std::string_view text, std::string& out) {
  if (text.size() % 2 != 0) return false;
  const bool is_little = text.starts_with("\xff\xfe");
  const auto unit = [&](std::size_t i) {
    const auto low = static_cast<unsigned char>(text[is_little ? i : i + 1]),
               high = static_cast<unsigned char>(text[is_little ? i + 1 : i]);
    return static_cast<std::uint32_t>(high) << 8 | low;
  };
  out.reserve(text.size());
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  for (std::size_t i = 2; i < text.size(); i += 2) {
    std::uint32_t point = unit(i);
    if (point >= 0xd800 && point < 0xe000) {
      const std::uint32_t second = i + 3 < text.size() ? unit(i + 2) : 0;
      if (point >= 0xdc00 || second < 0xdc00 || second >= 0xe000) return false;
      point = 0x10000 + ((point - 0xd800) << 10) + (second - 0xdc00);
      i += 2;
    }
    if (point < 0x80) {
      put(point);
    } else if (point < 0x800) {
      put(0xc0 | point >> 6), put(0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
      put(0xe0 | point >> 12), put(0x80 | (point >> 6 & 0x3f)), put(0x80 | (point & 0x3f));
    } else {
      put(0xf0 | point >> 18), put(0x80 | (point >> 12 & 0x3f)), put(0x80 | (point >> 6 & 0x3f)), put(0x80 | (point & 0x3f));
    }
  }
  return true;
}

}  // namespace tend
