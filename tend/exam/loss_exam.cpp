#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "tend/base/random.h"
#include "tend/exam/exam.h"
#include "tend/exam/text_exam.h"
#include "tend/gradcheck/mistake.h"

namespace tend {

namespace {

/// Rows of outputs and targets in the form that a loss requires.
struct Rows {
  std::int64_t rows, outputs;
  bool codes;
  std::vector<double> o = {}, t = {};
  std::int64_t target_width() const { return codes ? 1 : outputs; }
};
Rows rows_for(const LossEntry& loss, std::int64_t rows, std::int64_t outputs, bool codes) {
  Rows r{.rows = rows, .outputs = outputs, .codes = codes && loss.takes_codes() && outputs > 1};
  Random random(11, purpose(loss.name()), static_cast<std::uint32_t>(outputs), codes);
  const bool is_probability = loss.kind().starts_with("probabilities"), is_value = loss.kind() == "values";
  for (std::int64_t i = 0; i < rows * outputs; ++i)
    r.o.push_back(static_cast<float>(is_probability ? random.uniform(0.02, 0.98) : 2 * random.normal()));
  for (std::int64_t i = 0; i < rows * r.target_width(); ++i)
    r.t.push_back(static_cast<float>(
        is_value ? random.normal() : static_cast<double>(random.below(static_cast<std::uint64_t>(r.codes ? outputs : 2)))));
  return r;
}

template <class T>
struct Outcome {
  std::vector<double> values;
  std::vector<T> slopes;
};

class LossExam {
 public:
  LossExam(Examiner& exam, const LossEntry& loss, Rows rows) : exam_(exam), loss_(loss), rows_(std::move(rows)) {}

  void sit() {
    derivative();
    agreement();
    rows_apart();
    weights();
    hard_values<double>(Isa::reference);
    for (Isa isa : every_isa()) hard_values<float>(isa);
  }

 private:
  template <class T>
  Outcome<T> outcome(Isa isa, const Rows& r, double scale = 1, const std::vector<T>& weights = {}) {
    const LossFunctions f = loss_.functions(element_type<T>(), isa, r.codes);
    exam_.expect(f.takes_codes == r.codes, "the functions do not take the targets that were asked for");
    const std::vector<T> o(r.o.begin(), r.o.end()), t(r.t.begin(), r.t.end());
    Outcome<T> out{std::vector<double>(static_cast<std::size_t>(r.rows), NAN), std::vector<T>(o.size() + 1, T(-7))};
    f.rows(f.self, o.data(), t.data(), weights.empty() ? nullptr : weights.data(), r.rows, r.outputs, scale, out.values.data(),
           out.slopes.data());
    exam_.expect(out.slopes.back() == T(-7), "something is written after the end of the slopes");
    out.slopes.pop_back();
    return out;
  }

