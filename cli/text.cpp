#include "text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include <sys/ioctl.h>
#include <unistd.h>

#include "tend/base/error.h"
#include "tend/base/text.h"

namespace tend {

std::string text_at(const Value& v, const char* key) {
  const Value* found = v.find(key);
  return found && found->is_string() ? found->string() : "";
}

double number_at(const Value& v, const char* key) {
  const Value* found = v.find(key);
  return found && found->is_number() ? found->number() : std::nan("");
}

const Value::Array& list_at(const Value& v, const char* key) {
  static const Value::Array none;
  const Value* found = v.find(key);
  return found && found->is_array() ? found->array_items() : none;
}

std::string figure(double v) {
  if (std::isnan(v)) return "nan";  // printf would show the sign bit
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", v);
  return text;
}

std::string duration_text(double seconds) {
  if (!std::isfinite(seconds)) return "";
  const double s = std::max(0.0, seconds);
  if (s < 1) return figure(s) + " s";
  if (s < 10) return figure(std::round(10 * s) / 10) + " s";
  if (s < 120) return std::to_string(std::lround(s)) + " s";
  if (s < 2 * 3600) return std::to_string(std::lround(s / 60)) + " min";
  if (s < 48 * 3600) return std::to_string(std::lround(s / 3600)) + " h";
  return std::to_string(std::lround(s / 86400)) + " days";
}

double seconds_of(const std::string& text, const std::string& where) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string unit(end, text.data() + text.size());
  const double seconds = unit.empty() || unit == "s" ? 1 : unit == "m" || unit == "min" ? 60 : unit == "h" ? 3600 : 0;
  if (error != std::errc() || !(number > 0) || !std::isfinite(number) || seconds == 0)
    throw Error(Trouble::usage, where, "\"" + text + "\"", "a time above 0", "for instance 90s, 10m or 2h");
  return number * seconds;
}

std::string share_text(double share) {
  char text[32];
  std::snprintf(text, sizeof text, share > 0 && share < 0.01 ? "%.1g %%" : "%.0f %%", 100 * share);
  return text;
}

std::string calibration_text(const CalibrationFigures& c) {
  std::string text = "Probabilities are calibrated by the validation rows: temperature " + figure(c.temperature);
  if (!std::isnan(c.error)) text += ", calibration error " + figure(c.error) + ", before " + figure(c.error_before);
  if (c.error > c.error_before)
    text += ". This error is larger than before, but the loss, which decides the temperature, is lower.";
  return text;
}

std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

namespace {

/// The characters of a word that take room: colours do not.
std::size_t seen_width(const std::string& word) {
  std::string seen;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] == '\033') {
      while (i + 1 < word.size() && word[i] != 'm') ++i;
    } else {
      seen += word[i];
    }
  }
  return width_of(seen);
}

}  // namespace

std::string in_lines(const std::string& text, std::size_t indent, std::size_t width) {
  std::string out;
  std::size_t column = indent;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    const std::size_t size = seen_width(word);
    if (column > indent && column + 1 + size > width) {
      out += "\n" + std::string(indent, ' ') + word;
      column = indent + size;
    } else {
      out += (at == 0 ? "" : " ") + word;
      column += size + (at == 0 ? 0 : 1);
    }
    at = end + 1;
  }
  return out;
}

std::string wrapped(const std::string& text, std::size_t indent, std::FILE* out) {
  winsize size{};
  const int file = ::fileno(out);
  if (!::isatty(file) || ::ioctl(file, TIOCGWINSZ, &size) != 0 || size.ws_col < indent + 30) return text;
  return in_lines(text, indent, size.ws_col);
}

std::string cut(const std::string& text, std::size_t most) {
  if (width_of(text) <= most) return text;
  std::size_t kept = 0, end = 0;
  for (; end < text.size(); ++end)
    if ((text[end] & 0xc0) != 0x80 && kept++ == most - 3) break;
  return text.substr(0, end) + "...";
}

bool shows_blocks() {
  const char* terminal = std::getenv("TERM");
  if (terminal && std::string(terminal) == "dumb") return false;
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (const char* locale = std::getenv(name); locale && *locale) {
      const std::string lower = lower_case(locale);
      return lower.find("utf-8") != lower.npos || lower.find("utf8") != lower.npos;
    }
  return false;
}

std::string bars(const std::vector<std::int64_t>& counts, bool with_blocks, std::int64_t highest) {
  static constexpr const char* blocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  static constexpr const char* letters[] = {" ", ".", ":", "-", "=", "+", "*", "%", "#"};
  if (highest == 0 && !counts.empty()) highest = *std::max_element(counts.begin(), counts.end());
  std::string text;
  for (const std::int64_t count : counts) {
    const auto level = count > 0
                           ? static_cast<std::size_t>(std::ceil(8 * static_cast<double>(count) / static_cast<double>(highest)))
                           : 0;
    text += (with_blocks ? blocks : letters)[level];
  }
  return text;
}

std::vector<std::string> aligned(std::vector<std::vector<std::string>> rows, const std::vector<bool>& right, std::size_t most) {
  std::vector<std::size_t> widths;
  for (auto& row : rows)
    for (std::size_t c = 0; c < row.size(); ++c) {
      row[c] = cut(row[c], most);
      if (c == widths.size()) widths.push_back(0);
      widths[c] = std::max(widths[c], width_of(row[c]));
    }
  std::vector<std::string> lines;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string blanks(widths[c] - width_of(row[c]), ' ');
      const bool is_right = c < right.size() && right[c];
      line += (c ? "  " : "") + (is_right ? blanks + row[c] : c + 1 < row.size() ? row[c] + blanks : row[c]);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace tend
