#include "tend/base/write_whole.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "tend/base/error.h"

namespace tend::write_whole_test {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(WriteWhole, replaces_a_file_in_one_go) {
  const fs::path folder = fs::temp_directory_path() / "tend_write_whole_test";
  fs::create_directories(folder);
  write_whole(folder / "a", "one");
  write_whole(folder / "a", "two");
  EXPECT_EQ(text_of(folder / "a"), "two");
  EXPECT_FALSE(fs::exists(folder / "a.part"));
  fs::remove_all(folder);
}

TEST(WriteWhole, leaves_nothing_where_it_cannot_write) {
  const fs::path folder = fs::temp_directory_path() / "tend_write_whole_test_folder";
  fs::create_directories(folder / "a" / "inside");  // a file cannot replace a folder that is not empty
  EXPECT_THROW(write_whole(folder / "a", "x"), Error);
  EXPECT_FALSE(fs::exists(folder / "a.part"));
  EXPECT_THROW(write_whole(folder / "none" / "a", "x"), Error);
  fs::remove_all(folder);
}

TEST(WriteWhole, writes_into_a_device_itself) {
  write_whole("/dev/null", "x");
  EXPECT_FALSE(fs::exists("/dev/null.part"));
}

TEST(WriteWhole, is_read_whole_again) {
  const fs::path folder = fs::temp_directory_path() / "tend_read_whole_test";
  fs::create_directories(folder);
  std::string bytes(3'000'001, '\0');  // more than is read at once
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * i >> 3);
  write_whole(folder / "a", bytes);
  EXPECT_TRUE(read_whole(folder / "a") == bytes);
  EXPECT_TRUE(has_bytes(folder / "a", bytes));
  EXPECT_FALSE(has_bytes(folder / "a", bytes.substr(1)));
  EXPECT_FALSE(has_bytes(folder / "a", bytes + "x"));
  EXPECT_FALSE(has_bytes(folder / "a", bytes.substr(0, bytes.size() - 1)));
  bytes[2'000'000] ^= 1;
  EXPECT_FALSE(has_bytes(folder / "a", bytes));
  write_whole(folder / "empty", "");
  EXPECT_EQ(read_whole(folder / "empty"), "");
  EXPECT_TRUE(has_bytes(folder / "empty", ""));
  EXPECT_EQ(read_whole(folder), std::nullopt);  // a folder
  EXPECT_EQ(read_whole(folder / "none"), std::nullopt);
  EXPECT_FALSE(has_bytes(folder / "none", ""));
  fs::remove_all(folder);
}

}  // namespace
}  // namespace tend::write_whole_test
