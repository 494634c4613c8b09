#include <cmath>

#include "tend/exam/exam.h"
#include "tend/exam/text_exam.h"

namespace tend {

namespace {

std::vector<double> filled(Examiner& exam, const InitializerEntry& initializer, const FillTarget& target,
                           std::uint64_t seed = 1) {
  std::vector<double> w(static_cast<std::size_t>(target.shape.count()) + 1, NAN);
  w.back() = -7;
  Random random(seed, purpose("exam of initializers"));
  initializer.fill(w.data(), target, random);
  exam.expect(w.back() == -7, "something is written after the end of the tensor");
  w.pop_back();
  return w;
}

const FillTarget dense{.shape = {300, 200}, .fan_in = 300, .fan_out = 200},
    convolution{.shape = {3, 5, 16, 24}, .fan_in = 3 * 5 * 16, .fan_out = 3 * 5 * 24},
    wide{.shape = {5, 40}, .fan_in = 5, .fan_out = 40}, bias{.shape = {17}, .fan_in = 17, .fan_out = 17},
    single{.shape = {1, 1}, .fan_in = 1, .fan_out = 1};

/// Returns the variance in a formula "..., variance 2 / (fan_in + fan_out)"; -1 if it has none.
double told_variance(const std::string& formula, const FillTarget& target) {
  const auto in = static_cast<double>(target.fan_in), out = static_cast<double>(target.fan_out);
  if (formula.ends_with("variance 1 / fan_in")) return 1 / in;
  if (formula.ends_with("variance 2 / fan_in")) return 2 / in;
  if (formula.ends_with("variance 2 / (fan_in + fan_out)")) return 2 / (in + out);
  return -1;
}

void variance(Examiner& exam, const InitializerEntry& initializer) {
  exam.begin_test("variance");
  const std::string formula = initializer.formula();
  for (const FillTarget& target : {dense, convolution}) {
    const double told = told_variance(formula, target);
    if (told < 0) return;
    const auto w = filled(exam, initializer, target);
    double mean = 0, square = 0, largest = 0;
    for (double x : w) mean += x, square += x * x, largest = std::max(largest, std::abs(x));
    const auto n = static_cast<double>(w.size());
    const std::string of = " for " + target.shape.text() + ", formula \"" + formula + "\"";
    exam.near(mean / n, 0, 4 * std::sqrt(told / n), ("the mean" + of).c_str());
    exam.near(square / n / told, 1, 4 * std::sqrt(2 / n), ("the variance over what its formula tells" + of).c_str());
    if (formula.starts_with("uniform"))
      exam.expect(largest <= std::sqrt(3 * told), "values beyond the bounds of a uniform distribution");
    else exam.expect(largest > 3.4 * std::sqrt(told), "no value beyond 3.4 sigma: not a normal distribution");
  }
}

void filling(Examiner& exam, const InitializerEntry& initializer) {
  exam.begin_test("filling");
  for (const FillTarget& target : {dense, convolution, wide, bias, single})
    for (double x : filled(exam, initializer, target))
      exam.expect(std::isfinite(x), ("an element of " + target.shape.text() + " is not written or not finite").c_str());
  exam.expect(!initializer.formula().empty(), "the formula is empty");
  exam.begin_test("seed");
  const auto once = filled(exam, initializer, dense), again = filled(exam, initializer, dense),
             other = filled(exam, initializer, dense, 2);
  exam.expect(once == again, "other values for the same seed");
  double first = once[0];
  bool varies = false, draws = initializer.formula().find("normal") != std::string::npos ||
                               initializer.formula().find("uniform") != std::string::npos;
  for (double x : once) varies |= x != first;
  if (draws && varies) exam.expect(once != other, "the same values for another seed");
}

}  // namespace

ShelfResult examine_initializers(const Registry<InitializerEntry>& initializers) {
  Examiner exam("initializers");
  for (const auto& entry : initializers.entries()) {
    exam.begin_entry(entry.name);
    exam.begin_case("");
    examine_text(exam, initializers, entry, false);
    exam.guarded([&] {
      const auto initializer = initializers.make(Value(entry.name), "here");
      filling(exam, *initializer);
      variance(exam, *initializer);
      exam.begin_test("gain");
      if (entry.value_field != "gain") return;
      Value twice = Value::table();
      twice[entry.name] = 2.0;
      const auto once = filled(exam, *initializer, dense), doubled = filled(exam, *initializers.make(twice, "here"), dense);
      for (std::size_t i = 0; i < once.size(); ++i)
        exam.near(doubled[i], 2 * once[i], 1e-15 * std::abs(once[i]), "an element with a gain of 2",
                  static_cast<std::int64_t>(i));
    });
  }
  return exam.result();
}

}  // namespace tend
