#include "tend/data/readers/images.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "tend/data/test_files.h"

namespace tend::images_test {
namespace {

using namespace test;

std::string grey(int v) { return png(1, 2, 0, std::string(2, static_cast<char>(v))); }
Dataset read(const Folder& folder, const std::string& name, const DataSettings& settings = {}, const Dataset* like = nullptr,
             bool may_lack = false) {
  return read_dataset(name, settings, {folder.path(), {}}, like, may_lack);
}

TEST(Images, rows_come_from_the_classes_in_turn) {
  const Folder folder;
  const Files files{{"b/2.png", grey(20)}, {"b/1.png", grey(10)}, {"a/9.png", grey(9)}, {"b/3.png", grey(30)}};
  for (const auto& [name, bytes] : files) folder.write("set/" + name, bytes);
  folder.write("set.tar", tar(files));
  folder.write("set.tar.gz", gzip(tar(files)));
  for (const char* name : {"set", "set.tar", "set.tar.gz"}) {
    const Dataset d = read(folder, name);
    EXPECT_EQ(d.x.shape(), (Shape{4, 1, 2, 1})) << name;
    EXPECT_EQ(d.classes, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(d.row_names, (std::vector<std::string>{"a/9.png", "b/1.png", "b/2.png", "b/3.png"}));
    EXPECT_EQ(std::vector<double>(d.y.as<double>(), d.y.as<double>() + 4), (std::vector<double>{0, 1, 1, 1}));
    EXPECT_EQ(d.x.as<std::uint8_t>()[4], 20);
  }
}
TEST(Images, grey_among_colour_becomes_colour) {
  const Folder folder;
  folder.write("set/a/1.png", grey(7));
  folder.write("set/b/1.png", png(1, 2, 2, "RGBrgb"));
  const Dataset d = read(folder, "set");
  EXPECT_EQ(d.x.shape(), (Shape{2, 1, 2, 3}));
  EXPECT_EQ(d.x.as<std::uint8_t>()[2], 7);
  EXPECT_EQ(d.x.as<std::uint8_t>()[6], 'R');
}
TEST(Images, of_16_bits_are_floats_and_bytes_among_them_have_the_same_white) {
  const Folder folder;
  folder.write("set/a/1.png", deep_png(1, 2, 0, {0x0102, 0xffff}));
  folder.write("set/b/1.png", grey(255));
  const Dataset d = read(folder, "set");
  ASSERT_EQ(d.x.type(), ElementType::float32);
  EXPECT_EQ(d.largest_sample, 65535);
  const float* x = d.x.as<float>();
  EXPECT_EQ(x[0], 0x0102);
  EXPECT_EQ(x[1], 65535);
  EXPECT_EQ(x[2], 65535);
  folder.write("bytes/1.png", grey(1));
  EXPECT_EQ(read(folder, "bytes", {}, &d, true).x.as<float>()[0], 257);
}
TEST(Images, of_16_bits_are_scaled_to_bytes_for_a_source_of_bytes) {
  const Folder folder;
  folder.write("set/a/1.png", grey(7));
  folder.write("set/b/1.png", grey(255));
  folder.write("new/1.png", deep_png(1, 2, 0, {0xffff, 257}));
  const Dataset source = read(folder, "set");
  const Dataset d = read(folder, "new", {}, &source, true);
  EXPECT_EQ(d.x.as<float>()[0], 255);
  EXPECT_FLOAT_EQ(d.x.as<float>()[1], 1);
}
TEST(Images, of_16_bits_are_resized_without_loss_of_bits) {
  const Folder folder;
  folder.write("set/a/1.png", deep_png(1, 2, 0, {0, 1}));
  folder.write("set/b/1.png", deep_png(1, 1, 0, {9}));
  DataSettings s;
  s.height = s.width = 1;
  EXPECT_FLOAT_EQ(read(folder, "set", s).x.as<float>()[0], 0.5f);
}
TEST(Images, a_class_folder_without_images_is_said) {
  const Folder folder;
  folder.write("set/a/1.png", grey(7));
  folder.write("set/b/1.png", grey(8));
  std::filesystem::create_directories(folder.path() + "/set/c");
  const Dataset d = read(folder, "set");
  EXPECT_EQ(d.classes, (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(d.notes.size(), 1U);
  EXPECT_NE(d.notes[0].text.find("1 folder has no image and is no class: \"c\""), std::string::npos) << d.notes[0].text;
}

TEST(Images, every_format_is_read_from_folders_and_archives) {
  const Folder folder;
  const Files files{{"a/1.png", png(1, 1, 2, "abc")},
                    {"a/2.bmp", bmp(1, 1, 24, "", std::string("cba\0", 4))},
                    {"b/1.BMP", bmp(1, 1, 32, "", "cba!")},
                    {"b/2.bmp", bmp(1, 1, 24, "", "cb")}};
  for (const auto& [name, bytes] : files) folder.write("set/" + name, bytes);
  folder.write("set.tar", tar(files));
  for (const char* name : {"set", "set.tar"}) {
    const Dataset d = read(folder, name);
    ASSERT_EQ(d.rows(), 3) << name;
    for (int i = 0; i < 9; ++i) EXPECT_EQ(d.x.as<std::uint8_t>()[i], "abc"[i % 3]);
    ASSERT_EQ(d.notes.size(), 1u);
    EXPECT_NE(d.notes[0].text.find("b/2.bmp: a damaged BMP"), std::string::npos) << d.notes[0].text;
  }
}
TEST(Images, a_jpeg_is_turned_as_its_exif_says) {
  const Folder folder;
  folder.write("set/a/1.jpg", turned_jpeg);
  const Dataset d = read(folder, "set");
  ASSERT_EQ(d.x.shape(), (Shape{1, 16, 8, 3}));  // 8 x 16 rotated clockwise: red at the top, blue at the bottom
  const std::uint8_t* x = d.x.as<std::uint8_t>();
  EXPECT_NEAR(x[0], 255, 4);
  EXPECT_NEAR(x[2], 0, 4);
  EXPECT_NEAR(x[15 * 24 + 2], 255, 4);
}
TEST(Images, parts_in_folders_or_in_a_tar_are_the_parts) {
  const Folder folder;
  const Files files{{"train/a/1.png", grey(1)},
                    {"train/b/1.png", grey(2)},
                    {"valid/b/1.png", grey(3)},
                    {"test/a/1.png", grey(4)},
                    {"test/b/1.png", grey(5)}};
  for (const auto& [name, bytes] : files) folder.write("set/" + name, bytes);
  folder.write("set.tar", tar(files));
  for (const char* name : {"set", "set.tar"}) {
    const DataPlaces places{folder.path(), {}};
    const SplitData split = split_dataset(read(folder, name), {}, places, 0);
    EXPECT_EQ(split.train.rows(), 2) << name;
    ASSERT_EQ(split.validation.rows(), 1) << name;
    EXPECT_EQ(split.validation.x.as<std::uint8_t>()[0], 3);
    EXPECT_EQ(split.validation.y.as<double>()[0], 1);
    EXPECT_EQ(split.test.rows(), 2) << name;
  }
}
TEST(Images, sizes_that_differ_are_an_error_that_names_the_step_or_are_brought_to_one) {
  const Folder folder;
  folder.write("set/a/1.png", png(2, 2, 0, "aaaa"));
  folder.write("set/a/2.png", png(2, 4, 0, "bbbbbbbb"));
  folder.write("set/b/1.png", png(2, 2, 0, "cccc"));
  try {
    read(folder, "set");
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("resize = [2, 2]"), std::string::npos) << e.what();
    EXPECT_NE(std::string(e.what()).find("a/2.png"), std::string::npos) << e.what();
  }
  DataSettings s;
  s.height = 1;
  s.width = 3;
  EXPECT_EQ(read(folder, "set", s).x.shape(), (Shape{3, 1, 3, 1}));
  DataSettings median;
  median.common_size = true;
  const Dataset d = read(folder, "set", median);
  EXPECT_EQ(d.x.shape(), (Shape{3, 2, 2, 1}));
  EXPECT_EQ(d.notes.size(), 1u);
}
TEST(Images, images_that_cannot_be_read_are_left_out_named_and_counted) {
  const Folder folder;
  folder.write("set/a/1.png", grey(1));
  folder.write("set/b/6.png", grey(2));
  folder.write("set/b/7.png", grey(1).substr(0, 40));
  folder.write("set/b/8.jpg", red_blue_jpeg.substr(0, red_blue_jpeg.size() - 20));
  folder.write("set/b/9.jpg", "");
  const Dataset d = read(folder, "set");
  EXPECT_EQ(d.rows(), 2);
  EXPECT_EQ(d.rows_in_source, 5);
  EXPECT_EQ(d.source_rows, (std::vector<std::int64_t>{0, 1}));
  EXPECT_EQ(d.source_names[4], "b/9.jpg");
  ASSERT_EQ(d.notes.size(), 1u);
  EXPECT_EQ(d.notes[0].lost, 3);
  EXPECT_NE(d.notes[0].text.find("set: 3 images cannot be read and are left out: b/7.png: "), std::string::npos)
      << d.notes[0].text;
}
TEST(Images, a_class_without_an_image_that_can_be_read_is_an_error) {
  const Folder folder;
  folder.write("set/a/1.png", grey(1));
  folder.write("set/b/9.bmp", "BM");
  folder.write("set/c/9.png", grey(1));
  try {
    read(folder, "set");
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("the class \"b\" has 1 file and no image"), std::string::npos) << e.what();
  }
}
TEST(Images, files_that_are_no_images_are_passed_over_and_counted) {
  const Folder folder;
  folder.write("set/a/1.png", grey(1));
  folder.write("set/a/notes.txt", "x");
  folder.write("set/more.png", grey(1));
  const Dataset d = read(folder, "set");
  ASSERT_EQ(d.notes.size(), 1u);
  EXPECT_NE(d.notes[0].text.find("2 files are passed over"), std::string::npos) << d.notes[0].text;
  EXPECT_NE(d.notes[0].text.find("a/notes.txt, more.png"), std::string::npos) << d.notes[0].text;
}
TEST(Images, hidden_files_are_skipped_in_folders_and_archives) {
  const Folder folder;
  std::vector<std::pair<std::string, std::string>> files{{"a/1.png", grey(1)},    {"b/1.png", grey(2)}, {"a/._1.png", "x"},
                                                         {"a/.cache/1.png", "x"}, {".DS_Store", "x"},   {"__MACOSX/a/2.png", "x"},
                                                         {"b/Thumbs.db", "x"}};
  for (const auto& [name, bytes] : files) folder.write("set/" + name, bytes);
  folder.write("set.tar", tar(files));
  for (const char* name : {"set", "set.tar"}) {
    const Dataset d = read(folder, name);
    EXPECT_EQ(d.rows(), 2) << name;
    EXPECT_EQ(d.classes, (std::vector<std::string>{"a", "b"})) << name;
    EXPECT_TRUE(d.notes.empty()) << name << d.notes[0].text;
  }
}
TEST(Images, rows_to_predict_keep_their_place_when_one_cannot_be_read) {
  const Folder folder;
  folder.write("set/a/1.png", grey(1));
  folder.write("set/b/1.png", grey(2));
  folder.write("new/x.png", "x");
  folder.write("new/y.png", grey(4));
  const Dataset source = read(folder, "set");
  const Dataset all = read(folder, "new", {}, &source, true);
  EXPECT_EQ(all.rows(), 1);
  EXPECT_EQ(all.source_rows, (std::vector<std::int64_t>{1}));
  EXPECT_EQ(all.source_names, (std::vector<std::string>{"x.png", "y.png"}));
}
TEST(Images, to_predict_one_image_or_a_folder_without_classes_will_do) {
  const Folder folder;
  folder.write("set/a/1.png", grey(1));
  folder.write("set/b/1.png", grey(2));
  folder.write("new/x.png", grey(3));
  folder.write("new/y.png", grey(4));
  const Dataset source = read(folder, "set");
  const Dataset all = read(folder, "new", {}, &source, true);
  EXPECT_EQ(all.rows(), 2);
  EXPECT_TRUE(all.y.empty());
  EXPECT_EQ(all.row_names, (std::vector<std::string>{"x.png", "y.png"}));
  EXPECT_EQ(read(folder, "new/y.png", {}, &source, true).x.as<std::uint8_t>()[0], 4);
  EXPECT_THROW(read(folder, "new"), Error);
  folder.write("other/c/1.png", grey(1));
  EXPECT_THROW(read(folder, "other", {}, &source), Error);
}
TEST(Images, cifar_10_has_its_rows_and_classes) {
  const std::string shared = std::string(TEND_SOURCE_DIR) + "/../shared/data";
  if (!std::filesystem::exists(shared + "/cifar10")) GTEST_SKIP() << "no shared data";
  const Dataset d = read_dataset("cifar10/test.tar.xz", {}, {shared, {}});
  EXPECT_EQ(d.x.shape(), (Shape{10000, 32, 32, 3}));
  EXPECT_EQ(d.classes.size(), 10u);
  EXPECT_EQ(d.classes[0], "airplane");
  EXPECT_EQ(d.row_names[11], "automobile/0001.jpg");
}

}  // namespace
}  // namespace tend::images_test
