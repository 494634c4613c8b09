// BMP, the kinds that programs write: 1, 4 and 8 bits with a palette, 24 and 32 bits, uncompressed, of any version of the header.
// Numbers are little-endian; rows are padded to 4 bytes and stored from the last to the first unless the height is negative.
#include <bit>
#include <cstdlib>

#include "tend/base/error.h"
#include "tend/data/picture/picture.h"

namespace tend {
namespace {

constexpr std::size_t file_header = 14;
enum Compression : std::uint32_t { none = 0, bit_fields = 3, bit_fields_and_alpha = 6 };

class Bmp {
 public:
  Bmp(std::string_view bytes, const std::string& where) : bytes_(bytes), where_(where) {}

  Picture decoded() {
    read_header();
    Picture picture{.height = static_cast<int>(height_), .width = static_cast<int>(width_)};
    if (bits_ <= 8) read_palette();
    picture.channels = bits_ <= 8 && is_grey_ ? 1 : 3;
    picture.pixels.resize(static_cast<std::size_t>(width_ * height_ * picture.channels));
    std::uint8_t* out = picture.pixels.data();
    for (std::int64_t row = 0; row < height_; ++row) {
      const std::size_t at = pixels_at_ + static_cast<std::size_t>((is_top_down_ ? row : height_ - 1 - row) * stride_);
      out = bits_ <= 8 ? put_indexed(at, picture.channels, out) : put_colours(at, out);
    }
    return picture;
  }

 private:
  std::uint32_t number(std::size_t at, std::size_t n) const {
    std::uint32_t v = 0;
    for (std::size_t k = n; k-- > 0;) v = v << 8 | static_cast<unsigned char>(bytes_[at + k]);
    return v;
  }
  [[noreturn]] void refuse(const std::string& got, const std::string& wanted = "a whole BMP file") const {
    throw Error(Trouble::data, where_, got, wanted);
  }

  void read_header() {
    header_ = number(file_header, 4);
    const bool is_old = header_ == 12;
    if (bytes_.size() < file_header + header_) refuse("a damaged BMP: it ends in its header");
    pixels_at_ = number(10, 4);
    const auto height = static_cast<std::int32_t>(number(file_header + (is_old ? 6 : 8), is_old ? 2 : 4));
    const auto width = static_cast<std::int32_t>(number(file_header + 4, is_old ? 2 : 4));
    is_top_down_ = height < 0;
    height_ = std::abs(static_cast<std::int64_t>(height));
    width_ = width;
    bits_ = number(file_header + (is_old ? 10 : 14), 2);
    const std::uint32_t compression = is_old ? 0 : number(file_header + 16, 4);
    if (width_ < 0) refuse("a damaged BMP of the width " + std::to_string(width_));
    check_claim(static_cast<std::uint64_t>(width_), static_cast<std::uint64_t>(height_), 3, bytes_.size(), "BMP", where_);
    const bool has_fields = compression == bit_fields || compression == bit_fields_and_alpha;
    if ((bits_ != 1 && bits_ != 4 && bits_ != 8 && bits_ != 24 && bits_ != 32) ||
        (compression != none && !(has_fields && bits_ == 32)))
      refuse("a BMP of " + std::to_string(bits_) + " bits a pixel" + (compression != none ? ", compressed" : ""),
             "an uncompressed BMP of 1, 4, 8, 24 or 32 bits a pixel");
    if (has_fields) read_fields();
    stride_ = (width_ * bits_ + 31) / 32 * 4;
    if (pixels_at_ > bytes_.size() || bytes_.size() - pixels_at_ < static_cast<std::uint64_t>(stride_ * height_))
      refuse("a damaged BMP: it ends before its last pixel");
  }

  /// Masks of whole bytes say where red, green and blue are.
  void read_fields() {
    constexpr std::size_t masks = file_header + 40;
    if (bytes_.size() < masks + 12) refuse("a damaged BMP: it ends in its header");
    for (std::size_t c = 0; c < 3; ++c) {
      const std::uint32_t mask = number(masks + 4 * c, 4);
      const int shift = mask ? std::countr_zero(mask) : 0;
      if (shift % 8 != 0 || mask >> shift != 0xff)
        refuse("a BMP whose colours do not have 8 bits each", "8 bits for each colour");
      place_[c] = static_cast<std::size_t>(shift / 8);
    }
  }

  void read_palette() {
    const std::size_t entry = header_ == 12 ? 3 : 4;
    std::size_t colours = std::size_t{1} << bits_;
    if (const std::uint32_t used = header_ >= 36 ? number(file_header + 32, 4) : 0; used > 0 && used < colours) colours = used;
    const std::size_t at = file_header + header_;
    if (bytes_.size() < at + entry * colours) refuse("a damaged BMP: it ends in its palette");
    for (std::size_t i = 0; i < colours; ++i) {
      for (std::size_t c = 0; c < 3; ++c) palette_[i][c] = static_cast<std::uint8_t>(bytes_[at + entry * i + 2 - c]);
      is_grey_ = is_grey_ && palette_[i][0] == palette_[i][1] && palette_[i][1] == palette_[i][2];
    }
  }

  std::uint8_t* put_indexed(std::size_t at, int channels, std::uint8_t* out) const {
    for (std::int64_t j = 0; j < width_; ++j) {
      const auto bit = static_cast<std::size_t>(j) * bits_;
      const unsigned byte = static_cast<unsigned char>(bytes_[at + bit / 8]);
      const unsigned index = (byte >> (8 - bits_ - bit % 8)) & ((1u << bits_) - 1);
      for (int c = 0; c < channels; ++c) *out++ = palette_[index][c];
    }
    return out;
  }

  std::uint8_t* put_colours(std::size_t at, std::uint8_t* out) const {
    for (std::int64_t j = 0; j < width_; ++j, at += bits_ / 8)
      for (const std::size_t place : place_) *out++ = static_cast<std::uint8_t>(bytes_[at + place]);
    return out;
  }

  std::string_view bytes_;
  const std::string& where_;
  std::size_t header_ = 0, pixels_at_ = 0;
  std::int64_t width_ = 0, height_ = 0, stride_ = 0;
  std::uint32_t bits_ = 0;
  bool is_top_down_ = false, is_grey_ = true;
  std::size_t place_[3] = {2, 1, 0};   // of red, green and blue in a pixel
  std::uint8_t palette_[256][3] = {};  // an index beyond the palette is black
};

}  // namespace

bool is_bmp(std::string_view head) {
  if (head.size() < 26 || head.substr(0, 2) != "BM" || head.substr(15, 3) != std::string_view("\0\0\0", 3)) return false;
  const int header = static_cast<unsigned char>(head[14]);
  for (const int size : {12, 40, 52, 56, 64, 108, 124})
    if (header == size) return true;
  return false;
}

Picture decode_bmp(std::string_view bytes, const std::string& where) { return Bmp(bytes, where).decoded(); }

}  // namespace tend
