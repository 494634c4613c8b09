#include "tend/data/picture/picture.h"

#include <gtest/gtest.h>

#include "tend/base/error.h"
#include "tend/data/test_files.h"

namespace tend::picture_test {
namespace {

using namespace test;

TEST(Picture, jpegs_keep_grey_and_colour) {
  const Picture colour = decode_picture(red_blue_jpeg, "x"), grey = decode_picture(grey_jpeg, "x");
  EXPECT_EQ(colour.channels, 3);
  EXPECT_EQ(colour.width, 16);
  EXPECT_NEAR(colour.pixels[0], 255, 3);
  EXPECT_NEAR(colour.pixels[15 * 3 + 2], 255, 3);
  EXPECT_EQ(grey.channels, 1);
  EXPECT_NEAR(grey.pixels[9], 100, 1);
}
TEST(Picture, a_whole_jpeg_is_read_after_a_damaged_one) {
  for (std::size_t length = 20; length < red_blue_jpeg.size(); length += 10) {
    try {
      decode_picture(red_blue_jpeg.substr(0, length), "x");
    } catch (const Error&) {
    }
    EXPECT_NO_THROW(decode_picture(grey_jpeg, "x")) << length;
    EXPECT_NO_THROW(decode_picture(red_blue_jpeg, "x")) << length;
  }
}
TEST(Picture, inks_become_rgb) {
  const Picture picture = decode_picture(ink_jpeg, "x");
  ASSERT_EQ(picture.channels, 3);
  EXPECT_NEAR(picture.pixels[0], 255, 6);
  EXPECT_NEAR(picture.pixels[1], 0, 6);
  EXPECT_NEAR(picture.pixels[15 * 3 + 2], 255, 6);
}
TEST(Picture, an_image_of_each_orientation_is_brought_upright) {
  // stored rows "ab" "cd" "ef"
  const Picture stored{3, 2, 1, {'a', 'b', 'c', 'd', 'e', 'f'}};
  const std::vector<std::string> wanted{"abcdef", "badcfe", "fedcba", "efcdab", "acebdf", "ecafdb", "fdbeca", "bdface"};
  for (int i = 1; i <= 8; ++i) {
    const Picture p = upright(stored, i);
    EXPECT_EQ(std::string(p.pixels.begin(), p.pixels.end()), wanted[static_cast<std::size_t>(i - 1)]) << i;
    EXPECT_EQ(p.height, i < 5 ? 3 : 2);
  }
}
TEST(Picture, orientation_is_read_from_the_exif_segment) {
  EXPECT_EQ(exif_orientation(turned_jpeg), 6);
  EXPECT_EQ(exif_orientation(red_blue_jpeg), 1);
  EXPECT_EQ(exif_orientation(turned_jpeg.substr(0, 40)), 1);
}
TEST(Picture, pngs_of_bytes_are_exact) {
  const Picture p = decode_picture(png(2, 2, 2, "abcdefghijkl"), "x");
  EXPECT_EQ(std::string(p.pixels.begin(), p.pixels.end()), "abcdefghijkl");
}
TEST(Picture, claims_beyond_the_cap_or_the_file_are_refused_before_memory_is_taken) {
  std::string huge = png(1, 2, 0, "ab");
  huge.replace(16, 8, big(65500, 4) + big(65500, 4));
  huge.replace(29, 4, big(crc32_of(huge.substr(12, 17)), 4));
  EXPECT_THROW(decode_picture(huge, "x"), Error);
  huge.replace(16, 8, big(7000, 4) + big(7000, 4));
  huge.replace(29, 4, big(crc32_of(huge.substr(12, 17)), 4));
  EXPECT_THROW(decode_picture(huge, "x"), Error);
  std::string jpeg = grey_jpeg;
  const std::size_t frame = jpeg.find("\xff\xc0");
  ASSERT_NE(frame, jpeg.npos);
  jpeg.replace(frame + 5, 4, big(65500, 2) + big(65500, 2));
  EXPECT_THROW(decode_picture(jpeg, "x"), Error);
}
TEST(Picture, enlarging_is_linear_between_pixel_centres) {
  const float in[] = {0, 4};
  float out[4];
  resize_image(in, 1, 2, 1, out, 1, 4);
  EXPECT_FLOAT_EQ(out[0], 0);
  EXPECT_FLOAT_EQ(out[1], 1);
  EXPECT_FLOAT_EQ(out[2], 3);
  EXPECT_FLOAT_EQ(out[3], 4);
}

}  // namespace
}  // namespace tend::picture_test
