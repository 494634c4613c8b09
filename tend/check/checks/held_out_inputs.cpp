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

/// The largest distance between the shares of two samples that lie below a value (Kolmogorov and Smirnov); 1 where the second is
/// one value, the first are many, and so many rows of that value are no chance; 0 where the second goes on where the first end,
/// as years do.
double distance_between(std::vector<float> a, std::vector<float> b) {
  constexpr std::int64_t many = 10;
  if (a.empty() || b.empty()) return 0;
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  double most = 0;
  std::int64_t different = 0;
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    const float v = i == a.size() ? b[j] : j == b.size() ? a[i] : std::min(a[i], b[j]);
    const std::size_t before = i;
    while (i < a.size() && a[i] == v) ++i;
    while (j < b.size() && b[j] == v) ++j;
    different += i > before;
    most = std::max(most, std::fabs(static_cast<double>(i) / static_cast<double>(a.size()) -
                                    static_cast<double>(j) / static_cast<double>(b.size())));
  }
  const float width = a.back() - a.front(), gap = std::max(b.front() - a.back(), a.front() - b.back());
  if (gap > 0 && gap <= width / 4 && b.back() - b.front() <= width) return 0;
  const double share = static_cast<double>(std::count(a.begin(), a.end(), b.front())) / static_cast<double>(a.size());
  const bool is_chance = share > 0.5 || std::pow(share, static_cast<double>(b.size())) > 1e-6;
  return b.front() == b.back() && different > many && !is_chance ? 1 : most;
}

std::string middle_half(std::vector<float> values) {
  const double low = quantile(values, 0.25), high = quantile(values, 0.75);
  return "from " + short_number(low) + " to " + short_number(high);
}

/// The column of the table from which a prepared one is made: the one that changes it. Nothing where there is none.
std::optional<std::string> source_column(const Setup& setup, std::int64_t column) {
  constexpr std::int64_t most_rows = 1000, most_columns = 1000;  // a row for each column
  const Dataset& source = setup.plan().prepared().source();
  const auto width = static_cast<std::int64_t>(source.columns.size());
  if (width == 0 || width > most_columns || source.x.row_size() != width || source.x.type() != ElementType::float64) return {};
  Dataset changed = select_rows(source, std::vector<std::int64_t>(static_cast<std::size_t>(2 * width), 0));
  const auto* cells = source.x.as<double>();
  for (std::int64_t c = 0; c < width; ++c) {  // its lowest and its highest value: one of them changes each bin
    double low = cells[c], high = cells[c];
    for (std::int64_t r = 1; r < std::min(source.rows(), most_rows); ++r)
      if (const double v = cells[r * width + c]; std::isfinite(v)) low = std::fmin(low, v), high = std::fmax(high, v);
    changed.x.as<double>()[2 * c * width + c] = low;
    changed.x.as<double>()[(2 * c + 1) * width + c] = high;
  }
  const Pipeline& pipeline = setup.plan().pipeline();
  const Part before = pipeline.apply(select_rows(source, {0})), after = pipeline.apply(changed);
  for (std::int64_t r = 0; r < 2 * width; ++r)
    if (after.x.as<float>()[r * after.x.row_size() + column] != before.x.as<float>()[column])
      return source.columns[static_cast<std::size_t>(r / 2)].name;
  return {};
}

std::string name_of(const Setup& setup, std::int64_t column) {
  const std::optional<std::string> name = source_column(setup, column);
  return name ? "the column \"" + *name + "\""
              : "column " + std::to_string(column + 1) + " of " + std::to_string(setup.plan().parts().train.x.row_size());
}

/// A column, or the target, of rows from another source that are hardly among the training values.
std::optional<CheckResult> other_values(const Setup& setup, const Part& part, const std::string& name, double most) {
  const Part& train = setup.plan().parts().train;
  const std::int64_t width = train.x.row_size();
  std::vector<float> here, there;
  std::int64_t column = -1;
  double worst = most;
  for (std::int64_t c = 0; c < width; ++c) {
    std::vector<float> a = values_of(train, c), b = values_of(part, c);
    const double distance = distance_between(a, b);
    if (distance <= worst) continue;
    worst = distance, here = std::move(a), there = std::move(b), column = c;
  }
  std::string what = column < 0 ? "" : name_of(setup, column);
  if (setup.task() == Task::regression && what.empty() && part.y.row_size() == 1) {
    const auto all = [](const Part& p) { return std::vector<float>(p.y.as<double>(), p.y.as<double>() + p.rows()); };
    here = all(train), there = all(part);
    worst = distance_between(here, there);
    if (worst > most) what = "the target";
  }
  if (what.empty()) return {};
  return CheckResult::alarm(Verdict::warn, "data-scale",
                            "The " + name + " rows have other values than the training rows, so the " + name +
                                " metrics do not measure the network: of " + what + ", the middle half of the " + name +
                                " values lies " + middle_half(there) + ", that of the training values " + middle_half(here) +
                                " (both as prepared).",
                            "Bring the " + name + " rows of data." + name +
                                " to the units of the training rows, or take them from the same source.")
      .with(worst, most);
}

}  // namespace

std::vector<CheckResult> HeldOutInputs::run(const Setup& setup) const {
  if (setup.has_codes()) return {CheckResult::skipped("the inputs are codes, which have no scale.")};
  const Parts& parts = setup.plan().parts();
  const bool by_column = parts.train.x.shape().rank() == 2;
  std::vector<CheckResult> told;
  bool has_compared = false;
  for (const auto& [name, part, which] :
       {std::tuple{"validation", &parts.validation, PartName::validation}, {"test", &parts.test, PartName::test}}) {
    if (part->rows() < Setup::enough_held_out || parts.train.rows() < Setup::enough_held_out) continue;
    has_compared = true;
    const Found f = compared(parts.train, *part, by_column, all);
    const bool is_all = f.columns > 0 && 2 * f.other > f.columns, is_one = f.factor > one || f.factor < 1 / one || f.shift > one;
    if (!is_all && !is_one) {
      const bool is_of_another_source = setup.plan().prepared().source_rows(which).empty();
      if (by_column && is_of_another_source)
        if (std::optional<CheckResult> other = other_values(setup, *part, name, distance)) told.push_back(*other);
      continue;
    }
    const std::string what = by_column ? name_of(setup, f.worst) : "the inputs";
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
