#include "tend/experiment/infer.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tend/experiment/infer_columns.h"
#include "tend/train/training.h"

namespace tend::infer_test {
namespace {

/// A folder that contains one table.
class TableFile {
 public:
  explicit TableFile(const std::string& text) {
    folder_ = std::filesystem::temp_directory_path() /
              ("tend_infer_test_" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) + "_" +
               ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "t.csv", std::ios::binary) << text;
  }
  ~TableFile() { std::filesystem::remove_all(folder_); }
  DataPlaces places() const { return {folder_.string(), {}}; }

 private:
  std::filesystem::path folder_;
};

struct InferredExperiment {
  Experiment experiment;
  Dataset data;
  std::vector<Inferred> reasons;
  const Inferred* reason(const std::string& field, const std::string& chosen = "") const {
    for (const Inferred& i : reasons)
      if (i.field == field && (chosen.empty() || i.chosen == chosen)) return &i;
    return nullptr;
  }
};

InferredExperiment inferred(const std::string& table, const std::string& more = "") {
  const TableFile file(table);
  InferredExperiment r;
  r.experiment = infer_from_source(Experiment::parse("data.source = 't.csv'\n" + more, "e.toml"), file.places(), r.data,
                                   r.reasons);
  return r;
}

/// n rows: a number, a word, gaps, an identifier, a constant, a text, the target again, and the target.
std::string people(int n) {
  std::string text = "id,age,town,land,note,again,Label\n";
  for (int i = 0; i < n; ++i)
    text += std::to_string(1000 + i) + "," + (i % 9 ? std::to_string(20 + i * 7 % 50) + ".5" : "") + "," +
            (i % 3 ? "Ulm" : "Bonn") + ",DE,note " + std::to_string(i) + "," + (i % 4 ? "n" : "y") + "," +
            (i % 4 ? "no" : "yes") + "\n";
  return text;
}

std::string prices(int n) {
  std::string text = "size,cents,price\n";
  for (int i = 0; i < n; ++i)
    text += std::to_string(i * 37 % 101) + ".25," + std::to_string(100 * (i * 53 % 997)) + "," + std::to_string(i * 53 % 997) +
            "\n";
  return text;
}

TEST(Infer, takes_the_target_by_its_usual_name_in_any_case) {
  const InferredExperiment r = inferred(people(100));
  EXPECT_EQ(r.experiment.data.target, Value("Label"));
  EXPECT_NE(r.reason("data.target", "Label"), nullptr);
  EXPECT_EQ(r.data.classes, (std::vector<std::string>{"no", "yes"}));
  EXPECT_EQ(usual_target({"y", "class", "x"}), "class");
  EXPECT_EQ(usual_target({"yes", "classes"}), "");
}

TEST(Infer, the_target_may_stand_in_any_column) {
  const InferredExperiment r = inferred(
      "class,x,last\na,1,p\nb,2,q\nc,3,p\na,4,q\nb,2,q\nc,2.5,p\na,1,q\nb,2,q\nc,2.5,p\na,1,p\n");
  EXPECT_EQ(r.experiment.data.target, Value("class"));
  EXPECT_EQ(r.experiment.network.layers.array_items().back().find("dense")->integer(), 3);
}

TEST(Infer, asks_where_no_column_has_a_usual_name) {
  try {
    inferred("a,b\n1,2\n2,3\n");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.trouble, Trouble::usage);
    EXPECT_NE(e.hint.find("--target COLUMN; the columns are: a, b"), std::string::npos) << e.what();
  }
}