  void derivative() {
    exam_.begin_test("gradient");
    const double epsilon = std::numeric_limits<double>::epsilon();
    const auto here = outcome<double>(Isa::reference, rows_);
    std::vector<double> numeric(here.slopes.size(), NAN), allowed(here.slopes.size());
    for (std::int64_t j = 0; j < std::min<std::int64_t>(rows_.outputs, 20); ++j) {
      Rows above = rows_, below = rows_;
      for (std::int64_t row = 0; row < rows_.rows; ++row) {
        const auto at = static_cast<std::size_t>(row * rows_.outputs + j);
        const double step = std::cbrt(epsilon) * std::max(1.0, std::abs(rows_.o[at]));
        above.o[at] += step, below.o[at] -= step;
      }
      const auto up = outcome<double>(Isa::reference, above).values, down = outcome<double>(Isa::reference, below).values;
      for (std::int64_t row = 0; row < rows_.rows; ++row) {
        const auto at = static_cast<std::size_t>(row * rows_.outputs + j), of = static_cast<std::size_t>(row);
        const double step = std::cbrt(epsilon) * std::max(1.0, std::abs(rows_.o[at]));
        numeric[at] = (up[of] - down[of]) / (2 * step);
        // Near probabilities 0 and 1, derivatives of the logarithm grow as powers of 1 / distance.
        const double near = loss_.kind().starts_with("probabilities") ? std::pow(std::min(rows_.o[at], 1 - rows_.o[at]), -3) : 1;
        const double rounding = 2 * epsilon * std::abs(here.values[of]) * std::sqrt(static_cast<double>(rows_.outputs)) / step;
        allowed[at] = 8 * step * step * std::max({1.0, std::abs(numeric[at]), std::abs(here.values[of])}) * near + rounding;
      }
    }
    for (std::size_t i = 0; i < numeric.size(); ++i) {
      if (std::isnan(numeric[i])) continue;
      exam_.expect(true, "");
      if (std::abs(here.slopes[i] - numeric[i]) <= allowed[i]) {
        if (loss_.kind().starts_with("probabilities")) continue;
        exam_.gradient_error(relative_error(here.slopes[i], numeric[i],
                                            std::max(1.0, std::abs(here.values[i / static_cast<std::size_t>(rows_.outputs)]))));
        continue;
      }
      exam_.wrong_gradient("the slope", kind_of_mistake(here.slopes, numeric, {rows_.rows, rows_.outputs}, 1e-6), i,
                           here.slopes[i], numeric[i]);
      return;
    }
  }

  void agreement() {
    const double epsilon = std::numeric_limits<float>::epsilon();
    const auto exact = outcome<double>(Isa::reference, rows_, 0.125);
    double largest = 1;
    for (double s : exact.slopes) largest = std::max(largest, std::abs(s));
    for (Isa isa : every_isa()) {
      exam_.begin_test("agreement of instruction sets", name_of(isa));
      const auto fast = outcome<float>(isa, rows_, 0.125);
      const double terms = 8 + std::sqrt(static_cast<double>(rows_.outputs));
      for (std::size_t i = 0; i < exact.values.size(); ++i)
        exam_.near(fast.values[i], exact.values[i], terms * epsilon * (std::abs(exact.values[i]) + 1), "the value of row",
                   static_cast<std::int64_t>(i));
      for (std::size_t i = 0; i < exact.slopes.size(); ++i)
        exam_.near(fast.slopes[i], exact.slopes[i], terms * epsilon * (std::abs(exact.slopes[i]) + 0.02 * largest), "the slope",
                   static_cast<std::int64_t>(i));
      const LossFunctions f = loss_.functions(ElementType::float32, isa, rows_.codes);
      const std::vector<float> o(rows_.o.begin(), rows_.o.end()), t(rows_.t.begin(), rows_.t.end());
      std::vector<double> values(static_cast<std::size_t>(rows_.rows));
      f.rows(f.self, o.data(), t.data(), nullptr, rows_.rows, rows_.outputs, 0.125, values.data(), nullptr);
      exam_.expect(values == fast.values, "other values where no slope is wanted");
    }
  }

  void rows_apart() {
    for (Isa isa : every_isa()) {
      exam_.begin_test("rows apart", name_of(isa));
      const auto all = outcome<float>(isa, rows_);
      const std::int64_t width = rows_.target_width();
      for (std::int64_t row = 0; row < rows_.rows; ++row) {
        const Rows one{.rows = 1,
                       .outputs = rows_.outputs,
                       .codes = rows_.codes,
                       .o = {rows_.o.begin() + row * rows_.outputs, rows_.o.begin() + (row + 1) * rows_.outputs},
                       .t = {rows_.t.begin() + row * width, rows_.t.begin() + (row + 1) * width}};
        const auto alone = outcome<float>(isa, one);
        exam_.expect(alone.values[0] == all.values[static_cast<std::size_t>(row)], "a row by itself has another value");
        exam_.expect(
            std::memcmp(alone.slopes.data(), all.slopes.data() + row * rows_.outputs, alone.slopes.size() * sizeof(float)) == 0,
            "a row by itself has other slopes");
      }
    }
  }

