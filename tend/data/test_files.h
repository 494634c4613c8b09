#pragma once
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

/// Small valid files for tests, made here byte by byte, and a temporary folder for them.
namespace tend::test {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "tend_test_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string path(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }
  /// Writes a file and the folders above it. Returns its path.
  std::string write(const std::string& name, const std::string& bytes) const {
    const std::filesystem::path file = path(name);
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
    return file.string();
  }

 private:
  std::string path_;
};

inline std::string little(std::uint64_t v, int bytes) {
  std::string s;
  for (int i = 0; i < bytes; ++i, v >>= 8) s += static_cast<char>(v);
  return s;
}
inline std::string big(std::uint64_t v, int bytes) {
  std::string s = little(v, bytes);
  return {s.rbegin(), s.rend()};
}
inline std::uint32_t crc32_of(const std::string& bytes) {
  std::uint32_t crc = 0xffffffffu;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320u : 0);
  }
  return ~crc;
}
inline std::uint32_t adler32_of(const std::string& bytes) {
  std::uint32_t a = 1, b = 0;
  for (const char c : bytes) {
    a = (a + static_cast<unsigned char>(c)) % 65521;
    b = (b + a) % 65521;
  }
  return b << 16 | a;
}
/// Encodes as deflate without compression. Requires fewer than 65536 bytes.
inline std::string stored(const std::string& bytes) {
  return "\x01" + little(bytes.size(), 2) + little(~bytes.size() & 0xffff, 2) + bytes;
}
inline std::string gzip(const std::string& bytes) {
  return std::string("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10) + stored(bytes) + little(crc32_of(bytes), 4) + little(bytes.size(), 4);
}
inline std::string idx(int type, const std::vector<std::uint32_t>& sizes, const std::string& elements) {
  std::string s = big(static_cast<std::uint64_t>(type), 3) + big(sizes.size(), 1);
  for (const std::uint32_t size : sizes) s += big(size, 4);
  return s + elements;
}
inline std::string npy(const std::string& descr, const std::string& shape, const std::string& elements,
                       bool is_column_major = false, int version = 1) {
  const std::string header = "{'descr': " + descr + ", 'fortran_order': " + (is_column_major ? "True" : "False") +
                             ", 'shape': " + shape + ", }\n";
  return "\x93NUMPY" + little(static_cast<std::uint64_t>(version), 1) + std::string(1, '\0') +
         little(header.size(), version == 1 ? 2 : 4) + header + elements;
}
template <class T>
std::string bytes_of(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}
using Files = std::vector<std::pair<std::string, std::string>>;
inline std::string zip(const Files& files) {
  std::string all, directory;
  for (const auto& [name, bytes] : files) {
    const std::string sizes = little(crc32_of(bytes), 4) + little(bytes.size(), 4) + little(bytes.size(), 4) +
                              little(name.size(), 2);
    directory += little(0x02014b50, 4) + little(20, 2) + little(20, 2) + little(0, 2) + little(0, 2) + little(0, 4) + sizes +
                 little(0, 2) + little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4) + little(all.size(), 4) + name;
    all += little(0x04034b50, 4) + little(20, 2) + little(0, 2) + little(0, 2) + little(0, 4) + sizes + little(0, 2) + name +
           bytes;
  }
  return all + directory + little(0x06054b50, 4) + little(0, 4) + little(files.size(), 2) + little(files.size(), 2) +
         little(directory.size(), 4) + little(all.size(), 4) + little(0, 2);
}
inline std::string octal(std::uint64_t v, int digits) {
  std::string s(static_cast<std::size_t>(digits), '0');
  for (int i = digits - 1; v; --i, v /= 8) s[static_cast<std::size_t>(i)] = static_cast<char>('0' + v % 8);
  return s;
}
inline std::string tar(const Files& files) {
  std::string all;
  for (const auto& [name, bytes] : files) {
    std::string header(512, '\0');
    header.replace(0, name.size(), name);
    header.replace(100, 7, "0000644");
    header.replace(124, 11, octal(bytes.size(), 11));
    header.replace(136, 11, octal(0, 11));
    header.replace(148, 8, "        ");
    header[156] = '0';
    header.replace(257, 8,
                   std::string("ustar\0"
                               "00",
                               8));
    std::uint64_t sum = 0;
    for (const char c : header) sum += static_cast<unsigned char>(c);
    header.replace(148, 7, octal(sum, 6) + '\0');
    all += header + bytes + std::string((512 - bytes.size() % 512) % 512, '\0');
  }
  return all + std::string(1024, '\0');
}
/// A PNG of lines of bytes, each as it is stored. colour_type 0 grey, 2 RGB, 4 and 6 the same with transparency. Requires fewer
/// than 65536 bytes.
inline std::string png_of_lines(std::uint32_t height, std::uint32_t width, int bits, int colour_type, const std::string& pixels) {
  const auto chunk = [](const std::string& kind, const std::string& bytes) {
    return big(bytes.size(), 4) + kind + bytes + big(crc32_of(kind + bytes), 4);
  };
  std::string lines;
  const std::size_t line = pixels.size() / height;
  for (std::size_t i = 0; i < height; ++i) lines += '\0' + pixels.substr(i * line, line);
  const std::string header = big(width, 4) + big(height, 4) + static_cast<char>(bits) + static_cast<char>(colour_type) +
                             std::string(3, '\0');
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + chunk("IDAT", "\x78\x01" + stored(lines) + big(adler32_of(lines), 4)) +
         chunk("IEND", "");
}
inline std::string png(std::uint32_t height, std::uint32_t width, int colour_type, const std::string& pixels) {
  return png_of_lines(height, width, 8, colour_type, pixels);
}
inline std::string deep_png(std::uint32_t height, std::uint32_t width, int colour_type,
                            const std::vector<std::uint16_t>& samples) {
  std::string bytes;
  for (const std::uint16_t v : samples) bytes += big(v, 2);
  return png_of_lines(height, width, 16, colour_type, bytes);
}
/// A BMP of rows as they are stored: padded, from the last to the first if the height is positive.
inline std::string bmp(std::int32_t width, std::int32_t height, int bits, const std::string& palette, const std::string& rows,
                       std::uint32_t compression = 0) {
  const auto number = [](std::int64_t v, int bytes) { return little(static_cast<std::uint64_t>(v), bytes); };
  return "BM" + number(0, 8) + little(54 + palette.size(), 4) + little(40, 4) + number(width, 4) + number(height, 4) +
         little(1, 2) + number(bits, 2) + little(compression, 4) + number(0, 12) + little(bits <= 8 ? palette.size() / 4 : 0, 4) +
         number(0, 4) + palette + rows;
}
inline std::string from_hex(const std::string& hex) {
  std::string s;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) s += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return s;
}
/// 8 rows, 16 columns: red on the left, blue on the right.
inline const std::string red_blue_jpeg = from_hex(
    "ffd8ffe000104a46494600010100000100010000ffdb0043000302020302020303030304030304050805050404050a070706080c0a0c0c"
    "0b0a0b0b0d0e12100d0e110e0b0b1016101113141515150c0f171816141812141514ffdb00430103040405040509050509140d0b0d1414"
    "141414141414141414141414141414141414141414141414141414141414141414141414141414141414141414141414ffc00011080008"
    "001003011100021101031101ffc4001500010100000000000000000000000000000708ffc4001410010000000000000000000000000000"
    "0000ffc4001501010100000000000000000000000000000907ffc40014110100000000000000000000000000000000ffda000c03010002"
    "110311003f009d10c2a60238c1d1ffd9");
