#include <algorithm>
#include <cstring>
#include <functional>

#include <gtest/gtest.h>
#include <tiffio.h>
#include <webp/encode.h>

#include "tend/base/error.h"
#include "tend/data/picture/picture.h"
#include "tend/data/test_files.h"

namespace tend::picture_formats_test {
namespace {

using namespace test;

std::string text_of(const Picture& p) { return {p.pixels.begin(), p.pixels.end()}; }

std::string trouble_of(const std::string& bytes) {
  try {
    decode_picture(bytes, "x");
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

/// A TIFF that libtiff writes: `set` sets its tags and writes its samples.
std::string tiff(int width, int height, int bits, int samples, int photometric, const std::function<void(TIFF*)>& write) {
  const Folder folder;
  TIFF* file = TIFFOpen(folder.path("t.tif").c_str(), "w");
  TIFFSetField(file, TIFFTAG_IMAGEWIDTH, width);
  TIFFSetField(file, TIFFTAG_IMAGELENGTH, height);
  TIFFSetField(file, TIFFTAG_BITSPERSAMPLE, bits);
  TIFFSetField(file, TIFFTAG_SAMPLESPERPIXEL, samples);
  TIFFSetField(file, TIFFTAG_PHOTOMETRIC, photometric);
  write(file);
  TIFFClose(file);
  std::ifstream in(folder.path("t.tif"), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
/// Writes lines of bytes in strips of one line.
std::function<void(TIFF*)> lines(std::vector<std::string> all, int compression = COMPRESSION_NONE,
                                 int planar = PLANARCONFIG_CONTIG) {
  return [=](TIFF* file) {
    TIFFSetField(file, TIFFTAG_COMPRESSION, compression);
    TIFFSetField(file, TIFFTAG_PLANARCONFIG, planar);
    TIFFSetField(file, TIFFTAG_ROWSPERSTRIP, 1);
    for (std::size_t i = 0; i < all.size(); ++i) {
      std::string line = all[i];
      TIFFWriteEncodedStrip(file, static_cast<std::uint32_t>(i), line.data(), static_cast<tmsize_t>(line.size()));
    }
  };
}
std::string deep_line(const std::vector<std::uint16_t>& samples) { return bytes_of(samples); }

std::string webp(const std::string& rgb, int width, int height) {
  std::uint8_t* out = nullptr;
  const std::size_t n = WebPEncodeLosslessRGB(reinterpret_cast<const std::uint8_t*>(rgb.data()), width, height, 3 * width, &out);
  std::string bytes(reinterpret_cast<const char*>(out), n);
  WebPFree(out);
  return bytes;
}

TEST(Png, samples_of_16_bits_keep_them) {
  const Picture p = decode_picture(deep_png(1, 2, 0, {0x0102, 0xffff}), "x");
  EXPECT_EQ(p.deep, (std::vector<std::uint16_t>{0x0102, 0xffff}));
  EXPECT_TRUE(p.pixels.empty());
  const Picture colour = decode_picture(deep_png(1, 1, 2, {1, 2, 3}), "x");
  EXPECT_EQ(colour.channels, 3);
  EXPECT_EQ(colour.deep, (std::vector<std::uint16_t>{1, 2, 3}));
}
TEST(Png, transparency_is_dropped) {
  EXPECT_EQ(decode_picture(deep_png(1, 1, 6, {1, 2, 3, 9}), "x").deep, (std::vector<std::uint16_t>{1, 2, 3}));
  EXPECT_EQ(decode_picture(deep_png(1, 2, 4, {1, 9, 2, 9}), "x").deep, (std::vector<std::uint16_t>{1, 2}));
  EXPECT_EQ(text_of(decode_picture(png(1, 2, 4, "a!b!"), "x")), "ab");
  EXPECT_EQ(text_of(decode_picture(png(1, 1, 6, "abc!"), "x")), "abc");
}

TEST(Bmp, rows_come_from_the_top_whichever_way_they_are_stored) {
  // Two rows of one pixel of blue, green, red and a byte that fills up.
  const std::string rows("cba\0fed\0", 8);
  EXPECT_EQ(text_of(decode_picture(bmp(1, 2, 24, "", rows), "x")), "defabc");
  EXPECT_EQ(text_of(decode_picture(bmp(1, -2, 24, "", rows), "x")), "abcdef");
}
TEST(Bmp, palettes_of_1_4_and_8_bits_are_looked_up) {
  const std::string grey("\1\1\1\0\7\7\7\0", 8), colour("cba\0fed\0", 8);
  EXPECT_EQ(text_of(decode_picture(bmp(9, 1, 1, grey, std::string("\x81\x80\0\0", 4)), "x")), "\7\1\1\1\1\1\1\7\7");
  EXPECT_EQ(text_of(decode_picture(bmp(3, 1, 4, grey, std::string("\x10\x10\0\0", 4)), "x")), "\7\1\7");
  const Picture p = decode_picture(bmp(2, 1, 8, colour, std::string("\1\0\0\0", 4)), "x");
  EXPECT_EQ(p.channels, 3);
  EXPECT_EQ(text_of(p), "defabc");
  EXPECT_EQ(text_of(decode_picture(bmp(1, 1, 8, colour, std::string("\5\0\0\0", 4)), "x")), std::string(3, '\0'));
}
TEST(Bmp, of_32_bits_drops_the_fourth_byte) { EXPECT_EQ(text_of(decode_picture(bmp(1, 1, 32, "", "cba!"), "x")), "abc"); }
TEST(Bmp, masks_say_where_the_colours_are) {
  const std::string masks = big(0xff, 4) + big(0xff00, 4) + big(0xff0000, 4);  // red in the last byte of a pixel
  EXPECT_EQ(text_of(decode_picture(bmp(1, 1, 32, masks, "!cba", 3), "x")), "abc");
  EXPECT_NE(trouble_of(bmp(1, 1, 32, little(0x3f, 4) + masks.substr(4), "!cba", 3)).find("8 bits each"), std::string::npos);
}
TEST(Bmp, other_kinds_and_damage_are_refused) {
  EXPECT_NE(trouble_of(bmp(2, 1, 8, "", "ab", 1)).find("a BMP of 8 bits a pixel, compressed"), std::string::npos);
  EXPECT_NE(trouble_of(bmp(1, 1, 16, "", "abcd")).find("a BMP of 16 bits"), std::string::npos);
  EXPECT_NE(trouble_of(bmp(1, 2, 24, "", "abc")).find("ends before its last pixel"), std::string::npos);
  EXPECT_NE(trouble_of(bmp(65500, 65500, 24, "", "abc")).find("65500 x 65500 pixels"), std::string::npos);
  EXPECT_NE(trouble_of(bmp(0, 1, 24, "", "abc")).find("without an image"), std::string::npos);
  const std::string whole = bmp(2, 2, 8, std::string(1024, 'a'), "abcdabcd");
  EXPECT_EQ(trouble_of(whole), "");
  for (std::size_t n = 0; n < whole.size(); ++n) EXPECT_NE(trouble_of(whole.substr(0, n)), "") << n;
}

TEST(Tiff, samples_of_16_bits_keep_them) {
  for (const int compression : {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_PACKBITS}) {
    const Picture p = decode_picture(
        tiff(2, 2, 16, 1, PHOTOMETRIC_MINISBLACK, lines({deep_line({0, 0x0102}), deep_line({3, 0xffff})}, compression)), "x");
    EXPECT_EQ(p.channels, 1);
    EXPECT_EQ(p.deep, (std::vector<std::uint16_t>{0, 0x0102, 3, 0xffff})) << compression;
  }
  const Picture colour = decode_picture(tiff(1, 1, 16, 3, PHOTOMETRIC_RGB, lines({deep_line({1, 2, 3})})), "x");
  EXPECT_EQ(colour.deep, (std::vector<std::uint16_t>{1, 2, 3}));
}
TEST(Tiff, bytes_are_read_in_strips_planes_and_tiles) {
  EXPECT_EQ(text_of(decode_picture(tiff(2, 1, 8, 3, PHOTOMETRIC_RGB, lines({"abcdef"})), "x")), "abcdef");
  EXPECT_EQ(text_of(decode_picture(
                tiff(2, 1, 8, 3, PHOTOMETRIC_RGB, lines({"ad", "be", "cf"}, COMPRESSION_NONE, PLANARCONFIG_SEPARATE)), "x")),
            "abcdef");
  EXPECT_EQ(text_of(decode_picture(tiff(2, 1, 8, 4, PHOTOMETRIC_RGB, lines({"abc!def!"})), "x")), "abcdef");
  const std::string tiles = tiff(17, 16, 8, 1, PHOTOMETRIC_MINISBLACK, [](TIFF* file) {
    TIFFSetField(file, TIFFTAG_TILEWIDTH, 16);
    TIFFSetField(file, TIFFTAG_TILELENGTH, 16);
    for (std::uint32_t i = 0; i < 2; ++i) {
      std::string tile(256, i ? 'b' : 'a');
      TIFFWriteEncodedTile(file, i, tile.data(), 256);
    }
  });
  const std::string read = text_of(decode_picture(tiles, "x"));
  for (std::size_t row = 0; row < 16; ++row) EXPECT_EQ(read.substr(17 * row, 17), std::string(16, 'a') + 'b');
}
TEST(Tiff, white_may_be_zero_and_pixels_may_be_bits_or_of_a_palette) {
  EXPECT_EQ(text_of(decode_picture(tiff(2, 1, 8, 1, PHOTOMETRIC_MINISWHITE, lines({"\1\2"})), "x")), "\xfe\xfd");
  EXPECT_EQ(text_of(decode_picture(tiff(2, 1, 1, 1, PHOTOMETRIC_MINISBLACK, lines({"\x80"})), "x")), std::string("\xff\0", 2));
  const Picture p = decode_picture(tiff(2, 1, 8, 1, PHOTOMETRIC_PALETTE,
                                        [](TIFF* file) {
                                          std::vector<std::uint16_t> red(256), green(256), blue(256);
                                          red[1] = green[2] = 0xffff;
                                          TIFFSetField(file, TIFFTAG_COLORMAP, red.data(), green.data(), blue.data());
                                          lines({"\1\2"})(file);
                                        }),
                                   "x");
  EXPECT_EQ(p.channels, 3);
  EXPECT_EQ(text_of(p), std::string("\xff\0\0\0\xff\0", 6));
}
TEST(Tiff, its_orientation_is_obeyed) {
  const Picture p = decode_picture(tiff(2, 1, 8, 1, PHOTOMETRIC_MINISBLACK,
                                        [](TIFF* file) {
                                          TIFFSetField(file, TIFFTAG_ORIENTATION, ORIENTATION_RIGHTTOP);  // 6
                                          lines({"ab"})(file);
                                        }),
                                   "x");
  EXPECT_EQ(p.height, 2);
  EXPECT_EQ(text_of(p), "ab");
}
TEST(Tiff, damage_floats_and_claims_are_refused) {
  const std::string whole = tiff(2, 2, 8, 1, PHOTOMETRIC_MINISBLACK, lines({"ab", "cd"}, COMPRESSION_LZW));
  EXPECT_EQ(trouble_of(whole), "");
  int refused = 0;
  for (std::size_t n = 0; n < whole.size(); ++n) refused += !trouble_of(whole.substr(0, n)).empty();
  EXPECT_GE(refused, static_cast<int>(whole.size()) - 4);  // zeros at the end of the directory mean the same as no bytes
  EXPECT_NE(trouble_of(tiff(1, 1, 32, 1, PHOTOMETRIC_MINISBLACK,
                            [](TIFF* file) {
                              TIFFSetField(file, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_IEEEFP);
                              lines({"abcd"})(file);
                            }))
                .find("floating-point"),
            std::string::npos);
  // A file whose directory claims another size: width and height are the values of its first two entries.
  const auto claiming = [](std::uint32_t size) {
    std::string bytes = tiff(2, 2, 16, 1, PHOTOMETRIC_MINISBLACK, lines({"abcd", "abcd"}, COMPRESSION_LZW));
    std::uint32_t directory = 0;
    std::memcpy(&directory, bytes.data() + 4, 4);
    for (std::size_t entry = 0; entry < 2; ++entry)
      bytes.replace(directory + 2 + 12 * entry + 2, 10, little(4, 2) + little(1, 4) + little(size, 4));
    return bytes;
  };
  EXPECT_EQ(trouble_of(claiming(2)), "");
  EXPECT_NE(trouble_of(claiming(65500)).find("65500 x 65500 pixels"), std::string::npos);
  EXPECT_NE(trouble_of(claiming(8000)).find("claims 8000 x 8000"), std::string::npos);
}

TEST(Webp, is_read_exactly_where_it_is_lossless) {
  const Picture p = decode_picture(webp("abcdefghijkl", 2, 2), "x");
  EXPECT_EQ(p.channels, 3);
  EXPECT_EQ(text_of(p), "abcdefghijkl");
}
TEST(Webp, damage_is_refused) {
  const std::string whole = webp(std::string(300, 'a') + "abcdefghijkl", 2, 52);
  for (std::size_t n = 0; n < whole.size() - 1; ++n) EXPECT_NE(trouble_of(whole.substr(0, n)), "") << n;
}

}  // namespace
}  // namespace tend::picture_formats_test
