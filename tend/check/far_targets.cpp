#include "tend/check/far_targets.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "tend/base/text.h"
#include "tend/check/far_values.h"

namespace tend {

namespace {

/// All digits: a number that people search for in their data.
std::string exact(double v) {
  char text[32];
  std::snprintf(text, sizeof text, "%.10g", v);
  return text;
}

/// What helps against targets far from the others: values of a tail count less; those that no tail has are left out.
Changes changes_against(const FarValues& far, std::int64_t targets) {
  constexpr double spreads_of_a_tail = 100, spreads_around = 10;
  const double distance = std::max(std::fabs(far.low - far.median), std::fabs(far.high - far.median));
  if (!far.is_code && distance < spreads_of_a_tail * far.spread) return {{.path = "loss.name", .value = "huber"}};
  if (targets > 1) return {};
  // Far values are 3 times as far from the median as all others.
  const double margin = std::min(spreads_around * far.spread, std::max(far.usual_high - far.median, far.median - far.usual_low));
  const double unit = std::pow(10, std::floor(std::log10(far.spread)));  // for numbers that people would write
  return {{.path = "data.target_range",
           .value = Value::Array{std::floor((far.usual_low - margin) / unit) * unit,
                                 std::ceil((far.usual_high + margin) / unit) * unit}}};
}

/// Few targets, of the training rows or of `held_out` beside them, that decide the squared error.
std::optional<CheckResult> far_ones(const Plan& plan, std::int64_t t, std::optional<PartName> held_out) {
  std::vector<double> values = target_column(plan.parts().train, t);
  const std::int64_t trained = std::ssize(values), width = plan.parts().train.y.row_size();
  if (held_out) {
    const std::vector<double> more = target_column(held_out == PartName::validation ? plan.parts().validation : plan.parts().test,
                                                   t);
    values.insert(values.end(), more.begin(), more.end());
  }
  const FarValues far = FarValues::among(values);
  if (far.count == 0 || far.share_of_squares <= 0.5) return {};
  const std::int64_t first = std::find_if(values.begin(), values.end(),
                                          [&](double v) {
                                            return v >= far.low && v <= far.high && (v < far.usual_low || v > far.usual_high);
                                          }) -
                             values.begin();
  const std::string place = first < trained ? plan.prepared().place_of_row(PartName::train, first)
                                            : plan.prepared().place_of_row(*held_out, first - trained);
  const std::string parts = !held_out ? "" : held_out == PartName::validation ? "training and validation " : "training and test ";
  std::string message = std::to_string(far.count) + " of " + std::to_string(far.of) + " " + parts + "targets " +
                        (far.count == 1 ? "is" : "are");
  message += far.is_code ? " exactly " + exact(far.low) + ", which is probably a code for a missing value"
             : far.count == 1
                 ? " far from all others: it is " + short_number(far.low)
                 : " far from all others: they are between " + short_number(far.low) + " and " + short_number(far.high);
  message += (far.count == 1 ? ", in " : ", first in ") + place + ". The median target is " + short_number(far.median) +
             ", the usual distance from it " + short_number(far.spread) + ". These targets make up " +
             percent(far.share_of_squares) + " of the squared error.";
  return CheckResult::alarm(Verdict::warn, "data-quality", message, changes_against(far, width),
                            "Correct these rows in data.source, or leave them out.")
      .with(far.share_of_squares, 0.5);
}

}  // namespace

std::vector<double> target_column(const Part& part, std::int64_t t) {
  std::vector<double> values;
  for (std::int64_t r = 0; r < part.rows(); ++r) values.push_back(part.y.as<double>()[r * part.y.row_size() + t]);
  return values;
}

std::vector<CheckResult> far_targets(const Setup& setup) {
  std::vector<CheckResult> results;
  const Plan& plan = setup.plan();
  for (std::int64_t t = 0; t < plan.parts().train.y.row_size(); ++t) {
    std::optional<CheckResult> found = far_ones(plan, t, {});
    if (found && plan.loss().error_power() != 2) continue;  // the loss bounds what they do
    // A loss that bounds a tail does not help the metrics of held-out rows: only targets that no tail has are an alarm there.
    for (const PartName part : {PartName::validation, PartName::test})
      if (!found)
        if (std::optional<CheckResult> other = far_ones(plan, t, part);
            other && !other->changes.empty() && other->changes[0].path != "loss.name")
          found = std::move(other);
    if (found) results.push_back(*std::move(found));
  }
  return results;
}

}  // namespace tend
