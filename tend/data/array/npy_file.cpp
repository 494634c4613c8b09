#include <charconv>
#include <cstdint>

#include "tend/data/array/array_file.h"

namespace tend {
namespace {

/// Parses the header: a Python dictionary {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }.
class HeaderParser {
 public:
  HeaderParser(std::string_view text, const std::string& where) : rest_(text), where_(where) {}

  NumberFormat format;
  bool is_column_major = false;
  Shape shape;

  void parse() {
    int found = 0;
    expect('{');
    while (!take('}')) {
      const std::string_view key = text();
      expect(':');
      if (key == "descr") found |= 1, read_format();
      else if (key == "fortran_order") found |= 2, is_column_major = truth();
      else if (key == "shape") found |= 4, read_shape();
      else refuse("the key '" + std::string(key.substr(0, 40)) + "'");
      if (!take(',') && !peek('}')) refuse("no comma between entries");
    }
    if (found != 7) refuse("an entry that is missing");
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(Trouble::data, where_, "a header that NumPy does not write: " + what, "descr, fortran_order and shape");
  }
  void skip_blanks() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n' || rest_[0] == '\t')) rest_.remove_prefix(1);
  }
  bool peek(char c) {
    skip_blanks();
    return !rest_.empty() && rest_[0] == c;
  }
  bool take(char c) {
    if (!peek(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!take(c)) refuse(std::string("no '") + c + "' where one belongs");
  }
  std::string_view text() {
    skip_blanks();
    if (rest_.empty() || (rest_[0] != '\'' && rest_[0] != '"')) refuse("no text where one belongs");
    const std::size_t end = rest_.find(rest_[0], 1);
    if (end == rest_.npos) refuse("a text without an end");
    const std::string_view inside = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return inside;
  }
  bool truth() {
    skip_blanks();
    for (const bool value : {true, false})
      if (const std::string_view word = value ? "True" : "False"; rest_.starts_with(word)) {
        rest_.remove_prefix(word.size());
        return value;
      }
    refuse("neither True nor False");
  }
  void read_shape() {
    std::vector<std::int64_t> sizes;
    expect('(');
    while (!take(')')) {
      skip_blanks();
      std::int64_t size = 0;
      const auto [end, trouble] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), size);
      if (trouble != std::errc()) refuse("an extent that is not a whole number");
      rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
      sizes.push_back(size);
      if (sizes.size() > 32) refuse("more than 32 axes");
      if (!take(',') && !peek(')')) refuse("no comma between extents");
    }
    shape = Shape(sizes);
  }
  void read_format() {
    if (peek('[')) throw Error(Trouble::data, where_, "a structured array (named fields)", "one plain array of numbers");
    std::string_view descr = text();
    const std::string whole(descr);
    format.is_big_endian = descr.starts_with('>');
    if (!descr.empty() && std::string_view("<>|=").find(descr[0]) != std::string_view::npos) descr.remove_prefix(1);
    const char kind = descr.empty() ? '?' : descr[0];
    const std::string_view size = descr.empty() ? descr : descr.substr(1);
    const std::string wanted = "numbers or booleans: f2 f4 f8 i1 .. i8 u1 .. u8 b1";
    if (kind == 'O')
      throw Error(Trouble::data, where_, "Python objects (dtype object), which only running their code could read", wanted,
                  "save it as numbers: array.astype(float)");
    if (kind == 'c') throw Error(Trouble::data, where_, "complex numbers (dtype " + whole + ")", wanted);
    if (kind == 'S' || kind == 'U' || kind == 'a') throw Error(Trouble::data, where_, "strings (dtype " + whole + ")", wanted);
    if (kind == 'M' || kind == 'm') throw Error(Trouble::data, where_, "dates (dtype " + whole + ")", wanted);
    const bool is_known = (kind == 'f' && (size == "2" || size == "4" || size == "8")) || (kind == 'b' && size == "1") ||
                          ((kind == 'i' || kind == 'u') && (size == "1" || size == "2" || size == "4" || size == "8"));
    if (!is_known) throw Error(Trouble::data, where_, "the dtype " + whole.substr(0, 40), wanted);
    format.kind = kind;
    format.bytes = size[0] - '0';
  }

  std::string_view rest_;
  const std::string& where_;
};

}  // namespace

FileArray read_npy(ByteStream& stream, const std::string& where) {
  unsigned char start[8];
  read_exactly(stream, start, 8, where);
  if (std::string_view(reinterpret_cast<const char*>(start), npy_magic.size()) != npy_magic || start[6] < 1 || start[6] > 3)
    throw Error(Trouble::data, where, "a file that does not begin as .npy files do", "NumPy's format, version 1, 2 or 3");
  unsigned char size[4] = {};
  read_exactly(stream, size, start[6] == 1 ? 2 : 4, where);
  const std::uint64_t length = size[0] | (size[1] << 8) | (static_cast<std::uint64_t>(size[2]) << 16) |
                               (static_cast<std::uint64_t>(size[3]) << 24);
  if (length > 1 << 20 || length > stream.most_bytes())
    throw Error(Trouble::data, where, "a header of " + std::to_string(length) + " bytes", "at most a mebibyte");
  std::string header(static_cast<std::size_t>(length), '\0');
  read_exactly(stream, header.data(), header.size(), where);
  HeaderParser parser(header, where);
  parser.parse();
  return read_elements(stream, parser.format, parser.shape, parser.is_column_major, where);
}

}  // namespace tend
