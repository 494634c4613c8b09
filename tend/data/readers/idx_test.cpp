#include "tend/data/readers/idx.h"

#include <gtest/gtest.h>

#include "tend/data/test_files.h"

namespace tend::idx_test {
namespace {

using namespace test;

TEST(Idx, images_of_bytes_with_labels_beside_them_also_out_of_gzip) {
  const Folder folder;
  const std::string images = idx(8, {2, 2, 3}, std::string("\x01\x02\x03\x04\x05\x06\x0a\x14\x1e\x28\x32\xff", 12)),
                    labels = idx(8, {2}, "\x07\x03");
  folder.write("a-images-idx3-ubyte", images);
  folder.write("a-labels-idx1-ubyte", labels);
  folder.write("b-images-idx3-ubyte.gz", gzip(images));
  folder.write("b-labels-idx1-ubyte.gz", gzip(labels));
  for (const char* name : {"a-images-idx3-ubyte", "b-images-idx3-ubyte.gz"}) {
    const Dataset d = read_dataset(name, {}, {folder.path(), {}});
    EXPECT_EQ(d.x.shape(), (Shape{2, 2, 3, 1}));
    EXPECT_EQ(d.x.type(), ElementType::uint8);
    EXPECT_EQ(d.x.as<std::uint8_t>()[11], 255);
    EXPECT_EQ(d.classes, (std::vector<std::string>{"3", "7"}));
    EXPECT_EQ(d.y.as<double>()[0], 1);
  }
}
TEST(Idx, all_element_types_are_big_endian) {
  const Folder folder;
  const std::vector<std::pair<int, std::string>> cases{{0x08, std::string("\x02\x00", 2)},
                                                       {0x09, "\x02\xff"},
                                                       {0x0b, big(2, 2) + big(0xffff, 2)},
                                                       {0x0c, big(2, 4) + big(0xffffffff, 4)},
                                                       {0x0d, big(0x40000000, 4) + big(0xbf800000, 4)},
                                                       {0x0e, big(0x4000000000000000, 8) + big(0xbff0000000000000, 8)}};
  for (const auto& [type, elements] : cases) {
    folder.write("x.idx", idx(type, {2, 1, 1}, elements));
    folder.write("y.idx", idx(8, {2}, std::string("\0\1", 2)));
    DataSettings s;
    s.labels = "y.idx";
    const Dataset d = read_dataset("x.idx", s, {folder.path(), {}});
    if (type == 8) {
      EXPECT_EQ(d.x.as<std::uint8_t>()[0], 2);
    } else {
      EXPECT_EQ(d.x.as<float>()[0], 2) << type;
      EXPECT_EQ(d.x.as<float>()[1], -1) << type;
    }
  }
}
TEST(Idx, a_registered_folder_gives_train_images_and_its_companion) {
  const Folder folder;
  folder.write("set/train-images-idx3-ubyte", idx(8, {2, 1, 1}, "ab"));
  folder.write("set/train-labels-idx1-ubyte", idx(8, {2}, std::string("\0\1", 2)));
  folder.write("set/t10k-images-idx3-ubyte", idx(8, {1, 1, 1}, "c"));
  folder.write("set/t10k-labels-idx1-ubyte", idx(8, {1}, "\1"));
  const DataPlaces places{"/nowhere", {folder.path()}};
  const Dataset d = read_dataset("set", {}, places);
  const SplitData split = split_dataset(d, {}, places, 0);
  EXPECT_EQ(split.train.rows(), 2);
  ASSERT_EQ(split.test.rows(), 1);
  EXPECT_EQ(split.test.y.as<double>()[0], 1);
  DataSettings s;
  s.test = 0.5;  // takes precedence over the companion
  EXPECT_EQ(split_dataset(d, s, places, 0).test.x.as<std::uint8_t>()[0] == 'c', false);
}
TEST(Idx, rows_to_predict_need_no_labels) {
  const Folder folder;
  folder.write("a-images-idx3-ubyte", idx(8, {2, 1, 1}, "ab"));
  folder.write("a-labels-idx1-ubyte", idx(8, {2}, std::string("\0\1", 2)));
  folder.write("new-images-idx3-ubyte", idx(8, {1, 1, 1}, "c"));
  const Dataset source = read_dataset("a-images-idx3-ubyte", {}, {folder.path(), {}});
  const Dataset d = read_dataset("new-images-idx3-ubyte", {}, {folder.path(), {}}, &source, true);
  EXPECT_TRUE(d.y.empty());
  EXPECT_EQ(d.classes, source.classes);
  EXPECT_THROW(read_dataset("new-images-idx3-ubyte", {}, {folder.path(), {}}, &source), Error);
}

}  // namespace
}  // namespace tend::idx_test
