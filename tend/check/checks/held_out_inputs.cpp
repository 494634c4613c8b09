#include "tend/check/checks/held_out_inputs.h"

#include <algorithm>
#include <cmath>

namespace tend {

namespace {

constexpr std::int64_t most_values = 400'000;

/// The values of one column, or of all columns (column < 0), of up to a few thousand rows spread over a part. Finite ones only.
std::vector<float> values_of(const Part& part, std::int64_t column) {
  const std::int64_t width = part.x.row_size(), rows = std::clamp<std::int64_t>(most_values / width, 50, 5000),
                     stride = std::max<std::int64_t>(1, part.rows() / rows);
  std::vector<float> row(static_cast<std::size_t>(width)), values;
  for (std::int64_t r = 0; r < part.rows(); r += stride) {
    part.gather(nullptr, r, 1, row.data());
    for (std::int64_t c = std::max<std::int64_t>(0, column); c < (column < 0 ? width : column + 1); ++c)
      if (const float v = row[static_cast<std::size_t>(c)]; std::isfinite(v)) values.push_back(v);
  }
  return values;
}

double quantile(std::vector<float>& values, double share) {
  if (values.empty()) return 0;
  const auto place = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + place, values.end());
  return static_cast<double>(values[static_cast<std::size_t>(place)]);
}

/// A column seen from the median of its training values.
struct Scales {
  double tenth = 0, quarter = 0, middle = 0;  ///< distances that these shares exceed; the median

  Scales(std::vector<float> values, double from) {
    middle = quantile(values, 0.5);
    for (float& v : values) v = static_cast<float>(std::fabs(static_cast<double>(v) - from));
    tenth = quantile(values, 0.9);
    quarter = quantile(values, 0.75);
  }
};

/// By which factor held-out values are larger, by the distance that speaks less for it; 1 where a distance is 0.
double factor_between(const Scales& train, const Scales& held_out) {
  if (train.tenth <= 0 || train.quarter <= 0 || held_out.tenth <= 0 || held_out.quarter <= 0) return 1;
  const double a = std::log(held_out.tenth / train.tenth), b = std::log(held_out.quarter / train.quarter);
  return a * b <= 0 ? 1 : std::exp(std::fabs(a) < std::fabs(b) ? a : b);
}

struct Found {
  std::int64_t columns = 0, other = 0;  ///< judged; with another scale
  std::int64_t worst = -1;
  double factor = 1, shift = 0, train_size = 0, held_out_size = 0;  ///< of the worst
};

Found compared(const Part& train, const Part& held_out, bool by_column, double all) {
  Found f;
  const std::int64_t width = by_column ? train.x.row_size() : 1;
  double worst = 0;
  for (std::int64_t c = 0; c < width; ++c) {
    std::vector<float> values = values_of(train, by_column ? c : -1);
    std::vector<float> copy = values;
    const double from = quantile(copy, 0.5);
    const Scales t(std::move(values), from), h(values_of(held_out, by_column ? c : -1), from);
    if (t.tenth <= 0) continue;
    ++f.columns;
    const double factor = factor_between(t, h), shift = std::fabs(h.middle - t.middle) / t.tenth,
                 badness = std::max(std::fabs(std::log(factor)), std::log(std::max(1.0, shift)));
    f.other += factor > all || factor < 1 / all;
    if (badness <= worst) continue;
    worst = badness;
    f.worst = c, f.factor = factor, f.shift = shift, f.train_size = t.tenth, f.held_out_size = h.tenth;
  }
  return f;
}

}  // namespace

std::vector<CheckResult> HeldOutInputs::run(const Setup& setup) const {
  if (setup.has_codes()) return {CheckResult::skipped("the inputs are codes, which have no scale.")};
  const Parts& parts = setup.plan().parts();
  const bool by_column = parts.train.x.shape().rank() == 2;
  const auto& names = setup.plan().pipeline().columns();
  std::vector<CheckResult> told;
  bool has_compared = false;
  for (const auto& [name, part] : {std::pair{"validation", &parts.validation}, {"test", &parts.test}}) {
    if (part->rows() < Setup::enough_held_out || parts.train.rows() < Setup::enough_held_out) continue;
    has_compared = true;
    const Found f = compared(parts.train, *part, by_column, all);
    const bool is_all = f.columns > 0 && 2 * f.other > f.columns, is_one = f.factor > one || f.factor < 1 / one || f.shift > one;
    if (!is_all && !is_one) continue;
    const std::string what = !by_column ? "the inputs"
                             : names.size() == static_cast<std::size_t>(parts.train.x.row_size())
                                 ? "the column \"" + names[static_cast<std::size_t>(f.worst)].name + "\""
                                 : "column " + std::to_string(f.worst + 1) + " of " + std::to_string(parts.train.x.row_size());
    told.push_back(
        CheckResult::alarm(Verdict::warn, "data-scale",
                           "The " + std::string(name) + " inputs have another scale or range than the training inputs, so the " +
                               name + " metrics do not measure the network" +
                               (by_column ? ": " + std::to_string(f.other) + " of " + counted(f.columns, "column") +
                                                (f.columns == 1 ? " differs" : " differ") + ", most of all " + what
                                          : "") +
                               ". Of " + what + ", a tenth of the " + name + " values is further than " +
                               short_number(f.held_out_size) +
                               " from the median of the training values; of the training values "
                               "a tenth is further than " +
                               short_number(f.train_size) + ".",
                           "Bring the " + std::string(name) + " rows of data." + name + " to the units of the training rows.")
            .with(f.factor, 1));
  }
  if (told.empty())
    told.push_back(has_compared ? CheckResult::pass("Held-out inputs have the scale of the training inputs.")
                                : CheckResult::skipped("there are fewer than 30 held-out or training rows."));
  return told;
}

}  // namespace tend
