#include "tend/data/readers/text.h"

#include <algorithm>

#include "tend/data/disk/file.h"
#include "tend/data/table/utf8.h"

namespace tend {
namespace {

/// Returns the number of bytes of the character that starts with this byte, in valid UTF-8.
std::size_t letter_bytes(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

std::vector<std::string_view> letters_of(std::string_view text) {
  std::vector<std::string_view> letters;
  letters.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); at += letters.back().size())
    letters.push_back(text.substr(at, letter_bytes(text[at])));
  return letters;
}

std::string read_text(const Source& source, const DataSettings& settings) {
  std::string text = read_file(source.path);
  if (settings.encoding == "latin-1") return latin_1_to_utf8(text);
  if (const std::size_t at = first_invalid_utf8(text); at != text.npos)
    throw Error(Trouble::data, source.name(), "no UTF-8 at byte " + std::to_string(at), "text in UTF-8",
                "data.encoding = \"latin-1\"?");
  return text;
}

/// Returns whether all whole lines have the same number of one delimiter, and there are at least two lines.
bool looks_like_table(std::string_view head) {
  if (head.size() > 5 && head.starts_with("sep=") && head.substr(5).find_first_of("\r\n") == 0) return true;  // of a spreadsheet
  for (const char delimiter : {',', ';', '\t', '|'}) {
    std::ptrdiff_t lines = 0, wanted = 0;
    bool is_same = true;
    for (std::size_t from = 0, end; (end = head.find('\n', from)) != head.npos; from = end + 1, ++lines) {
      const std::string_view line = head.substr(from, end - from);
      const std::ptrdiff_t count = std::count(line.begin(), line.end(), delimiter);
      if (lines == 0) wanted = count;
      is_same = is_same && count == wanted && count > 0;
    }
    if (is_same && lines >= 2) return true;
  }
  return false;
}

/// Bytes of UTF-8 sort in the order of the characters.
std::vector<std::string> alphabet_of(std::vector<std::string_view> letters) {
  std::sort(letters.begin(), letters.end());
  const auto end = std::unique(letters.begin(), letters.end());
  return {letters.begin(), end};
}

std::vector<double> codes_of(const std::vector<std::string_view>& letters, const std::vector<std::string>& alphabet,
                             const std::string& where) {
  std::vector<double> codes;
  codes.reserve(letters.size());
  for (const std::string_view letter : letters) {
    const auto place = std::lower_bound(alphabet.begin(), alphabet.end(), letter);
    if (place == alphabet.end() || *place != letter)
      throw Error(Trouble::data, where,
                  "the letter \"" + std::string(letter) + "\" as number " + std::to_string(codes.size() + 1),
                  "one of the " + std::to_string(alphabet.size()) + " letters of the source");
    codes.push_back(static_cast<double>(place - alphabet.begin()));
  }
  return codes;
}

}  // namespace

Claim Text::claims(const Source& source) const {
  if (source.path.empty() || source.is_folder || !source.name().ends_with(".txt") || looks_like_table(source.head))
    return Claim::none;
  return Claim::by_name;
}

Dataset Text::read(const Source& source, const Reading& reading) const {
  const std::string text = read_text(source, reading.settings);
  const std::vector<std::string_view> letters = letters_of(text);
  Dataset data;
  data.is_text = true;
  data.classes = reading.like ? reading.like->classes : alphabet_of(letters);
  const std::vector<double> codes = codes_of(letters, data.classes, source.name());
  const std::int64_t window = reading.like ? reading.like->x.shape()[1] : reading.settings.window;
  const std::int64_t rows = (static_cast<std::int64_t>(codes.size()) - 1) / window;
  if (codes.empty() || rows < 1)
    throw Error(Trouble::data, source.name(), std::to_string(codes.size()) + " letters", "at least " + std::to_string(window + 1),
                "a smaller data.window");
  data.x = Array({rows, window}, ElementType::float64);
  data.y = Array({rows, window}, ElementType::float64);
  std::copy_n(codes.begin(), rows * window, data.x.as<double>());
  std::copy_n(codes.begin() + 1, rows * window, data.y.as<double>());
  data.rows_in_source = rows;
  for (std::int64_t t = 0; t < window; ++t) {
    data.columns.push_back({.name = std::to_string(t)});
    data.target_names.push_back("letter_" + std::to_string(t + 1));
  }
  return data;
}

}  // namespace tend
