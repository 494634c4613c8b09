// TIFF by libtiff. Samples of 8 and 16 bits, grey or RGB, are taken as they are; everything else that libtiff can show (fewer
// bits, palettes, CMYK, YCbCr) goes through its conversion to RGBA of 8 bits.
#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>

#include <tiffio.h>

#include "tend/base/error.h"
#include "tend/data/picture/picture.h"

namespace tend {
namespace {

constexpr std::uint64_t most_tiff_bytes = std::uint64_t{1} << 30;  // of one decoded block or image

/// The file in memory, as libtiff reads it, and the first error that libtiff reported.
struct TiffFile {
  std::string_view bytes;
  std::uint64_t at = 0;
  std::string trouble = {};
};

tmsize_t read_bytes(thandle_t handle, void* out, tmsize_t n) {
  auto& file = *static_cast<TiffFile*>(handle);
  if (n <= 0 || file.at >= file.bytes.size()) return 0;
  const std::size_t got = file.bytes.copy(static_cast<char*>(out), static_cast<std::size_t>(n),
                                          static_cast<std::size_t>(file.at));
  file.at += got;
  return static_cast<tmsize_t>(got);
}
tmsize_t write_nothing(thandle_t, void*, tmsize_t) { return 0; }
toff_t seek_to(thandle_t handle, toff_t offset, int from) {
  auto& file = *static_cast<TiffFile*>(handle);
  file.at = from == SEEK_SET ? offset : from == SEEK_CUR ? file.at + offset : file.bytes.size() + offset;
  return file.at;
}
int close_nothing(thandle_t) { return 0; }
toff_t size_of_file(thandle_t handle) { return static_cast<TiffFile*>(handle)->bytes.size(); }

int keep_error(TIFF*, void* user, const char* place, const char* format, va_list arguments) {
  auto& trouble = static_cast<TiffFile*>(user)->trouble;
  if (!trouble.empty()) return 1;
  char text[200];
  std::vsnprintf(text, sizeof text, format, arguments);
  trouble = (place ? std::string(place).substr(0, 60) + ": " : "") + text;
  return 1;
}
int drop_warning(TIFF*, void*, const char*, const char*, va_list) { return 1; }

struct CloseTiff {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
struct FreeOptions {
  void operator()(TIFFOpenOptions* options) const { TIFFOpenOptionsFree(options); }
};

class Tiff {
 public:
  Tiff(std::string_view bytes, const std::string& where) : file_{.bytes = bytes}, where_(where) {
    const std::unique_ptr<TIFFOpenOptions, FreeOptions> options(TIFFOpenOptionsAlloc());
    TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), static_cast<tmsize_t>(most_tiff_bytes));
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keep_error, &file_);
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), drop_warning, nullptr);
    tiff_.reset(TIFFClientOpenExt("TIFF", "rm", &file_, read_bytes, write_nothing, seek_to, close_nothing, size_of_file, nullptr,
                                  nullptr, options.get()));
    if (!tiff_) refuse();
  }

  Picture decoded() {
    read_header();
    Picture picture{.height = static_cast<int>(height_), .width = static_cast<int>(width_), .channels = is_grey_ ? 1 : 3};
    const bool is_usual = (bits_ == 8 || bits_ == 16) && has_usual_colours_;
    if (!is_usual) read_as_rgba(picture);
    else if (bits_ == 8) read_samples(picture, picture.pixels);
    else read_samples(picture, picture.deep);
    return upright(std::move(picture), number(TIFFTAG_ORIENTATION));
  }

 private:
  [[noreturn]] void refuse() const {
    throw Error(Trouble::data, where_, "a damaged TIFF" + (file_.trouble.empty() ? "" : ": " + file_.trouble),
                "a whole TIFF file");
  }
  int number(std::uint32_t tag) const {
    std::uint16_t v = 0;
    return TIFFGetFieldDefaulted(tiff_.get(), tag, &v) ? v : 0;
  }

  void read_header() {
    if (!TIFFGetField(tiff_.get(), TIFFTAG_IMAGEWIDTH, &width_) || !TIFFGetField(tiff_.get(), TIFFTAG_IMAGELENGTH, &height_))
      refuse();
    bits_ = number(TIFFTAG_BITSPERSAMPLE);
    samples_ = static_cast<std::uint32_t>(number(TIFFTAG_SAMPLESPERPIXEL));
    const int kind = number(TIFFTAG_SAMPLEFORMAT);
    std::uint16_t colours = 0;
    if (!TIFFGetField(tiff_.get(), TIFFTAG_PHOTOMETRIC, &colours))
      colours = samples_ >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
    is_white_zero_ = colours == PHOTOMETRIC_MINISWHITE;
    is_grey_ = is_white_zero_ || colours == PHOTOMETRIC_MINISBLACK;
    has_usual_colours_ = is_grey_ || (colours == PHOTOMETRIC_RGB && samples_ >= 3);
    if (kind != SAMPLEFORMAT_UINT && kind != SAMPLEFORMAT_VOID)
      throw Error(Trouble::data, where_, "a TIFF of signed or floating-point samples", "whole numbers of up to 16 bits");
    if (bits_ > 16) throw Error(Trouble::data, where_, "a TIFF of " + std::to_string(bits_) + " bits a sample", "at most 16");
    const std::uint64_t bytes = std::max<std::uint64_t>(3, std::uint64_t{samples_} * (bits_ > 8 ? 2 : 1));
    check_claim(width_, height_, bytes, file_.bytes.size(), "TIFF", where_);
    is_tiled_ = TIFFIsTiled(tiff_.get());
    if (is_tiled_) {
      TIFFGetField(tiff_.get(), TIFFTAG_TILEWIDTH, &block_width_);
      TIFFGetField(tiff_.get(), TIFFTAG_TILELENGTH, &block_height_);
      check_claim(block_width_, block_height_, bytes, file_.bytes.size(), "TIFF", where_);
    } else {
      TIFFGetFieldDefaulted(tiff_.get(), TIFFTAG_ROWSPERSTRIP, &block_height_);
      block_width_ = width_;
      block_height_ = std::clamp(block_height_, 1u, height_);
    }
    if (std::uint64_t{width_} * height_ * bytes > most_tiff_bytes || block_bytes() > most_tiff_bytes)
      throw Error(Trouble::data, where_, "a TIFF that unpacks to more than 1 GiB", "a smaller image");
  }
  std::uint64_t block_bytes() const { return is_tiled_ ? TIFFTileSize64(tiff_.get()) : TIFFStripSize64(tiff_.get()); }

  /// Reads the blocks (strips or tiles) of each plane: one plane with all samples of a pixel, or one for each sample.
  template <class T>
  void read_samples(const Picture& picture, std::vector<T>& out) {
    out.resize(std::size_t{width_} * height_ * static_cast<std::size_t>(picture.channels));
    std::vector<T> block(static_cast<std::size_t>(block_bytes()) / sizeof(T));
    const bool has_planes = number(TIFFTAG_PLANARCONFIG) == PLANARCONFIG_SEPARATE;
    const std::uint32_t planes = has_planes ? static_cast<std::uint32_t>(picture.channels) : 1;
    for (std::uint32_t plane = 0; plane < planes; ++plane)
      for (std::uint32_t y = 0; y < height_; y += block_height_)
        for (std::uint32_t x = 0; x < width_; x += block_width_) {
          read_block(x, y, plane, block);
          put_block(x, y, plane, has_planes, block, static_cast<std::uint32_t>(picture.channels), out);
        }
  }

  template <class T>
  void read_block(std::uint32_t x, std::uint32_t y, std::uint32_t plane, std::vector<T>& block) {
    const auto size = static_cast<tmsize_t>(block.size() * sizeof(T));
    const auto sample = static_cast<std::uint16_t>(plane);
    const tmsize_t got = is_tiled_
                             ? TIFFReadEncodedTile(tiff_.get(), TIFFComputeTile(tiff_.get(), x, y, 0, sample), block.data(), size)
                             : TIFFReadEncodedStrip(tiff_.get(), TIFFComputeStrip(tiff_.get(), y, sample), block.data(), size);
    if (got < 0) refuse();
    std::fill(block.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(got) / sizeof(T)), block.end(), T{});
  }

  template <class T>
  void put_block(std::uint32_t x, std::uint32_t y, std::uint32_t plane, bool has_planes, const std::vector<T>& block,
                 std::uint32_t channels, std::vector<T>& out) const {
    const std::uint32_t rows = std::min(block_height_, height_ - y), columns = std::min(block_width_, width_ - x);
    const std::size_t step = has_planes ? 1 : samples_, kept = has_planes ? 1 : channels, line = std::size_t{block_width_} * step;
    if (block.size() < (rows - 1) * line + columns * step) refuse();
    for (std::uint32_t row = 0; row < rows; ++row)
      for (std::uint32_t column = 0; column < columns; ++column) {
        const T* from = block.data() + row * line + column * step;
        T* to = out.data() + (std::size_t{y + row} * width_ + x + column) * channels + plane;
        for (std::size_t c = 0; c < kept; ++c) to[c] = is_white_zero_ ? static_cast<T>(~from[c]) : from[c];
      }
  }

  void read_as_rgba(Picture& picture) {
    char text[1024] = "";
    TIFFRGBAImage image;
    if (!TIFFRGBAImageOK(tiff_.get(), text) || !TIFFRGBAImageBegin(&image, tiff_.get(), 1, text))
      throw Error(Trouble::data, where_, std::string("a TIFF that cannot be shown: ") + text,
                  "grey, RGB, CMYK, YCbCr or a palette");
    image.req_orientation = image.orientation;  // upright() turns it
    const std::size_t pixels = std::size_t{width_} * height_;
    std::vector<std::uint32_t> raster(pixels);
    const bool is_whole = TIFFRGBAImageGet(&image, raster.data(), width_, height_);
    TIFFRGBAImageEnd(&image);
    if (!is_whole) refuse();
    picture.pixels.resize(pixels * static_cast<std::size_t>(picture.channels));
    std::uint8_t* out = picture.pixels.data();
    for (const std::uint32_t v : raster)
      for (int c = 0; c < picture.channels; ++c) *out++ = static_cast<std::uint8_t>(v >> (8 * c));
  }

  TiffFile file_;
  const std::string& where_;
  std::unique_ptr<TIFF, CloseTiff> tiff_;
  std::uint32_t width_ = 0, height_ = 0, samples_ = 0, block_width_ = 0, block_height_ = 0;
  int bits_ = 0;
  bool is_grey_ = false, is_white_zero_ = false, has_usual_colours_ = false, is_tiled_ = false;
};

}  // namespace

bool is_tiff(std::string_view head) {
  using namespace std::string_view_literals;
  for (const std::string_view magic : {"II*\0"sv, "MM\0*"sv, "II+\0"sv, "MM\0+"sv})
    if (head.substr(0, 4) == magic) return true;
  return false;
}

Picture decode_tiff(std::string_view bytes, const std::string& where) { return Tiff(bytes, where).decoded(); }

}  // namespace tend
