#include "tend/prepare/step.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tend/prepare/steps.h"

namespace tend {
namespace {

template <class S>
class StepOf final : public Step {
 public:
  explicit StepOf(S step) : step_(std::move(step)) {}

  std::shared_ptr<const Step> fit(Work& work) const override {
    if constexpr (Spoils<S>) {
      step_.spoil(work);
      return nullptr;
    } else if constexpr (Augments<S>) {
      return std::make_shared<StepOf>(step_);
    } else if constexpr (LearnsFromTargets<S>) {
      S fitted = step_;
      fitted.fit(work);
      for (Frame* part : {&work.validation, &work.test})
        if (part->rows() > 0) fitted.apply(*part);
      return std::make_shared<StepOf>(std::move(fitted));
    } else {
      S fitted = step_;
      fitted.fit(work.train);
      if constexpr (requires { fitted.note(work); }) fitted.note(work);
      for (Frame* part : {&work.train, &work.validation, &work.test})
        if (part->rows() > 0) fitted.apply(*part);
      return std::make_shared<StepOf>(std::move(fitted));
    }
  }
  void apply(Frame& rows) const override {
    if constexpr (ChangesRows<S> || LearnsFromTargets<S>) step_.apply(rows);
    else static_cast<void>(rows);
  }
  std::shared_ptr<const Step> for_new_rows() const override {
    if constexpr (LearnsFromTargets<S>) return std::make_shared<StepOf>(step_.for_new_rows());
    else return nullptr;
  }
  bool augments() const override { return Augments<S>; }
  void check(const Shape& row) const override {
    if constexpr (Augments<S>) step_.check(row);
    else static_cast<void>(row);
  }
  void augment(float* image, const Shape& row, Random& random) const override {
    if constexpr (Augments<S>) step_.augment(image, row, random);
    else static_cast<void>(image), static_cast<void>(row), static_cast<void>(random);
  }
  bool takes_categories() const override {
    return requires { requires S::takes_categories; };
  }
  bool scales() const override {
    return requires { requires S::scales; };
  }
  bool adds_columns() const override {
    return requires { requires S::adds_columns; };
  }
  bool bounds() const override {
    return requires { requires S::bounds; };
  }
  std::string_view kind() const override { return entry_name<S>; }
  Value to_value() const override {
    Value table = Value::table();
    table["step"] = write_entry(entry_name<S>, step_);
    if constexpr (Learns<S>) table["learnt"] = step_.learnt();
    return table;
  }
  std::shared_ptr<const Step> restored(const Value& learnt, const std::string& where) const override {
    S copy = step_;
    if constexpr (Learns<S>) copy.restore(learnt, where);
    else static_cast<void>(learnt), static_cast<void>(where);
    return std::make_shared<StepOf>(std::move(copy));
  }

 private:
  S step_;
};

}  // namespace

const Registry<Step>& builtin_steps() {
  static const Registry<Step> all = [] {
    Registry<Step> registry;
    for_each_type(all_steps{}, [&]<class S>() { registry.add<StepOf, S>(); });
    return registry;
  }();
  return all;
}

Value numbers_to_value(const std::vector<double>& numbers) {
  Value all = Value::array();
  for (const double v : numbers) {
    if (std::isfinite(v)) all.push_back(v);
    else all.push_back(std::isnan(v) ? "nan" : v > 0 ? "inf" : "-inf");
  }
  return all;
}

std::vector<double> numbers_of_value(const Value& v, const std::string& where) {
  if (!v.is_array()) throw Error(Trouble::data, where, v.describe(), "an array of numbers");
  std::vector<double> numbers;
  for (const Value& item : v.array_items()) {
    if (item.is_number()) numbers.push_back(item.number());
    else if (item == Value("nan")) numbers.push_back(std::numeric_limits<double>::quiet_NaN());
    else if (item == Value("inf") || item == Value("-inf")) numbers.push_back(item == Value("inf") ? HUGE_VAL : -HUGE_VAL);
    else throw Error(Trouble::data, where, item.describe(), "a number");
  }
  return numbers;
}

Value ShiftAndFactor::to_value() const {
  Value v = Value::table();
  v["shift"] = numbers_to_value(shift);
  v["factor"] = numbers_to_value(factor);
  return v;
}

void ShiftAndFactor::read(const Value& v, const std::string& where) {
  const Value *s = v.find("shift"), *f = v.find("factor");
  if (!s || !f) throw Error(Trouble::data, where, v.describe(), "shift and factor");
  shift = numbers_of_value(*s, where + ".shift");
  factor = numbers_of_value(*f, where + ".factor");
}

Value with_row_step(const Value& steps, Value step) {
  Value::Array all = steps.is_array() ? steps.array_items() : Value::Array{};
  const auto augments = [](const Value& one) { return builtin_steps().make(one, "prepare.steps")->augments(); };
  all.insert(std::find_if_not(all.rbegin(), all.rend(), augments).base(), std::move(step));
  return all;
}

}  // namespace tend