  void weights() {
    std::vector<float> weights;
    for (std::int64_t row = 0; row < rows_.rows; ++row) weights.push_back(static_cast<float>(row % 4) * 0.5f);
    for (Isa isa : every_isa()) {
      exam_.begin_test("weights of rows", name_of(isa));
      const auto plain = outcome<float>(isa, rows_), weighted = outcome<float>(isa, rows_, 0.25, weights);
      for (std::size_t row = 0; row < plain.values.size(); ++row)
        exam_.near(weighted.values[row], plain.values[row] * weights[row], 1e-6 * (1 + std::abs(plain.values[row])),
                   "the weighted value of row", static_cast<std::int64_t>(row));
      for (std::size_t i = 0; i < plain.slopes.size(); ++i) {
        const float expected = plain.slopes[i] * weights[i / static_cast<std::size_t>(rows_.outputs)] * 0.25f;
        exam_.near(weighted.slopes[i], expected, 1e-6 * (1 + std::abs(expected)), "the weighted and scaled slope",
                   static_cast<std::int64_t>(i));
      }
    }
  }

  template <class T>
  void hard_values(Isa isa) {
    exam_.begin_test("hard values", std::string(name_of(isa)) + (sizeof(T) == 4 ? " float32" : " float64"));
    Rows r = rows_;
    const std::int64_t row = r.rows / 2;
    r.o[static_cast<std::size_t>(row * r.outputs + r.outputs - 1)] = NAN;
    if (r.codes) r.t[static_cast<std::size_t>(row)] = static_cast<double>(r.outputs - 1);
    const auto out = outcome<T>(isa, r);
    for (std::int64_t i = 0; i < r.rows; ++i) {
      exam_.expect(std::isnan(out.values[static_cast<std::size_t>(i)]) == (i == row),
                   "NaN in one row does not reach exactly that row's value");
      const bool has_nan = std::any_of(out.slopes.begin() + i * r.outputs, out.slopes.begin() + (i + 1) * r.outputs,
                                       [](T x) { return std::isnan(x); });
      exam_.expect(has_nan == (i == row), "NaN in one row does not reach exactly that row's slopes");
    }
    Rows large = rows_;
    const double low = loss_.kind() == "probabilities_classes" ? 1e-4 : -1e4;  // a row with sum 0 is invalid there
    for (std::size_t i = 0; i < large.o.size(); ++i) large.o[i] = i % 3 == 0 ? low : i % 3 == 1 ? 1e4 : 0.5;
    const auto far = outcome<T>(isa, large);
    for (double v : far.values) exam_.expect(std::isfinite(v), "large outputs give a value that is not finite");
    for (T s : far.slopes) exam_.expect(std::isfinite(s), "large outputs give a slope that is not finite");
    if (!rows_.codes) return;
    Rows wrong = rows_;
    wrong.t[0] = static_cast<double>(wrong.outputs), wrong.t[1] = NAN;
    const auto none = outcome<T>(isa, wrong);
    exam_.expect(std::isnan(none.values[0]) && std::isnan(none.values[1]) && !std::isnan(none.values[2]),
                 "a code that is not a class does not give NaN");
  }

  Examiner& exam_;
  const LossEntry& loss_;
  Rows rows_;
};

}  // namespace

ShelfResult examine_losses(const Registry<LossEntry>& losses) {
  Examiner exam("losses");
  for (const auto& entry : losses.entries()) {
    exam.begin_entry(entry.name);
    examine_text(exam, losses, entry, true);
    exam.guarded([&] {
      const auto loss = losses.make_named(Value(entry.name), "here");
      for (std::int64_t outputs : {1, 2, 3, 10, 17, 300})
        for (bool codes : {true, false}) {
          if (codes && (!loss->takes_codes() || outputs == 1)) continue;
          exam.begin_case(std::to_string(outputs) + (outputs == 1 ? " output" : " outputs") +
                          (codes ? " by codes" : " by values"));
          LossExam(exam, *loss, rows_for(*loss, outputs == 300 ? 3 : 37, outputs, codes)).sit();
        }
    });
  }
  return exam.result();
}

}  // namespace tend
