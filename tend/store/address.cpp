#include "tend/store/address.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "tend/base/error.h"
#include "tend/base/text.h"

namespace tend {

namespace {

constexpr std::size_t longest_name = 50;  // of a schema, PostgreSQL keeps 63 bytes

/// The parts KEY=VALUE after the question mark.
std::vector<std::string> parts_of_query(const std::string& text) {
  std::vector<std::string> parts;
  const std::size_t mark = text.find('?');
  for (std::size_t at = mark; at != std::string::npos && at < text.size();) {
    const std::size_t end = std::min(text.find('&', at + 1), text.size());
    if (end > at + 1) parts.push_back(text.substr(at + 1, end - at - 1));
    at = end;
  }
  return parts;
}

std::string with_query(const std::string& start, const std::vector<std::string>& parts) {
  std::string text = start;
  for (const std::string& part : parts) text += (&part == &parts.front() ? "?" : "&") + part;
  return text;
}

bool is_name_of_study(const std::string& text) {
  return !text.empty() && text.size() <= longest_name &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '_'; });
}

}  // namespace

bool is_server_address(const std::string& text) { return text.starts_with("postgresql://") || text.starts_with("postgres://"); }

std::string without_password(const std::string& address) {
  const std::size_t scheme = address.find("://");
  if (scheme == std::string::npos) return address;
  const std::size_t first = scheme + 3;
  std::string text = address;
  // The last @ ends the user's name and password: whatever a password has in it, nothing of it is left.
  if (const std::size_t at = text.rfind('@'); at != std::string::npos && at > first) {
    const std::size_t colon = text.find(':', first);
    if (colon < at) text.erase(colon, at - colon);
  }
  std::vector<std::string> parts = parts_of_query(text);
  std::erase_if(parts, [](const std::string& part) { return part.find("password=") != std::string::npos; });
  return with_query(text.substr(0, text.find('?')), parts);
}

ServerAddress read_server_address(const std::string& text) {
  const char* form = "postgresql://USER@HOST/DATABASE?study=NAME";
  ServerAddress address{.server = {}, .name = without_password(text)};
  if (!is_server_address(text)) throw Error(Trouble::usage, "the store", "\"" + address.name + "\"", form);
  const std::size_t at = text.find('@'), end = text.find_first_of("/?#", text.find("://") + 3);
  if (at != std::string::npos && (at > end || text.find('@', at + 1) != std::string::npos))
    throw Error(Trouble::usage, address.name, "an @ that does not stand before the host only", form,
                "in a password, the characters / ? # @ : are written as %2F %3F %23 %40 %3A");
  std::vector<std::string> rest;
  for (const std::string& part : parts_of_query(text)) {
    if (part.starts_with("study=")) {
      address.study = part.substr(6);
      if (!is_name_of_study(address.study))
        throw Error(Trouble::usage, address.name, "study=" + address.study, "a name of small letters, digits and _", form);
    } else if (part.starts_with("wait=")) {
      const char *begin = part.data() + 5, *end = part.data() + part.size();
      const auto read = std::from_chars(begin, end, address.patience_seconds);
      if (read.ec != std::errc() || read.ptr != end || !(address.patience_seconds >= 0 && address.patience_seconds <= 1e6))
        throw Error(Trouble::usage, address.name, part, "wait=SECONDS", "the time that tend waits for a server that is away");
    } else {
      rest.push_back(part);
    }
  }
  address.server = with_query(text.substr(0, text.find('?')), rest);
  return address;
}

}  // namespace tend
