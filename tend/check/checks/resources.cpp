#include "tend/check/checks/resources.h"

#include <fstream>

#include "tend/network/compile.h"

namespace tend {

namespace {

std::string bytes_text(double bytes) {
  const char* units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  int unit = 0;
  for (; bytes >= 1024 && unit < 4; ++unit) bytes /= 1024;
  return short_number(bytes) + " " + units[unit];
}

}  // namespace

std::int64_t Resources::free_memory_bytes() {
  std::ifstream file("/proc/meminfo");
  std::string word;
  std::int64_t kib = 0;
  while (file >> word)
    if (word == "MemAvailable:" && file >> kib) return kib * 1024;
  return 0;
}

std::int64_t Resources::needed_bytes(const TrainingView& view) {
  CompileOptions options;  // evaluation, as inference compiles it
  const std::int64_t at_once = view.coding.places == 1
                                   ? Inference::rows_at_once
                                   : std::max<std::int64_t>(1, Inference::places_at_once / view.coding.places);
  options.rows = std::min(at_once, view.parts.train.rows());
  options.backend = &view.backend;
  const Program evaluation = compile(view.network, view.layout, options);
  const std::int64_t copies = 2 + (view.experiment.train.early_stopping.is_null() ? 0 : 1);
  constexpr std::int64_t fewest_batches_ahead = 3;
  return copies * view.state.bytes() + view.layout.parameter_elements * size_of(view.layout.type) + view.program.arena_bytes() +
         view.executor.threads() * (view.program.scratch_bytes() + evaluation.scratch_bytes()) +
         fewest_batches_ahead * view.program.batch_bytes() + evaluation.arena_bytes() + evaluation.batch_bytes();
}

std::vector<CheckResult> Resources::judge(const Setup& setup, std::int64_t free_bytes) const {
  const TrainingView& view = setup.training();
  const std::int64_t needed = needed_bytes(view);
  const double flops = view.program.flops() * static_cast<double>(view.total_steps);
  const std::string text = "The run takes " + bytes_text(static_cast<double>(needed)) + " beside its data and " +
                           short_number(flops / 1e9) + " GFLOP in " + std::to_string(view.total_steps) + " steps";
  if (free_bytes > 0 && static_cast<double>(needed) > share * static_cast<double>(free_bytes))
    return {CheckResult::alarm(Verdict::warn, "batch-size",
                               text + "; " + bytes_text(static_cast<double>(free_bytes)) + " are free.", "train.batch_size",
                               std::to_string(std::max<std::int64_t>(1, view.batch_size / 2)))
                .with(static_cast<double>(needed), static_cast<double>(free_bytes))};
  CheckResult r = CheckResult::pass(text + ".");
  r.value = static_cast<double>(needed);
  if (free_bytes > 0) r.expected = static_cast<double>(free_bytes);
  return {std::move(r)};
}

}  // namespace tend
