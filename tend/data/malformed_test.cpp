#include <gtest/gtest.h>

#include "tend/data/settings.h"
#include "tend/data/test_files.h"

namespace tend::malformed_test {
namespace {

using namespace test;

struct Malformed {
  std::string file, bytes, says;  ///< says: text that the message must contain in addition to the file's name
  std::string labels = "";        ///< bytes of labels.idx, if the file needs labels
};

std::string header(const std::string& text) { return "\x93NUMPY\x01" + std::string(1, '\0') + little(text.size(), 2) + text; }

std::vector<Malformed> all_malformed() {
  const std::string numbers = bytes_of<double>({1, 2, 3, 4}), two_labels = idx(8, {2}, std::string("\0\1", 2));
  const std::string images = idx(8, {2, 2, 2}, "abcdefgh");
  std::string wrong_sum = gzip(images);
  wrong_sum[wrong_sum.size() - 6] ^= 1;
  return {
      {"ragged.csv", "a,b\n1,2\n3\n", "line 3: 1 cell; wanted 2"},
      {"long.csv", "a,b\n1,2\n3,4,5\n", "line 3: 3 cells; wanted 2"},
      {"trailing.csv", "a,b\n1,2,\n", "line 2: 3 cells"},
      {"quote.csv", "a,b\n1,2\n\"3,4\n5,6\n", "line 3: a quote that is opened and never closed"},
      {"empty.csv", "", "an empty file"},
      {"blank.csv", "\n\n  \n", "an empty file"},
      {"header.csv", "a,b\n", "a header and no rows"},
      {"nul.csv", std::string("a,b\n1,\0\n", 8), "line 2: a NUL byte"},
      {"bytes.csv", "a,b\n1,\xff\n", "line 2: a byte that is not UTF-8"},
      {"utf16.csv",
       std::string("\xff\xfe"
                   "a\0,\0b\0",
                   7),
       "UTF-16"},
      {"twice.csv", "a,b,a\n1,2,3\n", "line 1: the column name \"a\" twice"},
      {"no_target.csv", "a,b\n1,?\n2,\n", "no row whose target is known"},
      {"one.csv", "a\n1\n2\n", "no column is left to learn from"},
      {"cut.csv.gz", gzip("a,b\n1,2\n").substr(0, 20), "too early"},
      {"magic-images-idx3", "\1\2\3\4abcdefgh", "does not begin as IDX files do", two_labels},
      {"type-images-idx3", idx(10, {2, 2, 2}, "abcdefgh"), "does not begin as IDX files do", two_labels},
      {"head-images-idx3", images.substr(0, 10), "too early", two_labels},
      {"cut-images-idx3", images.substr(0, 20), "too early", two_labels},
      {"long-images-idx3", images + "x", "bytes after the last element", two_labels},
      {"overflow-images-idx3", idx(14, {0xffffffff, 0xffffffff, 0xffffffff}, "abcd"), "more than the file can hold", two_labels},
      {"zero-images-idx3", idx(8, {2, 0, 2}, ""), "without elements", two_labels},
      {"count-images-idx3", images, "2 rows and labels of the shape [3]", idx(8, {3}, "abc")},
      {"axes-images-idx3", idx(8, {2, 1, 1, 1, 1}, "ab"), "an array of the shape", two_labels},
      {"sum-images-idx3.gz", wrong_sum, "damaged gzip", two_labels},
      {"object.npy", npy("'|O'", "(2, 2)", numbers), "Python objects (dtype object)"},
      {"complex.npy", npy("'<c8'", "(2, 2)", numbers), "complex numbers (dtype <c8)"},
      {"text.npy", npy("'<U3'", "(2, 2)", numbers), "strings (dtype <U3)"},
      {"date.npy", npy("'<M8[ns]'", "(2, 2)", numbers), "dates (dtype <M8[ns])"},
      {"fields.npy", npy("[('a', '<f8')]", "(2, 2)", numbers), "a structured array"},
      {"odd.npy", npy("'<f3'", "(2, 2)", numbers), "the dtype <f3"},
      {"cut.npy", npy("'<f8'", "(2, 2)", numbers.substr(0, 31)), "too early"},
      {"claims.npy", npy("'<f8'", "(200, 200)", numbers), "more than the file can hold"},
      {"long.npy", npy("'<f8'", "(2, 2)", numbers + "x"), "bytes after the last element"},
      {"negative.npy", npy("'<f8'", "(-2, -2)", numbers), "extents that are not negative"},
      {"scalar.npy", npy("'<f8'", "()", numbers.substr(0, 8)), "an array of the shape []"},
      {"none.npy", npy("'<f8'", "(0,)", ""), "without elements"},
      {"key.npy", header("{'descr': '<f8', 'code': 'import os', 'shape': (2, 2), }\n") + numbers,
       "a header that NumPy does not write"},
      {"lacks.npy", header("{'descr': '<f8', 'shape': (2, 2), }\n") + numbers, "an entry that is missing"},
      {"open.npy", header("{'descr': '<f8"), "a text without an end"},
      {"version.npy", "\x93NUMPY\x09" + std::string(3, '\0'), "version 1, 2 or 3"},
      {"wide.npy", "\x93NUMPY\x02" + std::string(1, '\0') + little(0xffffffff, 4), "a header of 4294967295 bytes"},
      {"garbage.npz", "not a zip at all", "cannot be read as an archive"},
      {"empty.npz", zip({}), "no array x"},
      {"names.npz", zip({{"images.npy", npy("'<f8'", "(2, 2)", numbers)}}), "no array x but: images.npy"},
      {"twice.npz", zip({{"x.npy", npy("'<f8'", "(2, 2)", numbers)}, {"x.npy", npy("'<f8'", "(2, 2)", numbers)}}),
       "the same name twice"},
      {"rows.npz", zip({{"x.npy", npy("'<f8'", "(2, 2)", numbers)}, {"y.npy", npy("'<f8'", "(4,)", numbers)}}),
       "labels of the shape [4]"},
      {"first.npz", zip({{"x.npy", npy("'|u1'", "(1, 3, 2, 2)", "abcdefghijkl")}, {"y.npy", npy("'|u1'", "(1,)", "a")}}),
       "data.layout"},
      {"cut.tar", tar({{"a/1.png", png(1, 2, 0, "ab")}}).substr(0, 530), "cut.tar"},
      {"bad.tar", tar({{"a/1.png", "no image"}}), "a/1.png: not JPEG, PNG, BMP, TIFF or WebP"},
      {"none.tar", tar({{"a/readme.md", "text"}}), "no images"},
      {"png.tar", tar({{"a/1.png", png(1, 2, 0, "ab").substr(0, 50)}}), "a/1.png: a damaged PNG"},
      {"jpeg.tar", tar({{"a/1.jpg", red_blue_jpeg.substr(0, 200)}}), "a/1.jpg: a damaged JPEG"},
      {"sizes.tar", tar({{"a/1.png", png(1, 2, 0, "ab")}, {"a/2.png", png(2, 1, 0, "ab")}}), "resize"},
      {"table.parquet", "PAR1....", "a Parquet file"},
  };
}

TEST(Malformed, every_file_is_refused_by_a_message_with_its_name_and_the_trouble) {
  const std::vector<Malformed> all = all_malformed();
  EXPECT_GE(all.size(), 50u);
  for (const Malformed& m : all) {
    const Folder folder;
    folder.write(m.file, m.bytes);
    DataSettings settings;
    if (!m.labels.empty()) {
      folder.write("labels.idx", m.labels);
      settings.labels = "labels.idx";
    }
    try {
      read_dataset(m.file, settings, {folder.path(), {}});
      ADD_FAILURE() << m.file << " was read";
    } catch (const Error& e) {
      const std::string text = e.what();
      EXPECT_TRUE(e.trouble == Trouble::data || e.trouble == Trouble::usage) << m.file << ": " << text;
      EXPECT_NE(text.find(m.says), std::string::npos) << m.file << ": " << text;
      const bool names_file = text.find(m.file) != std::string::npos || m.file == "one.csv";
      EXPECT_TRUE(names_file) << m.file << ": " << text;
    }
  }
}

}  // namespace
}  // namespace tend::malformed_test
