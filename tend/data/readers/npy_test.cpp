#include "tend/data/readers/npy.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/data/array/numbers.h"
#include "tend/data/test_files.h"

namespace tend::npy_test {
namespace {

using namespace test;

Dataset read(const Folder& folder, const std::string& name, const DataSettings& settings = {}) {
  return read_dataset(name, settings, {folder.path(), {}});
}
std::vector<double> doubles(const Array& a) { return {a.as<double>(), a.as<double>() + a.shape().count()}; }
std::vector<float> floats(const Array& a) { return {a.as<float>(), a.as<float>() + a.shape().count()}; }

TEST(Npy, the_last_column_of_a_table_is_the_target) {
  const Folder folder;
  folder.write("t.npy", npy("'<f8'", "(2, 3)", bytes_of<double>({1, 2, 0, 4, 5, 1})));
  const Dataset d = read(folder, "t.npy");
  EXPECT_EQ(doubles(d.x), (std::vector<double>{1, 2, 4, 5}));
  EXPECT_EQ(doubles(d.y), (std::vector<double>{0, 1}));
  ASSERT_EQ(d.notes.size(), 1u);
  EXPECT_NE(d.notes[0].text.find("the last of the 3 columns is the target"), std::string::npos) << d.notes[0].text;
  DataSettings s;
  s.target = std::int64_t{0};
  EXPECT_TRUE(read(folder, "t.npy", s).notes.empty());
  EXPECT_EQ(read(folder, "t.npy", s).classes, (std::vector<std::string>{"1", "4"}));
}
TEST(Npy, rows_without_a_label_are_left_out_and_counted) {
  const Folder folder;
  folder.write("t.npy", npy("'<f8'", "(4, 2)", bytes_of<double>({1, 0, 2, 1, 3, std::nan(""), 4, 1})));
  const Dataset d = read(folder, "t.npy");
  EXPECT_EQ(d.classes, (std::vector<std::string>{"0", "1"}));
  EXPECT_EQ(doubles(d.x), (std::vector<double>{1, 2, 4}));
  EXPECT_EQ(d.source_rows, (std::vector<std::int64_t>{0, 1, 3}));
  ASSERT_EQ(d.notes.size(), 2u);
  EXPECT_EQ(d.notes[0].text, "t.npy: 1 row left out, whose target is missing or unknown; the first is row 2, counted from 0");
}
TEST(Npy, integers_that_a_double_rounds_are_noted) {
  const Folder folder;
  folder.write("t.npy", npy("'<i8'", "(3, 2)", bytes_of<std::int64_t>({1, 0, 100000000000000039, 1, 100000000000000091, 0})));
  const Dataset d = read(folder, "t.npy");
  ASSERT_EQ(d.notes.size(), 2u);
  EXPECT_NE(d.notes[1].text.find("column 0 has whole numbers above 2^53, which are rounded; the first is in row 1"),
            std::string::npos);
}
TEST(Npy, all_versions_byte_orders_and_orders_of_axes_say_the_same) {
  const Folder folder;
  const std::string big_endian = big(0x3ff0000000000000, 8) + big(0x4000000000000000, 8) + big(0, 8) +
                                 big(0x4010000000000000, 8) + big(0x4014000000000000, 8) + big(0x3ff0000000000000, 8);
  folder.write("1.npy", npy("'<f8'", "(2, 3)", bytes_of<double>({1, 2, 0, 4, 5, 1}), false, 2));
  folder.write("2.npy", npy("\">f8\"", "(2,3,)", big_endian, false, 3));
  folder.write("3.npy", npy("'<f8'", "(2, 3)", bytes_of<double>({1, 4, 2, 5, 0, 1}), true));
  folder.write("4.npy", npy("'|u1'", "(2, 3)", bytes_of<std::uint8_t>({1, 2, 0, 4, 5, 1})));
  folder.write("5.npy", npy("'<i2'", "(2, 3)", bytes_of<std::int16_t>({1, 2, 0, 4, 5, 1})));
  folder.write("6.npy", npy("'<u8'", "(2, 3)", bytes_of<std::uint64_t>({1, 2, 0, 4, 5, 1})));
  folder.write("7.npy", npy("'<f2'", "(2, 3)", bytes_of<std::uint16_t>({0x3c00, 0x4000, 0, 0x4400, 0x4500, 0x3c00})));
  folder.write("8.npy", npy("'<f4'", "(2, 3)", bytes_of<float>({1, 2, 0, 4, 5, 1})));
  folder.write("9.npy", npy("'<i8'", "(2, 3)", bytes_of<std::int64_t>({1, 2, 0, 4, 5, 1})));
  for (int i = 1; i <= 9; ++i) {
    const Dataset d = read(folder, std::to_string(i) + ".npy");
    EXPECT_EQ(doubles(d.x), (std::vector<double>{1, 2, 4, 5})) << i;
    EXPECT_EQ(doubles(d.y), (std::vector<double>{0, 1})) << i;
  }
}
TEST(Npy, half_precision_has_its_small_and_special_numbers) {
  EXPECT_EQ(half_to_float(0x0001), 0x1p-24f);
  EXPECT_EQ(half_to_float(0x83ff), -1023 * 0x1p-24f);
  EXPECT_EQ(half_to_float(0x7bff), 65504);
  EXPECT_TRUE(std::isinf(half_to_float(0xfc00)));
  EXPECT_TRUE(std::isnan(half_to_float(0x7e00)));
}
TEST(Npy, an_npz_holds_x_and_y_and_may_hold_more) {
  const Folder folder;
  folder.write("a.npz", zip({{"../evil.npy", "x"},
                             {"x.npy", npy("'|u1'", "(2, 2, 2)", "abcdefgh")},
                             {"y.npy", npy("'<i8'", "(2,)", bytes_of<std::int64_t>({5, 3}))}}));
  const Dataset d = read(folder, "a.npz");
  EXPECT_EQ(d.x.shape(), (Shape{2, 2, 2, 1}));
  EXPECT_EQ(d.x.as<std::uint8_t>()[7], 'h');
  EXPECT_EQ(doubles(d.y), (std::vector<double>{1, 0}));
  EXPECT_FALSE(std::filesystem::exists(folder.path("../evil.npy")));
}
TEST(Npy, images_without_labels_take_those_of_the_settings) {
  const Folder folder;
  folder.write("x.npy", npy("'<f4'", "(2, 1, 2, 1)", bytes_of<float>({1, 2, 3, 4})));
  folder.write("y.npy", npy("'|b1'", "(2,)", std::string("\1\0", 2)));
  DataSettings s;
  s.labels = "y.npy";
  const Dataset d = read(folder, "x.npy", s);
  EXPECT_EQ(floats(d.x), (std::vector<float>{1, 2, 3, 4}));
  EXPECT_EQ(doubles(d.y), (std::vector<double>{1, 0}));
  EXPECT_THROW(read(folder, "x.npy"), Error);
}
TEST(Npy, channels_first_is_turned_where_said_and_questioned_where_not) {
  const Folder folder;
  // one row, 3 channels, 1 x 2 pixels
  folder.write("a.npz", zip({{"x.npy", npy("'|u1'", "(1, 3, 1, 2)", "RrGgBb")}, {"y.npy", npy("'|u1'", "(1,)", "\1")}}));
  try {
    read(folder, "a.npz");
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("data.layout = \"nchw\""), std::string::npos) << e.what();
  }
  DataSettings s;
  s.layout = "nchw";
  const Dataset d = read(folder, "a.npz", s);
  EXPECT_EQ(d.x.shape(), (Shape{1, 1, 2, 3}));
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(d.x.data()), 6), "RGBrgb");
  s.layout = "nhwc";
  EXPECT_EQ(read(folder, "a.npz", s).x.shape(), (Shape{1, 3, 1, 2}));
}

}  // namespace
}  // namespace tend::npy_test
