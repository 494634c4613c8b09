// TOML: values, and experiment files.
#include "tend/base/value.h"
#include "tend/experiment/experiment.h"
#include "tests/fuzz/input.h"

using namespace tend;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::Input(data, size).rest();
  fuzz::refuse_or([&] {
    const std::string once = to_toml(parse_toml(text, "e.toml"));
    fuzz::must_hold(to_toml(parse_toml(once, "again.toml")) == once, "TOML that tend writes reads back as the same");
  });
  fuzz::refuse_or([&] { parse_toml_value(text, "--set"); });
  fuzz::refuse_or([&] { Experiment::parse(text, "e.toml"); });
  return 0;
}
