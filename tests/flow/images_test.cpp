#include <functional>
#include <sstream>

#include <gtest/gtest.h>

#include "program.h"
#include "tend/data/test_files.h"

namespace tend::images_test {
namespace {

std::string deep(int v) { return test::deep_png(2, 2, 0, std::vector<std::uint16_t>(4, static_cast<std::uint16_t>(v))); }
std::string grey(int v) { return test::png(2, 2, 0, std::string(4, static_cast<char>(v))); }
std::string grey_bmp(int v) {
  std::string palette;
  for (int i = 0; i < 256; ++i) palette += std::string(3, static_cast<char>(i)) + '\0';
  const std::string pixel(1, static_cast<char>(v));
  return test::bmp(2, 2, 8, palette, pixel + pixel + std::string(2, '\0') + pixel + pixel + std::string(2, '\0'));
}

/// Forty images of two classes, dark and bright.
void write_set(const Folder& f, const std::function<std::string(int)>& picture, const std::string& suffix) {
  test::Files files;
  for (int i = 0; i < 40; ++i)
    files.emplace_back((i % 2 ? "bright/" : "dark/") + std::to_string(100 + i) + suffix, picture(i % 2 ? 160 + i : 20 + i));
  f.write("set.tar", test::tar(files));
}
/// The predictions of three files, without their names and rows.
std::vector<std::string> predictions(const Folder& f, const test::Files& files) {
  std::filesystem::create_directory(f / "new");
  for (const auto& [name, bytes] : files) f.write("new/" + name, bytes);
  const Said said = f.tend("predict r new -o p.csv");
  EXPECT_EQ(said.code, 0) << said.error;
  std::vector<std::string> all;
  std::istringstream lines(f.read("p.csv"));
  for (std::string line; std::getline(lines, line);)
    if (line.find('.') != std::string::npos) all.push_back(line.substr(line.find(',', line.find('.')) + 1));
  return all;
}

constexpr const char* train = "train set.tar --run r --epochs 3 --set watch.checks=none --quiet";

TEST(ImagesFlow, a_model_of_16_bits_knows_files_of_8_bits) {
  const Folder f;
  write_set(
      f, [](int v) { return deep(257 * v + 1); }, ".png");
  ASSERT_EQ(f.tend(train).code, 0);
  const std::vector<std::string> p = predictions(
      f, {{"1.png", deep(257 * 100)}, {"2.png", grey(100)}, {"3.bmp", grey_bmp(100)}, {"4.png", deep(100)}});
  ASSERT_EQ(p.size(), 4u);
  EXPECT_EQ(p[0], p[1]);
  EXPECT_EQ(p[0], p[2]);
  EXPECT_NE(p[0], p[3]) << "100 of 65535 is darker";
}
TEST(ImagesFlow, a_model_of_8_bits_knows_files_of_16_bits) {
  const Folder f;
  write_set(f, grey_bmp, ".bmp");
  ASSERT_EQ(f.tend(train).code, 0);
  const std::vector<std::string> p = predictions(f, {{"1.png", deep(257 * 100)}, {"2.png", grey(100)}, {"3.bmp", grey_bmp(100)}});
  ASSERT_EQ(p.size(), 3u);
  EXPECT_EQ(p[0], p[1]);
  EXPECT_EQ(p[0], p[2]);
}
TEST(ImagesFlow, files_that_cannot_be_read_have_an_empty_prediction) {
  const Folder f;
  write_set(f, grey, ".png");
  ASSERT_EQ(f.tend(train).code, 0);
  const std::vector<std::string> p = predictions(
      f, {{"1.tif", "II*"}, {"2.webp", "RIFF"}, {"3.bmp", grey_bmp(100).substr(0, 900)}, {"4.png", grey(100)}});
  ASSERT_EQ(p.size(), 4u);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(p[static_cast<std::size_t>(i)].find_first_not_of(','), std::string::npos) << p[static_cast<std::size_t>(i)];
  EXPECT_NE(p[3].find_first_not_of(','), std::string::npos);
}

}  // namespace
}  // namespace tend::images_test
