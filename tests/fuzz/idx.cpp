// IDX files, as inputs without labels or as labels. The first byte chooses.
#include "tend/data/array/array_file.h"
#include "tend/data/array/arrays.h"
#include "tests/fuzz/input.h"

using namespace tend;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const int way = input.choice(3);
  fuzz::refuse_or([&] {
    const auto stream = memory_stream(input.rest());
    const FileArray x = read_idx(*stream, "x.idx");
    fuzz::must_hold(to_doubles(x).shape().count() == x.shape.count(), "each element is read");
    fuzz::must_hold(to_floats(x).shape() == x.shape, "the shape is kept");
    DataSettings settings;
    settings.target = std::string("last");
    if (way == 1) settings.layout = "nchw";
    std::optional<FileArray> labels;
    if (way == 2) labels = x;
    fuzz::must_hold(dataset_of_arrays(x, labels, settings, nullptr, false, "x.idx").rows() == x.shape[0], "each row is read");
  });
  return 0;
}
