#include "tend/check/checks/held_out_inputs.h"

#include <cmath>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::held_out_inputs_test {

namespace {

/// The last fifth of the rows, which are held out, with one column (or all) times a factor, plus a shift.
CheckResult result(double factor, double shift, bool is_all) {
  Dataset data = small_values(300);
  for (std::int64_t r = 240; r < 300; ++r)
    for (std::int64_t c = 0; c < (is_all ? 3 : 1); ++c) {
      double& v = data.x.as<double>()[3 * r + c];
      v = v * factor + shift;
    }
  Experiment e = small_experiment("[{ dense = 1 }]", "", true);
  e.data.split = "last";
  return checked(HeldOutInputs{}, e, data).at(0);
}

}  // namespace

TEST(HeldOutInputs, names_held_out_rows_of_another_scale) {
  for (const double factor : {255.0, 1 / 255.0, 4.0}) {
    const CheckResult r = result(factor, 0, true);
    EXPECT_EQ(r.verdict, Verdict::warn) << factor;
    EXPECT_EQ(r.cause, "data-scale");
    EXPECT_NE(r.message.find("3 of 3 columns differ"), std::string::npos) << r.message;
  }
}

TEST(HeldOutInputs, names_one_column_in_other_units_or_of_another_range) {
  const CheckResult units = result(100, 0, false);
  EXPECT_EQ(units.verdict, Verdict::warn);
  EXPECT_NE(units.message.find("the column \"0\""), std::string::npos) << units.message;
  EXPECT_EQ(result(1, 40, false).verdict, Verdict::warn);
}

/// Test rows of a file of their own, whose first column is y = a x + b of other rows of the same source.
CheckResult of_another_file(double factor, double shift, const std::string& more = "") {
  const std::string folder = "/tmp/tend_held_out_" + std::to_string(::getpid());
  std::filesystem::create_directories(folder);
  for (const char* name : {"train", "test"}) {
    std::string csv = "warmth,area,demand\n";
    const bool is_test = name[1] == 'e';
    for (int r = 0; r < (is_test ? 60 : 300); ++r) {
      const double warmth = 15 + 8 * std::sin(r * 1.7 + is_test), area = 40 + r % 23;
      csv += std::to_string(is_test ? factor * warmth + shift : warmth) + "," + std::to_string(area) + "," +
             std::to_string(3 * warmth + area) + "\n";
    }
    std::ofstream(folder + "/" + name + ".csv") << csv;
  }
  const Experiment e = Experiment::parse(
      "[data]\nsource = \"train.csv\"\ntarget = \"demand\"\nvalidation = 0.1\ntest = \"test.csv\"\n" + more +
          "[network]\nlayers = [{ dense = 1 }]\n[loss]\nname = \"mean_squared_error\"\n",
      "test");
  const DataPlaces places{folder, {}};
  const Dataset data = read_dataset(folder + "/train.csv", e.data, places);
  const auto plan = Plan::make(e, Prepared::make(data, e, places));
  const Training training(plan, {.on_event = {}, .stop = {}, .places = places});
  const CheckResult r = HeldOutInputs{}.run(Setup(training)).at(0);
  std::filesystem::remove_all(folder);
  return r;
}

TEST(HeldOutInputs, names_a_column_of_another_file_in_other_units_also_where_the_preparation_clips) {
  for (const char* more : {"", "[prepare]\nsteps = [\"robust_scale\"]\n"}) {
    EXPECT_EQ(of_another_file(1, 0, more).verdict, Verdict::pass);
    for (const auto& [factor, shift] : {std::pair{1.8, 32.0}, {1.0, 273.0}, {0.0, 0.0}, {1 / 30.0, 0.0}}) {
      const CheckResult r = of_another_file(factor, shift, more);
      EXPECT_EQ(r.verdict, Verdict::warn) << factor;
      EXPECT_NE(r.message.find("\"warmth\""), std::string::npos) << r.message;
    }
  }
}

TEST(HeldOutInputs, passes_what_differs_by_chance_or_a_little) {
  EXPECT_EQ(result(1, 0, true).verdict, Verdict::pass);
  EXPECT_EQ(result(2, 0, true).verdict, Verdict::pass);
  EXPECT_EQ(result(5, 0, false).verdict, Verdict::pass);
  EXPECT_EQ(checked(HeldOutInputs{}, "[{ dense = 3 }]", small_classes(100)).at(0).verdict, Verdict::skipped);
}

}  // namespace tend::held_out_inputs_test
