#include "tend/check/checks/rows_leak.h"

#include <algorithm>
#include <cstring>

namespace tend {

std::vector<CheckResult> RowsLeak::run(const Setup& setup) const {
  constexpr std::int64_t most = 8;
  const SampleRows& sample = setup.training_sample();
  const std::int64_t n = std::min(most, sample.count() - 1), size = sample.row_size;
  if (n < 2) return {CheckResult::skipped("there are fewer than 3 training rows.")};
  const auto row = [&](std::int64_t r) { return sample.x.data() + r * size; };
  const std::int64_t changed = n / 2;
  std::int64_t other = n;
  while (other < sample.count() && std::memcmp(row(changed), row(other), static_cast<std::size_t>(size) * sizeof(float)) == 0)
    ++other;
  if (other == sample.count()) return {CheckResult::skipped("all training rows have the same inputs.")};
  std::vector<float> x(row(0), row(n));
  const std::vector<float> before = setup.trial(setup.experiment())->outputs(x.data(), n);
  std::copy(row(other), row(other) + size, x.begin() + changed * size);
  const std::vector<float> after = setup.trial(setup.experiment())->outputs(x.data(), n);
  const std::size_t width = before.size() / static_cast<std::size_t>(n);
  std::int64_t moved = 0;
  for (std::int64_t r = 0; r < n; ++r)
    moved += r != changed && std::memcmp(&before[static_cast<std::size_t>(r) * width],
                                         &after[static_cast<std::size_t>(r) * width], width * sizeof(float)) != 0;
  if (moved > 0)
    return {CheckResult::alarm(Verdict::fail, "architecture",
                               "The output for one row depends on other rows: after 1 of " + counted(n, "row") +
                                   " was replaced, the outputs of " + counted(moved, "other row") + " changed.",
                               "Correct the layer that reads other rows: in inference each row must be computed by itself.")
                .with(static_cast<double>(moved), 0)};
  std::string mixing;
  for (const Node& node : setup.network().nodes())
    if (node.traits.mixes_rows) mixing += (mixing.empty() ? "" : ", ") + node.name;
  return {CheckResult::pass("The output for one row does not depend on other rows: after 1 of " + counted(n, "row") +
                            " was replaced, the other outputs stayed the same." +
                            (mixing.empty() ? "" : " Only in training, rows are mixed by " + mixing + "."))
              .with(0, 0)};
}

}  // namespace tend