TEST(Infer, leaves_out_what_cannot_be_learnt_from_and_says_so) {
  const InferredExperiment r = inferred(people(100));
  EXPECT_EQ(r.experiment.data.ignore, (std::vector<std::string>{"id", "land", "note", "again"}));
  EXPECT_NE(r.reason("data.ignore", "id")->reason.find("identifier"), std::string::npos);
  EXPECT_NE(r.reason("data.ignore", "land")->reason.find("same value"), std::string::npos);
  EXPECT_NE(r.reason("data.ignore", "note")->reason.find("free text"), std::string::npos);
  EXPECT_NE(r.reason("data.ignore", "again")->reason.find("repeats the target"), std::string::npos);
  ASSERT_EQ(r.data.columns.size(), 2u);  // the data were read again without them
  EXPECT_EQ(r.data.columns[0].name, "age");
}

TEST(Infer, keeps_columns_that_were_asked_for) {
  const InferredExperiment r = inferred(people(100), "data.features = ['id', 'age']");
  EXPECT_TRUE(r.experiment.data.ignore.empty());
  EXPECT_EQ(r.data.columns.size(), 2u);
}

TEST(Infer, a_regression_target_in_other_units_repeats_the_target) {
  const InferredExperiment r = inferred(prices(200), "data.target = 'price'");
  EXPECT_EQ(r.data.task, Task::regression);
  EXPECT_EQ(r.experiment.data.ignore, std::vector<std::string>{"cents"});
  EXPECT_EQ(r.experiment.prepare.target, "standardize");
  EXPECT_EQ(r.experiment.loss.name, Value("mean_squared_error"));
  EXPECT_EQ(r.experiment.data.split, "shuffle");
}

TEST(Infer, a_classification_is_stratified_and_keeps_a_tenth_twice) {
  const InferredExperiment r = inferred(people(100));
  EXPECT_EQ(r.experiment.data.split, "stratified");
  EXPECT_EQ(inferred(people(100), "network.pack = 1").experiment.data.validation, Value(0.1));
  EXPECT_EQ(r.experiment.data.test, Value(0.1));
  EXPECT_EQ(r.experiment.loss.name, Value("softmax_cross_entropy"));
}

TEST(Infer, tables_are_learned_by_several_networks_and_few_rows_by_folds) {
  const auto pack = [](int rows, const std::string& more = "") {
    const NetworkSettings n = inferred(people(rows), more).experiment.network;
    return std::pair(n.pack, n.pack_folds);
  };
  EXPECT_EQ(pack(100), std::pair(30, 5));
  EXPECT_EQ(pack(15), std::pair(30, 1));  // too few rows for folds
  EXPECT_EQ(inferred(people(100)).experiment.data.validation, Value(0.0));
  EXPECT_EQ(pack(2500), std::pair(16, 1));
  EXPECT_EQ(inferred(people(2500)).experiment.data.validation, Value(0.1));
  EXPECT_EQ(pack(100, "data.validation = 0.2"), std::pair(30, 1));
  EXPECT_EQ(pack(100, "data.split = 'last'"), std::pair(30, 1));
  EXPECT_EQ(pack(100, "network.pack = 1"), std::pair(1, 1));
  EXPECT_EQ(pack(100, "network.pack = 7"), std::pair(7, 1));  // no multiple of 5
  EXPECT_EQ(pack(100, "network.pack_folds = 3\ndata.validation = 0"), std::pair(30, 3));
}

TEST(Infer, very_wide_tables_have_few_bins_and_few_networks) {
  std::string wide = "y", rows;
  for (int c = 0; c < 900; ++c) wide += ",c" + std::to_string(c);
  for (int r = 0; r < 60; ++r) {
    rows += r % 2 ? "\nyes" : "\nno";
    for (int c = 0; c < 900; ++c) rows += "," + std::to_string((r * 31 + c * 17) % 57);
  }
  const Experiment e = inferred(wide + rows, "data.target = 'y'").experiment;
  EXPECT_EQ(to_inline_toml(e.prepare.steps).find("piecewise_linear"), std::string::npos);
  EXPECT_LE(e.network.pack * 900 * 64, 8'000'000);
}

