#include <chrono>

#include <gtest/gtest.h>

#include "tend/base/random.h"
#include "tend/data/settings.h"
#include "tend/data/test_files.h"

namespace tend::mutation_test {
namespace {

using namespace test;

/// Reads the file many times, truncated or with changed bytes: the result must be an Error or a data set, never anything else.
void mutate(const std::string& name, const std::string& bytes, int rounds, const DataSettings& settings = {},
            const Files& beside = {}) {
  const Folder folder;
  for (const auto& [other, content] : beside) folder.write(other, content);
  const DataPlaces places{folder.path(), {}};
  folder.write(name, bytes);
  EXPECT_GT(read_dataset(name, settings, places).rows(), 0) << name;
  Random random(7, purpose(name));
  const auto start = std::chrono::steady_clock::now();
  int read = 0, refused = 0;
  for (int i = 0; i < rounds; ++i) {
    if (std::chrono::steady_clock::now() - start > std::chrono::seconds(20)) break;
    std::string damaged = bytes;
    if (i % 3 == 0) {
      damaged.resize(random.below(bytes.size()));
    } else {
      for (std::uint64_t k = 0, n = 1 + random.below(4); k < n; ++k) {
        const char interesting[] = {0, 1, '\x7f', '\x80', '\xff', '"', ',', '\n'};
        damaged[random.below(bytes.size())] = i % 3 == 1 ? static_cast<char>(random.below(256))
                                                         : interesting[random.below(sizeof interesting)];
      }
    }
    folder.write(name, damaged);
    try {
      const Dataset d = read_dataset(name, settings, places);
      ++read;
      ASSERT_TRUE(d.y.empty() || d.y.rows() == d.rows());
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 0) << name << ": " << read << " read";
}

TEST(Mutation, tables) {
  mutate("t.csv", "name,\"x, y\",c,label\n\"a \"\"b\"\"\",1.5,red,0\nq,?,blue,1\n\xc3\xbc,-2e3,\"x\ny\",1\n", 800);
}
TEST(Mutation, gzip) { mutate("t.csv.gz", gzip("a,b\n1,2\n3,4\n"), 300); }
TEST(Mutation, idx_files) {
  DataSettings settings;
  settings.labels = "y";
  mutate("x-idx3", idx(8, {2, 2, 2}, "abcdefgh"), 300, settings, {{"y", idx(8, {2}, std::string("\0\1", 2))}});
  mutate("x-idx3.gz", gzip(idx(13, {2, 2, 1}, "abcdefghijklmnop")), 300, settings, {{"y", idx(8, {2}, std::string("\0\1", 2))}});
}
TEST(Mutation, npy_and_npz) {
  mutate("t.npy", npy("'<f4'", "(2, 3)", bytes_of<float>({1, 2, 0, 4, 5, 1})), 500);
  mutate("t.npz",
         zip({{"x.npy", npy("'|u1'", "(2, 2, 2)", "abcdefgh")}, {"y.npy", npy("'<i8'", "(2,)", bytes_of<std::int64_t>({5, 3}))}}),
         500);
}
TEST(Mutation, images) {
  mutate("a.tar", tar({{"a/1.png", png(2, 2, 2, "abcdefghijkl")}, {"b/1.png", png(2, 2, 0, "abcd")}}), 300);
  for (const auto& [name, bytes] : Files{{"set/a/1.png", png(3, 2, 2, "abcdefghijklmnopqr")},
                                         {"set/a/1.jpg", turned_jpeg},
                                         {"set/a/2.jpg", ink_jpeg},
                                         {"set/a/3.jpg", grey_jpeg}}) {
    // For the reader of folders, the source is the folder.
    const Folder folder;
    Random random(3, purpose(name));
    for (int i = 0; i < 300; ++i) {
      std::string damaged = bytes;
      if (i % 3 == 0) damaged.resize(random.below(bytes.size()));
      else
        for (int k = 0; k < 3; ++k) damaged[random.below(bytes.size())] = static_cast<char>(random.below(256));
      folder.write(name, damaged);
      try {
        EXPECT_EQ(read_dataset("set", {}, {folder.path(), {}}).rows(), 1);
      } catch (const Error& e) {
        EXPECT_EQ(e.trouble, Trouble::data);
      }
    }
  }
}

}  // namespace
}  // namespace tend::mutation_test
