// Archives (tar, zip; gzip, xz, bzip2, zstd) of images, and as packed tables.
#include "tend/data/disk/file.h"
#include "tend/data/picture/find.h"
#include "tend/data/table/table_text.h"
#include "tend/data/test_files.h"
#include "tests/fuzz/input.h"

using namespace tend;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const test::Folder folder;
  const std::string path = folder.write("a.tar", std::string(fuzz::Input(data, size).rest()));
  fuzz::refuse_or([&] {
    for (const PictureFile& file : find_in_tar(path, "train").files)
      fuzz::must_hold(file.trouble.empty() == (file.picture.bytes() > 0), "an image has pixels or trouble");
  });
  fuzz::refuse_or([&] { table_text(path); });
  fuzz::refuse_or([&] { read_file(path); });
  return 0;
}
