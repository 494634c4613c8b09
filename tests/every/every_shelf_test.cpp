// Every entry of every shelf must pass the exam (tend/exam/exam.h).
#include <cstdio>

#include <gtest/gtest.h>

#include "tend/exam/exam.h"

namespace tend::every_shelf_test {
namespace {

void expect_passed(const ShelfResult& result, std::size_t entries) {
  EXPECT_EQ(static_cast<std::size_t>(result.entries), entries);
  EXPECT_GE(result.cases, result.entries);
  EXPECT_TRUE(result.faults.empty()) << text_of(result);
  std::printf("%s", text_of(result).c_str());
}

TEST(EveryLayer, passes_the_exam) {
  const ShelfResult result = examine_layers();
  expect_passed(result, builtin_layers().entries().size());
  EXPECT_LE(result.worst_gradient_error, 1e-7);
}

TEST(EveryActivation, passes_the_exam) { expect_passed(examine_activations(), builtin_activations().entries().size()); }

TEST(EveryInitializer, passes_the_exam) { expect_passed(examine_initializers(), builtin_initializers().entries().size()); }

TEST(EveryInitializer, is_there_under_every_name_of_the_experiment_file) {
  for (const char* name :
       {"zeros", "ones", "constant", "normal", "truncated_normal", "uniform", "xavier", "lecun_normal", "lecun_uniform",
        "glorot_normal", "glorot_uniform", "he_normal", "he_uniform", "orthogonal", "identity", "sparse"})
    EXPECT_NE(builtin_initializers().find(name), nullptr) << name;
}

TEST(EveryLoss, passes_the_exam) { expect_passed(examine_losses(), builtin_losses().entries().size()); }

TEST(EveryOptimizer, passes_the_exam) { expect_passed(examine_optimizers(), builtin_optimizers().entries().size()); }

TEST(EverySchedule, passes_the_exam) { expect_passed(examine_schedules(), builtin_schedules().entries().size()); }

struct Cubed {  // an entry from outside
  double power = 3;
  static constexpr auto fields = std::tuple{field_of<Cubed>("power", &Cubed::power)};
  static constexpr std::string_view value_field = "power";
  static constexpr bool needs_input = true;
  static constexpr std::array<double, 0> kinks{};
  template <class T>
  T value(T z) const {
    return z * z * z;
  }
  template <class T>
  T slope(T z, T) const {
    return T(power) * z * z;
  }
};

TEST(EveryActivation, may_come_from_outside) {
  Registry<ActivationEntry> registry = builtin_activations();
  registry.add<ActivationModel, Cubed>();
  EXPECT_EQ(registry.make(parse_toml_value("{ cubed = 3 }", "test"), "here")->name(), "cubed");
}

}  // namespace
}  // namespace tend::every_shelf_test
