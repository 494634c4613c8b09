// Model files: safetensors with the experiment as JSON in its metadata.
#include "tend/train/model.h"

#include "tend/network/safetensors.h"
#include "tests/fuzz/input.h"

using namespace tend;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span bytes(reinterpret_cast<const std::byte*>(data), size);
  fuzz::refuse_or([&] {
    const std::vector<std::byte> written = write_safetensors(read_safetensors(bytes, "m"));
    const std::vector<std::byte> again = write_safetensors(read_safetensors(written, "again"));
    fuzz::must_hold(again == written, "a file that tend writes reads back as the same");
  });
  fuzz::refuse_or([&] {
    const Model model = Model::load(bytes, "m");
    fuzz::must_hold(model.width() > 0 && model.row_size() > 0, "a model has inputs and outputs");
  });
  return 0;
}
