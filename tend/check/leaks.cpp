#include "tend/check/leaks.h"

#include <optional>

namespace tend {

namespace {

std::string leak_advice(const std::string& part) {
  return "Choose rows for data." + part + " that are not among the training rows.";
}

/// Exact copies among all rows, then near ones where all training rows were measured.
std::optional<CheckResult> leak_into(const Setup& setup, const Part& part, const std::string& name,
                                     const std::vector<std::uint64_t>& training, const Copies& within, double most) {
  const Part& train = setup.plan().parts().train;
  if (part.rows() == 0 || part.x.type() != train.x.type() || part.x.row_size() != train.x.row_size()) return {};
  const Copies held_out = copies_of(row_hashes(part.x, setup.run().executor()), training);
  const LeakTest test = test_leak(within, held_out);
  if (test.excess <= most || test.z <= 5 || held_out.copied < 5) return {};
  return CheckResult::alarm(Verdict::warn, "data-leak",
                            "The " + name + " part contains copies of training rows, so its metrics measure memorization: " +
                                std::to_string(held_out.copied) + " of " + std::to_string(held_out.rows) + " " + name +
                                " rows (" + percent(held_out.share()) + ") are also training rows. Of the training rows, " +
                                percent(within.share()) + " have a copy in the training part.",
                            leak_advice(name))
      .with(held_out.share(), within.share());
}

std::optional<CheckResult> near_leak(const Setup& setup, double most) {
  const Plan& plan = setup.plan();
  if (plan.parts().train.rows() > setup.training_sample().count() || plan.parts().validation.rows() == 0) return {};
  const Neighbours& near = setup.neighbours();
  if (near.within_train.count != plan.parts().train.rows()) return {};
  const auto copies = [&](const NearestRows& rows) {
    Copies c{rows.count, 0};
    for (std::int64_t r = 0; r < rows.count; ++r)
      c.copied += rows.squares[static_cast<std::size_t>(r * rows.kept)] <= near.copy_square;
    return c;
  };
  const Copies within = copies(near.within_train), held_out = copies(near.from_validation);
  const LeakTest test = test_leak(within, held_out);
  if (test.excess <= most || test.z <= 5 || held_out.copied < 5) return {};
  return CheckResult::alarm(Verdict::warn, "data-leak",
                            "The validation part contains near copies of training rows, so its metrics measure memorization: " +
                                std::to_string(held_out.copied) + " of " + std::to_string(held_out.rows) + " validation rows (" +
                                percent(held_out.share()) +
                                ") are closer to a training row than 1/20 of the usual distance between training rows. Of the "
                                "training rows, " +
                                percent(within.share()) + " are that close to another one.",
                            leak_advice("validation"))
      .with(held_out.share(), within.share());
}

}  // namespace

void look_for_leaks(const Setup& setup, double most, const std::vector<std::uint64_t>& training, const Copies& within,
                    std::vector<CheckResult>& results) {
  if (setup.plan().like().is_text) return;
  const Parts& parts = setup.plan().parts();
  std::optional<CheckResult> found = leak_into(setup, parts.validation, "validation", training, within, most);
  if (!found) found = near_leak(setup, most);
  if (found) results.push_back(*found);
  if (const std::optional<CheckResult> test = leak_into(setup, parts.test, "test", training, within, most))
    results.push_back(*test);
}

}  // namespace tend
