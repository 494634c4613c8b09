#include "tend/check/checks/augmentation.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tend/base/random.h"
#include "tend/prepare/step.h"

namespace tend {

namespace {

constexpr double most_multiplications = 3e8;
constexpr std::int64_t most_rows = 600, fewest_of_class = 10;

using Likeness = std::vector<double>;  // [class, class of the most similar other image]: shares of the first

/// `changed`: each image as it is compared with the others.
Likeness likeness_of(const SampleRows& s, std::int64_t n, const std::vector<float>& changed, std::int64_t classes) {
  Likeness c(static_cast<std::size_t>(classes * classes));
  std::vector<double> of_class(static_cast<std::size_t>(classes));
  for (std::int64_t r = 0; r < n; ++r) {
    float least = std::numeric_limits<float>::max();
    std::int64_t nearest = -1;
    const float* a = changed.data() + r * s.row_size;
    for (std::int64_t o = 0; o < n; ++o) {
      if (o == r) continue;
      const float* b = s.x.data() + o * s.row_size;
      float sum = 0;
      for (std::int64_t f = 0; f < s.row_size; ++f) sum += (a[f] - b[f]) * (a[f] - b[f]);
      if (sum < least) least = sum, nearest = o;
    }
    if (nearest < 0) continue;
    const auto own = static_cast<std::int64_t>(s.y[static_cast<std::size_t>(r)]),
               other = static_cast<std::int64_t>(s.y[static_cast<std::size_t>(nearest)]);
    ++c[static_cast<std::size_t>(own * classes + other)];
    ++of_class[static_cast<std::size_t>(own)];
  }
  for (std::int64_t k = 0; k < classes; ++k)
    for (std::int64_t o = 0; o < classes; ++o) {
      const double rows = of_class[static_cast<std::size_t>(k)];
      double& share = c[static_cast<std::size_t>(k * classes + o)];
      share = rows < fewest_of_class ? 0 : share / rows;
    }
  return c;
}

/// The experiment's steps without one.
Change without_step(const Setup& setup, std::size_t place) {
  Value steps = Value::array();
  const Value::Array& all = setup.experiment().prepare.steps.array_items();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (i != place) steps.push_back(all[i]);
  return {.path = "prepare.steps", .value = steps};
}

}  // namespace

std::vector<CheckResult> Augmentation::run(const Setup& setup) const {
  const Plan& plan = setup.plan();
  if (!plan.pipeline().augments()) return {CheckResult::pass("No data augmentation is used.")};
  if (setup.task() != Task::classification || plan.coding().places != 1)
    return {CheckResult::skipped("the rows have no classes.")};
  const SampleRows& s = setup.training_sample();
  const std::int64_t affordable = static_cast<std::int64_t>(std::sqrt(most_multiplications / static_cast<double>(s.row_size))),
                     n = std::min({s.count(), most_rows, affordable}), classes = setup.classes();
  const Likeness plain = likeness_of(s, n, s.x, classes);
  const Value::Array& steps = setup.experiment().prepare.steps.array_items();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto step = builtin_steps().make(steps[i], "prepare.steps");
    if (!step->augments()) continue;
    std::vector<float> changed = s.x;
    for (std::int64_t r = 0; r < n; ++r) {
      Random random(setup.experiment().seed, purpose("augmentation check"), static_cast<std::uint32_t>(r), 0u);
      step->augment(changed.data() + r * s.row_size, plan.pipeline().row_shape(), random);
    }
    const Likeness augmented = likeness_of(s, n, changed, classes);
    for (std::int64_t k = 0; k < classes; ++k)
      for (std::int64_t o = 0; o < classes; ++o) {
        const auto at = static_cast<std::size_t>(k * classes + o);
        if (k == o || augmented[at] - plain[at] <= most) continue;
        const auto &of = plan.like().classes[static_cast<std::size_t>(k)],
                   &like = plan.like().classes[static_cast<std::size_t>(o)];
        return {CheckResult::alarm(Verdict::warn, "data-label",
                                   "The step " + std::string(step->kind()) + " turns images of the class \"" + of +
                                       "\" into images like those of \"" + like +
                                       "\", and keeps their label: of the images of \"" + of + "\", " + percent(augmented[at]) +
                                       " are most similar to an image of \"" + like + "\" after the step, and " +
                                       percent(plain[at]) + " before it.",
                                   {without_step(setup, i)})
                    .with(augmented[at], plain[at])};
      }
  }
  return {
      CheckResult::pass("Images that are changed at random still look like their class: " + counted(n, "image") + " compared.")};
}

}  // namespace tend
