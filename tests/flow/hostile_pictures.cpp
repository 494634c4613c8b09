#include "hostile.h"

namespace tend::hostile {
namespace {

using namespace std::string_literals;
using test::big;
using test::grey_jpeg;
using test::little;
using test::png;
using test::tar;

const std::string picture = png(2, 2, 0, "abcd");

/// Forty good images of two classes, and others.
test::Files with_good(const test::Files& others) {
  test::Files all;
  for (int i = 0; i < 40; ++i)
    all.emplace_back((i % 2 ? "a/" : "b/") + std::to_string(100 + i) + ".png",
                     png(2, 2, 0, std::string(4, static_cast<char>(i))));
  all.insert(all.end(), others.begin(), others.end());
  return all;
}
/// A bad image among good ones is left out, named and counted.
Case among_good(std::string name, const std::string& file, const std::string& bytes, std::vector<std::string> words) {
  words.push_back(file);
  words.push_back("1 image cannot be read");
  return {std::move(name), "set.tar", tar(with_good({{file, bytes}})), 0, std::move(words)};
}
/// An archive in which it is the only image is refused.
Case only(std::string name, const std::string& file, const std::string& bytes, std::vector<std::string> words) {
  words.push_back(file);
  return {std::move(name), "set.tar", tar({{file, bytes}}), 65, std::move(words)};
}

std::string claiming(std::string jpeg, int height, int width) {
  const std::size_t frame = jpeg.find("\xff\xc0");
  return jpeg.replace(frame + 5, 4, big(static_cast<std::uint64_t>(height), 2) + big(static_cast<std::uint64_t>(width), 2));
}
/// Any size, with a right checksum of the header.
std::string png_claiming(std::uint32_t height, std::uint32_t width) {
  std::string bytes = png(1, 2, 0, "ab");
  bytes.replace(16, 8, big(width, 4) + big(height, 4));
  return bytes.replace(29, 4, big(test::crc32_of(bytes.substr(12, 17)), 4));
}
std::string with_chunk(const std::string& kind, const std::string& content) {
  const std::string chunk = big(content.size(), 4) + kind + content + big(test::crc32_of(kind + content), 4);
  return picture.substr(0, 33) + chunk + picture.substr(33);
}
/// A progressive JPEG of many scans: each costs the decoder a pass over the image.
std::string many_scans(int scans) {
  std::string jpeg = grey_jpeg;
  jpeg[jpeg.find("\xff\xc0") + 1] = '\xc2';
  const std::size_t scan = jpeg.find("\xff\xda");
  const std::string one = jpeg.substr(scan, jpeg.size() - 2 - scan);
  std::string all = jpeg.substr(0, scan);
  for (int i = 0; i < scans; ++i) all += one;
  return all + "\xff\xd9";
}
/// A TIFF directory of whole numbers: (tag, value) in ascending order.
std::string tiff(const std::vector<std::pair<int, std::uint32_t>>& entries, std::uint32_t next = 0) {
  std::string all = "II*\0"s + little(8, 4) + little(entries.size(), 2);
  for (const auto& [tag, value] : entries)
    all += little(static_cast<std::uint64_t>(tag), 2) + little(4, 2) + little(1, 4) + little(value, 4);
  return all + little(next, 4);
}
std::string webp_claiming(std::uint32_t width, std::uint32_t height) {
  const std::uint32_t sizes = (width - 1) | (height - 1) << 14;
  const std::string bits = "\x2f" + little(sizes, 4) + std::string(40, '\0');
  return "RIFF" + little(bits.size() + 12 + bits.size() % 2, 4) + "WEBPVP8L" + little(bits.size(), 4) + bits +
         std::string(bits.size() % 2, '\0');
}

std::vector<Case> claiming_pictures() {
  return {
      only("a PNG of 65500 x 65500 pixels in 1 KB", "a/1.png", png_claiming(65500, 65500), {"65500 x 65500 pixels"}),
      only("a PNG of 2^31 pixels in a row", "a/1.png", png_claiming(1, 0x7fffffff), {"a/1.png"}),
      only("a PNG of 7000 x 7000 pixels in 1 KB", "a/1.png", png_claiming(7000, 7000), {"7000 x 7000 pixels"}),
      only("a PNG of no pixels", "a/1.png", png_claiming(0, 2), {"PNG"}),
      only("a JPEG of 65500 x 65500 pixels in 1 KB", "a/1.jpg", claiming(grey_jpeg, 65500, 65500), {"65500 x 65500"}),
      only("a JPEG of 7900 x 7900 pixels in 200 bytes", "a/1.jpg", claiming(test::red_blue_jpeg, 7900, 7900), {"7900 x 7900"}),
      only("a JPEG of no rows", "a/1.jpg", claiming(grey_jpeg, 0, 8), {"JPEG"}),
      only("a BMP of 65500 x 65500 pixels in 1 KB", "a/1.bmp", test::bmp(65500, 65500, 24, "", "abcd"), {"65500 x 65500"}),
      only("a BMP of a negative width", "a/1.bmp", test::bmp(-5, 1, 24, "", "abcd"), {"width"}),
      only("a BMP of -2^31 rows", "a/1.bmp", test::bmp(1, INT32_MIN, 24, "", "abcd"), {"2147483648"}),
      only("a TIFF of 65500 x 65500 pixels in 1 KB", "a/1.tif",
           tiff({{256, 65500}, {257, 65500}, {258, 8}, {262, 1}, {273, 8}, {279, 10}}), {"65500 x 65500"}),
      only("a TIFF of 7900 x 7900 pixels in 200 bytes", "a/1.tif",
           tiff({{256, 7900}, {257, 7900}, {258, 16}, {259, 5}, {262, 1}, {273, 8}, {279, 10}}), {"7900 x 7900"}),
      only("a TIFF of a tile of 2^31 pixels", "a/1.tif",
           tiff({{256, 16}, {257, 16}, {258, 8}, {259, 5}, {262, 1}, {322, 0x7ffffff0}, {323, 0x7ffffff0}, {324, 8}, {325, 10}}),
           {"a/1.tif"}),
      only("a WebP of 16384 x 16384 pixels in 1 KB", "a/1.webp", webp_claiming(16384, 16384), {"16384 x 16384"}),
      only("a WebP of 7900 x 7900 pixels in 60 bytes", "a/1.webp", webp_claiming(7900, 7900), {"7900 x 7900"}),
  };
}

std::vector<Case> damaged_pictures() {
  std::vector<Case> all{
      only("an empty image", "a/1.png", "", {"an empty file"}),
      only("text with an image's name", "a/1.png", "no image", {"not JPEG, PNG"}),
      only("a PNG without an end", "a/1.png", picture.substr(0, picture.size() - 30), {"a damaged PNG"}),
      only("a PNG of an unknown colour type", "a/1.png", test::png_of_lines(1, 2, 8, 5, "ab"), {"a damaged PNG"}),
      only("a PNG of 3 bits", "a/1.png", test::png_of_lines(1, 2, 3, 0, "ab"), {"a damaged PNG"}),
      only("a PNG of a palette that it lacks", "a/1.png", test::png_of_lines(1, 2, 8, 3, "ab"), {"a damaged PNG"}),
      only("a PNG of floats in 32 bits", "a/1.png", test::png_of_lines(1, 2, 32, 0, "abcdefgh"), {"a damaged PNG"}),
      only("a PNG with a chunk of 2 GB", "a/1.png", picture.substr(0, 33) + big(0x7fffffff, 4) + "IDAT" + "abcd",
           {"a damaged PNG"}),
      only("a JPEG of 20,000 scans", "a/1.jpg", many_scans(20'000), {"a damaged JPEG"}),
      only("a BMP in run lengths", "a/1.bmp", test::bmp(2, 1, 8, std::string(1024, 'a'), "ab", 1), {"compressed"}),
      only("a BMP of 16 bits", "a/1.bmp", test::bmp(2, 1, 16, "", "abcd"), {"16 bits"}),
      only("a BMP without its palette", "a/1.bmp", test::bmp(2, 1, 8, "", "abcd"), {"palette"}),
      only("a TIFF without a directory", "a/1.tif", "II*\0"s + little(0xfffffff0, 4), {"a damaged TIFF"}),
      only("a TIFF whose directory follows itself", "a/1.tif", tiff({{256, 2}, {257, 2}, {258, 8}, {262, 1}}, 8),
           {"a damaged TIFF"}),
      only("a TIFF of floats", "a/1.tif", tiff({{256, 1}, {257, 1}, {258, 32}, {262, 1}, {273, 8}, {277, 1}, {279, 4}, {339, 3}}),
           {"floating-point"}),
      only("a TIFF of samples of 64 bits", "a/1.tif",
           tiff({{256, 1}, {257, 1}, {258, 64}, {262, 1}, {273, 8}, {277, 1}, {279, 8}}), {"64 bits"}),
      only("a TIFF of 60,000 samples a pixel", "a/1.tif",
           tiff({{256, 2}, {257, 2}, {258, 8}, {262, 1}, {273, 8}, {277, 60'000}, {279, 8}}), {"a damaged TIFF"}),
      only("a TIFF with strips outside the file", "a/1.tif",
           tiff({{256, 2}, {257, 2}, {258, 8}, {262, 1}, {273, 0xfffffff0}, {277, 1}, {279, 4}}), {"a damaged TIFF"}),
      only("a WebP that ends after its header", "a/1.webp", "RIFF\4\0\0\0WEBP"s, {"a damaged WebP"}),
      only("a WebP with a frame of nothing", "a/1.webp", "RIFF\x16\0\0\0WEBPVP8 \x0a\0\0\0abcdefghij"s, {"a damaged WebP"}),
      among_good("a damaged image among good ones", "a/9.png", picture.substr(0, 50), {"a damaged PNG"}),
      among_good("an empty image among good ones", "a/9.webp", "", {"an empty file"}),
      among_good("a JPEG that ends too early among good ones", "a/9.jpg", grey_jpeg.substr(0, grey_jpeg.size() - 10),
                 {"a damaged JPEG"}),
      {"a JPEG with a PNG's name", "set.tar", tar({{"a/1.png", grey_jpeg}, {"b/1.png", grey_jpeg}}), 65, {}},
      {"images of which none has a class", "set", "", 65, {"set"}, "", "mkdir set && touch set/1.png"},
      {"a folder of folders", "set", "", 65, {"set"}, "", "mkdir -p set/a/b/c set/d"},
      {"one image to learn from", "x.png", picture, 65, {"one image"}},
  };
  for (std::size_t at = grey_jpeg.find("\xff", 2), k = 0; at != grey_jpeg.npos; at = grey_jpeg.find("\xff", at + 1), ++k)
    all.push_back(only("a JPEG cut at marker " + std::to_string(k), "a/1.jpg", grey_jpeg.substr(0, at), {"JPEG"}));
  return all;
}

std::vector<Case> legal_pictures() {
  return {
      {"a PNG with a profile that unpacks to nothing",
       "set.tar",
       tar(with_good({{"a/9.png", with_chunk("iCCP", "x\0\0abc"s)}})),
       0,
       {}},
      {"a PNG with a text that unpacks to nothing",
       "set.tar",
       tar(with_good({{"a/9.png", with_chunk("zTXt", "x\0\0abc"s)}})),
       0,
       {}},
      {"a PNG with an unknown chunk of 1 MB",
       "set.tar",
       tar(with_good({{"a/9.png", with_chunk("teSt", std::string(1 << 20, 'a'))}})),
       0,
       {}},
      {"a PNG with an animation", "set.tar", tar(with_good({{"a/9.png", with_chunk("acTL", big(1, 4) + big(0, 4))}})), 0, {}},
      {"names in capital letters",
       "set.tar",
       tar(with_good({{"a/9.PNG", picture}, {"b/9.BMP", test::bmp(2, 2, 24, "", "aaabbb\0\0cccddd\0\0"s)}})),
       0,
       {}},
  };
}

}  // namespace

std::vector<Case> pictures() {
  std::vector<Case> all = claiming_pictures();
  for (Case& c : damaged_pictures()) all.push_back(std::move(c));
  for (Case& c : legal_pictures()) all.push_back(std::move(c));
  return all;
}

std::vector<Case> archives() {
  std::string link = tar(with_good({{"a/9.png", ""}}));
  const auto entry = [&](char type, const std::string& goal) {
    std::string bytes = tar({{"a/9.png", ""}});
    bytes[156] = type;
    bytes.replace(157, goal.size(), goal);
    bytes.replace(148, 8, "        ");
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < 512; ++i) sum += static_cast<unsigned char>(bytes[i]);
    bytes.replace(148, 7, test::octal(sum, 6) + '\0');
    const std::string good = tar(with_good({}));
    return bytes.substr(0, 512) + good;
  };
  test::Files many;
  for (int i = 0; i < 20'000; ++i) many.emplace_back("readme" + std::to_string(i), "");
  const std::string csv = good_table(), y = "--target y";
  return {
      {"a tar with names above its folder", "set.tar", tar(with_good({{"../../a/1.png", picture}})), 0, {}},
      {"a tar with absolute names", "set.tar", tar(with_good({{"/etc/a/1.png", picture}})), 0, {}},
      {"a tar with a symbolic link", "set.tar", entry('2', "/etc/passwd"), 0, {}},
      {"a tar with a hard link", "set.tar", entry('1', "/etc/passwd"), 0, {}},
      {"a tar with a device", "set.tar", entry('3', ""), 0, {}},
      {"a tar with a pipe", "set.tar", entry('6', ""), 0, {}},
      {"a tar with a folder of an image's name", "set.tar", entry('5', ""), 0, {}},
      {"a tar with a name twice", "set.tar", tar(with_good({{"a/101.png", picture}})), 0, {}},
      {"a tar of 20,000 files that are no images", "set.tar", tar(many), 65, {"no images"}},
      {"a tar of nothing", "set.tar", tar({}), 65, {"no images"}},
      {"an empty tar", "set.tar", "", 65, {"set.tar"}},
      {"a tar cut off in a header", "set.tar", tar({{"a/1.png", picture}}).substr(0, 300), 65, {"set.tar"}},
      {"a tar cut off in a file", "set.tar", tar({{"a/1.png", picture}}).substr(0, 530), 65, {"set.tar"}},
      {"a tar with a wrong sum",
       "set.tar",
       [] {
         std::string bytes = tar({{"a/1.png", picture}});
         bytes[0] = 'b';
         return bytes;
       }(),
       65,
       {"set.tar"}},
      {"a tar with a size of 8 GB",
       "set.tar",
       [] {
         std::string bytes = tar({{"a/1.png", picture}});
         bytes.replace(124, 11, "77777777777").replace(148, 8, "        ");
         std::uint64_t sum = 0;
         for (std::size_t i = 0; i < 512; ++i) sum += static_cast<unsigned char>(bytes[i]);
         return bytes.replace(148, 7, test::octal(sum, 6) + '\0');
       }(),
       65,
       {"set.tar"}},
      {"a tar of ten images of 100 MB of zeros",
       "set.tar.gz",
       "",
       65,
       {"not JPEG, PNG"},
       "",
       "mkdir a && head -c 100000000 /dev/zero > a/1.png && for i in 2 3 4 5 6 7 8 9 10; do ln a/1.png a/$i.png; done && "
       "tar --hard-dereference -c a | gzip -1 > set.tar.gz && rm -r a",
       300,
       15},
      {"a tar in a tar", "set.tar", tar({{"a/inner.tar", tar({{"a/1.png", picture}})}}), 65, {"no images"}},
      {"a zip of two tables", "t.zip", test::zip({{"t.csv", csv}, {"u.csv", csv}}), 65, {"2 files", "t.csv"}, y},
      {"a zip of a zip", "t.zip", test::zip({{"t.csv", test::zip({{"t.csv", csv}})}}), 65, {"t.zip"}, y},
      {"a zip of nothing", "t.zip", test::zip({}), 65, {"t.zip"}, y},
      {"a zip of one table with a name above its folder", "t.zip", test::zip({{"../../t.csv", csv}}), 0, {}, y},
      {"a zip with a password",
       "t.zip",
       [&] {
         std::string bytes = test::zip({{"t.csv", csv}});
         bytes[6] = 1;
         bytes[bytes.find("PK\1\2") + 8] = 1;
         return bytes;
       }(),
       65,
       {"t.zip"},
       y},
      {"a zip whose directory names one file 1,000 times",
       "t.zip",
       [&] {
         const std::string one = test::zip({{"t.csv", csv}});
         const std::size_t directory = one.find("PK\1\2"), end = one.find("PK\5\6");
         std::string bytes = one.substr(0, directory);
         for (int i = 0; i < 1'000; ++i) bytes += one.substr(directory, end - directory);
         return bytes + "PK\5\6" + little(0, 4) + little(1'000, 2) + little(1'000, 2) + little(1'000 * (end - directory), 4) +
                little(directory, 4) + little(0, 2);
       }(),
       0,
       {},
       y},
      {"a zip bomb of 400 MB",
       "t.zip",
       "",
       65,
       {"MiB"},
       y,
       "python3 -c \"import zipfile; z = zipfile.ZipFile('t.zip', 'w', zipfile.ZIP_DEFLATED); z.writestr('t.csv', b'1' * 400000000)\"",
       400},
  };
}

}  // namespace tend::hostile
