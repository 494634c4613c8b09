#include "tend/check/checks/padding.h"

#include <algorithm>
#include <map>

namespace tend {

namespace {

/// How many places at the end (or at the start) of a row equal `padding`, a place's values.
std::int64_t padded_places(const float* row, std::int64_t places, std::int64_t size, const std::vector<float>& padding,
                           bool at_end) {
  std::int64_t n = 0;
  for (; n < places; ++n) {
    const float* place = row + (at_end ? places - 1 - n : n) * size;
    if (!std::equal(padding.begin(), padding.end(), place)) break;
  }
  return n;
}

std::int64_t median(std::vector<std::int64_t> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

}  // namespace

std::vector<CheckResult> Padding::run(const Setup& setup) const {
  constexpr std::int64_t fewest_places = 8, fewest_rows = 10;
  const Shape& input = setup.network().input_shape();
  const Node* reader = nullptr;
  for (const Node& node : setup.network().nodes())
    if (node.traits.gives_last_place && !reader) reader = &node;
  if (!reader) return {CheckResult::pass("No layer gives only its output at the last place.")};
  const SampleRows& s = setup.training_sample();
  const std::int64_t places = reader->input_shapes[0][0], size = input.count() / std::max<std::int64_t>(1, places);
  if (input[0] != places || places < fewest_places || s.count() < fewest_rows)
    return {CheckResult::skipped("the rows have fewer than " + std::to_string(fewest_places) + " places, or are fewer than " +
                                 std::to_string(fewest_rows) + ".")};
  std::map<std::vector<float>, std::int64_t> ends;
  for (std::int64_t r = 0; r < s.count(); ++r) {
    const float* end = s.x.data() + (r + 1) * s.row_size;
    ++ends[std::vector<float>(end - size, end)];
  }
  const auto usual = std::max_element(ends.begin(), ends.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  std::vector<std::int64_t> at_end, at_start;
  for (std::int64_t r = 0; r < s.count(); ++r) {
    const float* row = s.x.data() + r * s.row_size;
    at_end.push_back(padded_places(row, places, size, usual->first, true));
    at_start.push_back(padded_places(row, places, size, usual->first, false));
  }
  const std::int64_t end = median(at_end), start = median(at_start);
  const std::string seen = std::to_string(end) + " of the " + std::to_string(places) +
                           " places at the end of the median row have the same value";
  if (2 * end <= places || static_cast<double>(start) > most_before * static_cast<double>(places))
    return {CheckResult::pass("The last place of a row, which " + reader->name + " reads last, follows its values: " + seen + ".")
                .with(static_cast<double>(end), static_cast<double>(places) / 2)};
  return {CheckResult::alarm(Verdict::warn, "data-quality",
                             reader->name + " gives only its state at the last place, after long padding: " + seen +
                                 (size == 1 ? ", " + short_number(static_cast<double>(usual->first[0])) : "") +
                                 ". The state forgets the values before.",
                             "Put the padding before the values in data.source, or use all places of " + reader->name +
                                 " (last = false) with a pooling layer.")
              .at(reader->name)
              .with(static_cast<double>(end), static_cast<double>(places) / 2)};
}

}  // namespace tend
