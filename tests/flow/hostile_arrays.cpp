#include "hostile.h"

namespace tend::hostile {
namespace {

using namespace std::string_literals;
using test::big;
using test::bytes_of;
using test::gzip;
using test::idx;
using test::little;
using test::npy;
using test::zip;

/// IDX files of 8 images and their labels.
const std::string images = idx(8, {8, 2, 2}, "abcdefghijklmnopabcdefghijklmnop"), labels = idx(8, {8}, "\0\1\0\1\0\1\0\1"s);
const std::string with_labels = "--set data.labels=labels";

Case idx_case(std::string name, std::string bytes, std::vector<std::string> words, const std::string& its_labels = labels) {
  std::string octal;
  for (const char c : its_labels) octal += "\\" + test::octal(static_cast<unsigned char>(c), 3);
  return {std::move(name), "x-idx3", std::move(bytes), 65, std::move(words), with_labels, "printf '" + octal + "' > labels"};
}

std::vector<Case> idx_cases() {
  std::vector<Case> all{
      idx_case("IDX of another magic number", "\1\2\3\4" + images.substr(4), {"x-idx3", "does not begin as IDX files do"}),
      idx_case("IDX of an unknown type", idx(10, {8, 2, 2}, "abcd"), {"does not begin as IDX files do"}),
      idx_case("IDX of 255 axes", "\0\0\x08\xff"s + std::string(2000, '\1'), {"does not begin as IDX files do"}),
      idx_case("IDX of no axes", "\0\0\x08\0abcd"s, {"does not begin as IDX files do"}),
      idx_case("IDX whose extents multiply to 2^32", idx(8, {65536, 65536}, "abcd"), {"more than the file can hold"}),
      idx_case("IDX whose extents multiply to 2^64", idx(8, {0x80000000u, 0x80000000u, 4}, "abcd"),
               {"more than the file can hold"}),
      idx_case("IDX whose extents multiply beyond 2^64", idx(14, {~0u, ~0u, ~0u}, "abcd"), {"more than the file can hold"}),
      idx_case("IDX of no rows", idx(8, {0, 2, 2}, ""), {"without elements"}),
      idx_case("IDX of images without a pixel", idx(8, {8, 0, 2}, ""), {"without elements"}),
      idx_case("IDX with a byte less", images.substr(0, images.size() - 1), {"1 bytes too early"}),
      idx_case("IDX with a byte more", images + "x", {"bytes after the last element"}),
      idx_case("IDX with another number of labels", images, {"8 rows and labels of the shape [3]"}, idx(8, {3}, "\0\1\0"s)),
      idx_case("IDX with labels that are images", images, {"labels of the shape"}, idx(8, {8, 2, 2}, std::string(32, 'a'))),
      idx_case("IDX with labels cut off", images, {"labels", "too early"}, labels.substr(0, 10)),
      idx_case("IDX in gzip that claims more than gzip can hold", gzip(idx(8, {1000, 1000, 1000}, "abcd")),
               {"more than the file can hold"}),
      idx_case("IDX in gzip that is damaged", gzip(images).substr(0, 30), {"too early"}),
  };
  for (std::size_t n = 0; n < 16; n += 3)
    all.push_back(idx_case("IDX cut after " + std::to_string(n) + " bytes of its header", images.substr(0, n), {"x-idx3"}));
  Case whole = idx_case("IDX in two gzip members", gzip(images.substr(0, 20)) + gzip(images.substr(20)), {});
  whole.code = 0;
  all.push_back(whole);
  return all;
}

std::string header_of(const std::string& text) { return "\x93NUMPY\x01" + "\0"s + little(text.size(), 2) + text; }

std::vector<Case> npy_cases() {
  const std::string numbers = bytes_of<double>({1, 0, 3, 1});
  const auto with = [&](const char* descr, const char* shape, const std::string& bytes) { return npy(descr, shape, bytes); };
  return {
      {"NPY of Python objects", "x.npy", with("'|O'", "(2, 2)", numbers), 65, {"Python objects"}},
      {"NPY of named fields", "x.npy", with("[('a', '<f8')]", "(2, 2)", numbers), 65, {"structured"}},
      {"NPY of complex numbers", "x.npy", with("'<c16'", "(2, 1)", numbers), 65, {"complex"}},
      {"NPY of text", "x.npy", with("'<U4'", "(2, 1)", numbers), 65, {"strings"}},
      {"NPY of dates", "x.npy", with("'<M8[s]'", "(2, 2)", numbers), 65, {"dates"}},
      {"NPY of long doubles", "x.npy", with("'<f16'", "(2, 1)", numbers), 65, {"<f16"}},
      {"NPY with a header of 4 GB", "x.npy", "\x93NUMPY\x02\0"s + little(0xffffffff, 4), 65, {"a header of 4294967295 bytes"}},
      {"NPY with an empty header", "x.npy", header_of(""), 65, {"a header that NumPy does not write"}},
      {"NPY with code in its header",
       "x.npy",
       header_of("{'descr': __import__('os').system('id'), 'fortran_order': False, 'shape': (2, 2)}"),
       65,
       {"no text where one belongs"}},
      {"NPY with 60,000 open brackets",
       "x.npy",
       header_of("{'shape': " + std::string(60'000, '(')),
       65,
       {"a header that NumPy does not write"}},
      {"NPY of 33 axes",
       "x.npy",
       with("'<f8'", "(1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,4)", numbers),
       65,
       {"axes"}},
      {"NPY with a negative extent", "x.npy", with("'<f8'", "(-2, -2)", numbers), 65, {"not negative"}},
      {"NPY whose extents multiply beyond 2^64",
       "x.npy",
       with("'<f8'", "(4294967296, 4294967296)", numbers),
       65,
       {"more than the file can hold"}},
      {"NPY with an extent of 30 digits", "x.npy", with("'<f8'", "(100000000000000000000000000000, 2)", numbers), 65, {"extent"}},
      {"NPY without axes", "x.npy", with("'<f8'", "()", numbers.substr(0, 8)), 65, {"an array of the shape []"}},
      {"NPY of no rows", "x.npy", with("'<f8'", "(0, 2)", ""), 65, {"without elements"}},
      {"NPY with bytes after its end", "x.npy", with("'<f8'", "(2, 2)", numbers + "x"), 65, {"bytes after the last element"}},
      {"NPY that ends too early", "x.npy", with("'<f8'", "(2, 2)", numbers.substr(0, 20)), 65, {"too early"}},
      {"NPY of a later version", "x.npy", "\x93NUMPY\x09\0"s + numbers, 65, {"version 1, 2 or 3"}},
      {"NPY of images without labels", "x.npy", with("'|u1'", "(2, 2, 2)", "abcdefgh"), 65, {"images without labels"}},
      {"NPZ that is no zip", "x.npz", "not a zip at all", 65, {"cannot be read as an archive"}},
      {"NPZ of nothing", "x.npz", zip({}), 65, {"no array x"}},
      {"NPZ with a name twice",
       "x.npz",
       zip({{"x.npy", with("'<f8'", "(2, 2)", numbers)}, {"x.npy", with("'<f8'", "(2, 2)", numbers)}}),
       65,
       {"the same name twice"}},
      {"NPZ with an array above its folder",
       "x.npz",
       zip({{"../x.npy", with("'<f8'", "(2, 2)", numbers)}}),
       65,
       {"no array x but: ../x.npy"}},
      {"NPZ with other numbers of rows",
       "x.npz",
       zip({{"x.npy", with("'<f8'", "(2, 2)", numbers)}, {"y.npy", with("'<f8'", "(4,)", numbers)}}),
       65,
       {"labels of the shape [4]"}},
      {"NPZ cut off", "x.npz", zip({{"x.npy", with("'<f8'", "(2, 2)", numbers)}}).substr(0, 60), 65, {"x.npz"}},
      {"NPZ with a wrong sum",
       "x.npz",
       [&] {
         std::string bytes = zip({{"x.npy", with("'<f8'", "(2, 2)", numbers)}});
         bytes[bytes.find("NUMPY") + 100] ^= 1;
         return bytes;
       }(),
       65,
       {"x.npz"}},
      {"NPZ of a zip", "x.npz", zip({{"x.npy", zip({{"x.npy", "a"}})}}), 65, {"does not begin as .npy files do"}},
      {"NPZ of 200 MB of zeros in 200 KB",
       "x.npz",
       "",
       65,
       {"x.npy"},
       "",
       "python3 -c \"import zipfile; z = zipfile.ZipFile('x.npz', 'w', zipfile.ZIP_DEFLATED); z.writestr('x.npy', bytes(200 << 20))\""},
      {"labels without axes",
       "x.npz",
       zip({{"x.npy", with("'<f8'", "(2, 2)", numbers)}, {"y.npy", with("'<f8'", "()", numbers.substr(0, 8))}}),
       65,
       {"labels of the shape []"}},
      {"labels that are not finite",
       "x.npz",
       zip({{"x.npy", with("'<f8'", "(2, 2)", numbers)}, {"y.npy", with("'<f8'", "(2,)", bytes_of<double>({0, 1.0 / 0.0}))}}),
       65,
       {"data"}},
  };
}

}  // namespace

std::vector<Case> arrays() {
  std::vector<Case> all = idx_cases();
  for (Case& c : npy_cases()) all.push_back(std::move(c));
  return all;
}

}  // namespace tend::hostile
