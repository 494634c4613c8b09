// NumPy's files: .npy in memory, and .npz (a zip archive) in a file.
#include "tend/data/readers/npy.h"

#include "tend/data/array/array_file.h"
#include "tend/data/array/arrays.h"
#include "tend/data/test_files.h"
#include "tests/fuzz/input.h"

using namespace tend;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::Input(data, size).rest();
  DataSettings settings;
  settings.target = std::string("last");
  if (bytes.starts_with("PK")) {
    static const test::Folder folder;
    const std::string path = folder.write("t.npz", std::string(bytes));
    fuzz::refuse_or([&] { Npy{}.read({.path = path}, {.settings = settings}); });
    return 0;
  }
  fuzz::refuse_or([&] {
    const auto stream = memory_stream(bytes);
    const FileArray x = read_npy(*stream, "x.npy");
    fuzz::must_hold(to_doubles(x).shape().count() == x.shape.count(), "each element is read");
    const Dataset all = dataset_of_arrays(x, std::nullopt, settings, nullptr, false, "x.npy");
    fuzz::must_hold(all.rows() > 0 && all.rows() <= x.shape[0], "rows of the data are rows of the array");
  });
  return 0;
}
