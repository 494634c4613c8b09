// Logs of other programs: CSV, JSON lines, JSON documents and TensorBoard events, told apart by content.
#include "tend/exchange/log.h"

#include "tend/diagnose/diagnose.h"
#include "tests/fuzz/input.h"

using namespace tend;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::refuse_or([&] {
    const std::vector<LogSeries> log = log_of_bytes(fuzz::Input(data, size).rest(), "log");
    fuzz::must_hold(!log.empty(), "a log without a scalar is refused");
    for (const LogSeries& series : log)
      fuzz::must_hold(series.steps.size() == series.values.size() && !series.steps.empty(), "each value has a step");
    diagnose_logs(history_of(log, "log").losses);
  });
  return 0;
}
