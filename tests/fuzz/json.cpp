// JSON: values, and experiment files in JSON.
#include "tend/base/value.h"
#include "tend/experiment/experiment.h"
#include "tests/fuzz/input.h"

using namespace tend;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::Input(data, size).rest();
  fuzz::refuse_or([&] {
    const std::string once = to_json(parse_json(text, "e.json"));
    fuzz::must_hold(to_json(parse_json(once, "again.json")) == once, "JSON that tend writes reads back as the same");
  });
  fuzz::refuse_or([&] { Experiment::parse(text, "e.json"); });
  return 0;
}