/// The same with EXIF orientation 6 (to be rotated clockwise).
inline const std::string turned_jpeg = from_hex(
    "ffd8ffe000104a46494600010100000100010000ffe100224578696600004d4d002a000000080001011200030000000100060000000000"
    "00ffdb0043000302020302020303030304030304050805050404050a070706080c0a0c0c0b0a0b0b0d0e12100d0e110e0b0b1016101113"
    "141515150c0f171816141812141514ffdb00430103040405040509050509140d0b0d141414141414141414141414141414141414141414"
    "1414141414141414141414141414141414141414141414141414141414ffc00011080008001003011100021101031101ffc40015000101"
    "00000000000000000000000000000708ffc40014100100000000000000000000000000000000ffc4001501010100000000000000000000"
    "000000000907ffc40014110100000000000000000000000000000000ffda000c03010002110311003f009d10c2a60238c1d1ffd9");
/// 8 x 8, grey 100.
inline const std::string grey_jpeg = from_hex(
    "ffd8ffe000104a46494600010100000100010000ffdb0043000302020302020303030304030304050805050404050a070706080c0a0c0c"
    "0b0a0b0b0d0e12100d0e110e0b0b1016101113141515150c0f171816141812141514ffc0000b080008000801011100ffc4001400010000"
    "0000000000000000000000000007ffc40014100100000000000000000000000000000000ffda0008010100003f00347fffd9");
/// The first JPEG as CMYK.
inline const std::string ink_jpeg = from_hex(
    "ffd8ffee000e41646f626500640000000000ffdb004300080606070605080707070909080a0c140d0c0b0b0c1912130f141d1a1f1e1d1a"
    "1c1c20242e2720222c231c1c2837292c30313434341f27393d38323c2e333432ffc000140800080010044311004d11005911004b1100ff"
    "c400160001010100000000000000000000000000080007ffc40014100100000000000000000000000000000000ffda000e0443004d0059"
    "004b00003f00dfc7f1fdbf8008ff004fffd9");

}  // namespace tend::test