TEST(Infer, prepares_what_the_columns_need) {
  EXPECT_EQ(to_inline_toml(inferred(people(100)).experiment.prepare.steps),
            "[\"impute\", \"robust_scale\", \"one_hot\", { piecewise_linear = 16 }]");
  EXPECT_EQ(to_inline_toml(inferred(prices(50), "data.target = 'price'\nnetwork.pack = 1").experiment.prepare.steps),
            "[\"impute\", \"robust_scale\"]");
  EXPECT_EQ(to_inline_toml(inferred(people(13'000)).experiment.prepare.steps),
            "[\"impute\", \"quantile_normal\", \"one_hot\", { piecewise_linear = 48 }]");
}

TEST(Infer, whole_numbers_that_repeat_may_be_names) {
  const auto steps = [](int values, const char* ending) {
    std::string text = "shop,y\n";
    for (int i = 0; i < 200; ++i) text += std::to_string(i * 7 % values) + ending + "," + (i * 31 % 7 < 4 ? "no" : "yes") + "\n";
    return to_inline_toml(inferred(text, "data.target = 'y'").experiment.prepare.steps);
  };
  EXPECT_EQ(steps(40, ""), "[\"value_columns\", \"impute\", \"robust_scale\", \"one_hot\", { piecewise_linear = 16 }]");
  EXPECT_EQ(steps(16, "").find("value_columns"), std::string::npos) << "bins tell them apart";
  EXPECT_EQ(steps(70, "").find("value_columns"), std::string::npos) << "fewer than 4 rows for a value";
  EXPECT_EQ(steps(40, ".5").find("value_columns"), std::string::npos);
}

TEST(Infer, tables_in_which_rows_repeat_with_their_targets_get_the_targets_of_equal_rows) {
  const auto steps = [](int repeated, const std::string& more = "", bool agree = true, bool numbers = false) {
    std::string text = "x,z,y\n";
    for (int i = 0; i < 200; ++i) {
      const int v = i < repeated ? i / 2 : i, of = agree ? v : i;
      text += std::to_string(v) + ".5," + std::to_string(v * 7 % 200) + ".25," +
              (numbers  ? std::to_string(of * 31 % 97) + ".5"
               : of % 3 ? "no"
                        : "yes") +
              "\n";
    }
    return to_inline_toml(inferred(text, "data.target = 'y'\n" + more).experiment.prepare.steps);
  };
  EXPECT_TRUE(steps(10).starts_with("[\"equal_rows\", ")) << steps(10);
  EXPECT_EQ(steps(8).find("equal_rows"), std::string::npos);
  EXPECT_EQ(steps(40, "", false).find("equal_rows"), std::string::npos) << "equal by chance";
  EXPECT_TRUE(steps(40, "", true, true).starts_with("[\"equal_rows\", "));
  EXPECT_EQ(steps(40, "", false, true).find("equal_rows"), std::string::npos);
  EXPECT_EQ(steps(10, "data.split = 'last'\n").find("equal_rows"), std::string::npos) << "later rows are others";
  EXPECT_EQ(steps(10, "network.pack = 1\n").find("equal_rows"), std::string::npos);
}

TEST(Infer, tables_average_their_weights_unless_the_file_says_otherwise) {
  const InferredExperiment r = inferred(people(100));
  EXPECT_EQ(r.experiment.train.weight_average, 0.99);
  EXPECT_NE(r.reason("train.weight_average", "0.99"), nullptr);
  EXPECT_EQ(inferred(people(100), "train.weight_average = 0.0").experiment.train.weight_average, 0);
}

TEST(Infer, what_the_file_gives_stays_and_is_not_said) {
  const InferredExperiment r = inferred(
      people(100),
      "data.validation = 0.3\nprepare.steps = ['impute', 'one_hot']\nupdate.optimizer = { name = 'sgd', learning_rate = 0.5 }\n"
      "update.schedule = 'constant'\ntrain.epochs = 3\ntrain.batch_size = 5\nloss.name = 'multiclass_hinge'\n");
  EXPECT_EQ(r.experiment.data.validation, Value(0.3));
  EXPECT_EQ(r.experiment.prepare.steps.array_items().size(), 2u);
  EXPECT_EQ(r.experiment.update.optimizer.find("name")->string(), "sgd");
  EXPECT_FALSE(r.experiment.update.weight_decay.has_value());
  EXPECT_EQ(r.experiment.update.schedule, Value("constant"));
  EXPECT_EQ(r.experiment.train.epochs, 3);
  EXPECT_EQ(r.experiment.train.batch_size, 5);
  EXPECT_EQ(r.experiment.loss.name, Value("multiclass_hinge"));
  for (const char* field : {"data.validation", "prepare.steps", "update.optimizer", "update.weight_decay", "update.schedule",
                            "train.epochs", "train.batch_size", "loss.name"})
    EXPECT_EQ(r.reason(field), nullptr) << field;
}

TEST(Infer, a_learning_rate_alone_keeps_the_inferred_optimizer) {
  const InferredExperiment r = inferred(people(100), "update.optimizer = { learning_rate = 0.5 }");
  EXPECT_EQ(to_inline_toml(r.experiment.update.optimizer), "{ name = \"adamw\", learning_rate = 0.5 }");
}

TEST(Infer, gives_each_thing_a_reason_and_a_way_to_have_it_otherwise) {
  const InferredExperiment r = inferred(people(100));
  EXPECT_GE(r.reasons.size(), 12u);
  for (const Inferred& i : r.reasons) {
    EXPECT_FALSE(i.chosen.empty() || i.reason.empty() || i.override_with.empty()) << i.field;
  }
}

TEST(Infer, the_result_is_literal_and_reads_back_the_same) {
  const Experiment e = inferred(people(100)).experiment;
  EXPECT_TRUE(e.is_literal());
  EXPECT_EQ(Experiment::parse(to_toml(e.to_value()), "again").to_value(), e.to_value());
}

TEST(Infer, a_literal_experiment_comes_back_as_it_is) {
  const InferredExperiment r = inferred(people(50), "network.layers = [{ dense = 2 }]\nloss.name = 'softmax_cross_entropy'");
  EXPECT_TRUE(r.reasons.empty());
  EXPECT_EQ(r.experiment.train.batch_size, 32);
  EXPECT_EQ(r.data.rows(), 50);
}

TEST(Infer, says_that_given_layers_are_those_of_one_network) {
  const TableFile file(people(100));
  Experiment given = Experiment::parse("data.source = 't.csv'", "e.toml");
  given.network.layers = Value::Array{Value("relu")};  // as --set does it
  given.written["network"]["layers"] = given.network.layers;
  given.is_open = true;
  std::vector<Inferred> reasons;
  Dataset data;
  EXPECT_EQ(infer_from_source(given, file.places(), data, reasons).network.pack, 1);
  const auto reason = std::find_if(reasons.begin(), reasons.end(), [](const Inferred& i) { return i.field == "network.pack"; });
  ASSERT_NE(reason, reasons.end());
  EXPECT_EQ(reason->override_with, "--set network.pack=30");
}

TEST(Infer, a_table_of_nothing_but_identifiers_is_an_error) {
  std::string text = "id,target\n";
  for (int i = 0; i < 50; ++i) text += std::to_string(i) + "," + (i * 7 % 3 ? "a" : "b") + "\n";
  EXPECT_THROW(inferred(text), Error);
}

TEST(Infer, works_on_the_arrays_of_a_program) {
  Array x({60, 3}, ElementType::float64), y({60, 1}, ElementType::float64);
  for (int i = 0; i < 60; ++i) {
    for (int c = 0; c < 3; ++c) x.as<double>()[3 * i + c] = (i * (c + 3)) % 11 * 0.5;
    y.as<double>()[i] = i % 2;
  }
  const Dataset data = Dataset::classification(x, y, 2);
  std::vector<Inferred> reasons;
  Experiment e = infer(Experiment(), data, reasons);
  e.train.epochs = 1;
  EXPECT_EQ(Training(e, data).run().status, "completed");
}

TEST(Infer, images_get_convolutions_and_folders_of_them_a_size) {
  Array x({40, 8, 8, 1}, ElementType::uint8), y({40, 1}, ElementType::float64);
  for (int i = 0; i < 40; ++i) y.as<double>()[i] = i % 2;
  for (int i = 0; i < 40 * 64; ++i) x.as<std::uint8_t>()[i] = static_cast<std::uint8_t>(i * 37);
  Dataset data = Dataset::classification(x, y, 2);
  std::vector<Inferred> reasons;
  EXPECT_NE(infer(Experiment(), data, reasons).network.layers.array_items()[0].find("conv2d"), nullptr);
  data.row_names.assign(40, "a.png");
  EXPECT_EQ(to_inline_toml(infer(Experiment(), data, reasons).prepare.steps), "[{ resize = [8, 8] }, \"standardize\"]");
}

TEST(UselessColumns, ordinary_numbers_and_words_are_kept) {
  const InferredExperiment r = inferred(prices(30),
                                        "data.target = 'size'\ndata.task = 'regression'\ndata.features = ['cents', 'price']");
  EXPECT_TRUE(useless_columns(r.data).empty() || useless_columns(r.data)[0].reason.find("counts the rows") == std::string::npos);
  EXPECT_TRUE(useless_columns(inferred(people(100), "data.features = ['age', 'town']").data).empty());
}

TEST(Infer, groups_that_tell_the_target_stay_in_one_part) {
  std::string text = "patient,x,label\n";
  for (int i = 0; i < 240; ++i) {
    const int patient = i * 7 % 60;
    text += "P" + std::to_string(100 + patient) + "," + std::to_string(i % 13) + ".5," + (patient % 3 ? "ill" : "well") + "\n";
  }
  const InferredExperiment r = inferred(text);
  ASSERT_NE(r.reason("data.group"), nullptr);
  EXPECT_EQ(r.experiment.data.group, Value("patient"));
  EXPECT_EQ(r.data.columns.size(), 1u);
  EXPECT_EQ(r.data.groups.size(), 240u);
  EXPECT_EQ(inferred(text, "data.ignore = ['patient']").reason("data.group"), nullptr);
}

TEST(Infer, rare_values_of_text_columns_become_other) {
  std::string text = "town,x,label\n";
  for (int i = 0; i < 500; ++i)
    text += (i % 100 == 7 ? "hamlet " + std::to_string(i)
             : i % 2      ? "Ulm"
                          : "Bonn") +
            "," + std::to_string(i % 13) + ".5," + std::to_string(i % 3 == 0) + "\n";
  const InferredExperiment r = inferred(text);
  EXPECT_EQ(r.experiment.data.rare_values, 5);
  EXPECT_EQ(r.data.columns[0].levels, (std::vector<std::string>{"Bonn", "Ulm", "other"}));
  EXPECT_EQ(inferred(text, "data.rare_values = 0").data.columns[0].levels.size(), 7u);
}

TEST(Infer, time_and_folds_leave_no_choice_of_split_or_test_part) {
  std::string text = "day,x,label\n";
  for (int i = 0; i < 300; ++i)
    text += std::to_string(i / 2) + "," + std::to_string(i % 13) + ".5," + std::to_string(i % 3 == 0) + "\n";
  EXPECT_EQ(inferred(text, "data.time = 'day'").experiment.data.split, "shuffle");
  EXPECT_EQ(inferred(text, "data.time = 'day'").data.columns.size(), 1u);
  EXPECT_TRUE(inferred(text, "data.folds = 5").experiment.data.test.is_null());
}

}  // namespace
}  // namespace tend::infer_test
