#include <cstring>

#include <gtest/gtest.h>

#include "program.h"
#include "tend/base/write_whole.h"

namespace tend::train_test {
namespace {

/// Flags for runs of bare data, which would take minutes under sanitizers.
#ifdef TEND_SANITIZED
const std::string few_networks = " --set network.pack=2", few_epochs = " --epochs 4";
#else
const std::string few_networks, few_epochs;
#endif

TEST(TrainFlow, a_table_trains_with_everything_inferred_and_said) {
  const Folder f;
  f.write("flowers.csv", flowers(300));
  const Said said = f.tend("train flowers.csv --target kind --run run" + few_networks);
  ASSERT_EQ(said.code, 0) << said.error;
  for (const char* word : {"data.task ", "classification", "impute", "one_hot", "train.epochs", "--explain"})
    EXPECT_NE(said.error.find(word), std::string::npos) << word;
  for (const char* word : {"accuracy", "tend predict run NEW_DATA", "baseline: most frequent class", "is kept"})
    EXPECT_NE(said.out.find(word), std::string::npos) << word;
  for (const char* file : {"run/experiment.toml", "run/summary.json", "run/metrics.csv", "run/model.safetensors"})
    EXPECT_TRUE(std::filesystem::exists(f / file)) << file;
  EXPECT_GT(nlohmann::json::parse(f.read("run/summary.json"))["metrics"]["test"]["accuracy"], 0.95);
}

TEST(TrainFlow, the_runs_own_experiment_file_is_literal_and_gives_the_same_model) {
  const Folder f;
  f.write("flowers.csv", flowers(200));
  ASSERT_EQ(f.tend("train flowers.csv --target kind --run a --epochs 3 --quiet").code, 0);
  const Said again = f.tend("train a/experiment.toml --run b --quiet");
  ASSERT_EQ(again.code, 0) << again.error;
  EXPECT_EQ(f.read("a/model.safetensors"), f.read("b/model.safetensors"));
  EXPECT_EQ(f.read("a/experiment.toml"), f.read("b/experiment.toml"));
}

TEST(TrainFlow, json_is_one_document_with_the_fields_of_the_interface) {
  const Folder f;
  f.write("flowers.csv", flowers(200));
  f.write("e.toml", flower_experiment);
  const Said said = f.tend("train e.toml --json --run run");
  ASSERT_EQ(said.code, 0) << said.error;
  const auto j = said.json();
  for (const char* key :
       {"schema", "run", "status", "stop_reason", "epochs", "steps", "seconds", "examples_per_second", "median_step_seconds",
        "threads", "peak_memory_bytes", "metrics", "best", "checks", "findings", "repairs"})
    EXPECT_TRUE(j.contains(key)) << key;
  EXPECT_EQ(j["status"], "completed");
  EXPECT_EQ(j["epochs"], 8);
  EXPECT_EQ(j["steps"], 8 * 4);  // 120 training rows in batches of 32
  EXPECT_EQ(j["rows"]["validation"], 40);
  EXPECT_EQ(j, nlohmann::json::parse(f.read("run/summary.json")));
}

TEST(TrainFlow, flags_win_over_the_environment_and_that_over_the_file) {
  const Folder f;
  f.write("flowers.csv", flowers(100));
  f.write("e.toml", flower_experiment);
  const Said shown = f.tend("train e.toml --print-config --set update.optimizer.learning_rate=0.5",
                            "TEND_TRAIN__EPOCHS=5 TEND_TRAIN__BATCH_SIZE=7");
  ASSERT_EQ(shown.code, 0) << shown.error;
  EXPECT_NE(shown.out.find("train.epochs = 5   # TEND_TRAIN__EPOCHS"), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find("data.target = \"kind\"   # file"), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find("train.shuffle = true   # default"), std::string::npos) << shown.out;
  EXPECT_NE(
      shown.out.find("learning_rate = 0.5, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-07, bias_correction = true }   # --set"),
      std::string::npos)
      << shown.out;
  EXPECT_EQ(f.tend("train e.toml --json --epochs 2 --run r", "TEND_TRAIN__EPOCHS=5").json()["epochs"], 2);
}

TEST(TrainFlow, a_layer_is_set_by_place_or_by_name) {
  const Folder f;
  f.write("flowers.csv", flowers(100));
  f.write("e.toml", flower_experiment);
  const auto parameters = [&](const std::string& set) {
    return f.tend("train e.toml --json --epochs 1 --run r --overwrite " + set).json()["parameters"].get<int>();
  };
  const int before = parameters("");
  EXPECT_GT(parameters("--set network.layers.0.dense=20"), before);
  EXPECT_EQ(parameters("--set network.layers.dense_1.dense=20"), parameters("--set network.layers.0.dense=20"));
  EXPECT_EQ(parameters("--set network.layers.1=tanh"), before);
}

TEST(TrainFlow, several_seeds_give_mean_and_spread) {
  const Folder f;
  f.write("flowers.csv", flowers(150));
  f.write("e.toml", flower_experiment);
  const auto j = f.tend("train e.toml --seeds 0,1,2 --json --run many").json();
  EXPECT_EQ(j["runs"].size(), 3u);
  EXPECT_TRUE(j["metrics"]["validation"]["loss"].contains("deviation"));
  EXPECT_TRUE(std::filesystem::exists(f / "many/seed-2/model.safetensors"));
  const Said said = f.tend("train e.toml --seeds 0,1,2 --run again");
  EXPECT_NE(said.out.find("mean +- standard deviation over 3 seeds"), std::string::npos) << said.out;
  const std::string note = "initializer of dense_1.weights";
  EXPECT_NE(said.error.find(note), std::string::npos);
  EXPECT_EQ(said.error.find(note), said.error.rfind(note)) << said.error;  // once, not for each seed
  EXPECT_LT(said.error.find("Seed 1\n"), said.error.find("Seed 2\n"));
  EXPECT_LT(said.out.find("Seed 1, again/seed-1\ncompleted"), said.out.find("Seed 2, again/seed-2\ncompleted")) << said.out;
}

TEST(TrainFlow, the_bits_of_the_model_do_not_depend_on_threads) {
  const Folder f;
  f.write("flowers.csv", flowers(400));
  f.write("e.toml", flower_experiment);
  f.tend("train e.toml --quiet --threads 1 --run one");
  f.tend("train e.toml --quiet --threads 3 --run three");
  f.tend("train e.toml --quiet --run omp", "OMP_NUM_THREADS=2");
  EXPECT_EQ(f.read("one/model.safetensors"), f.read("three/model.safetensors"));
  EXPECT_EQ(f.read("one/model.safetensors"), f.read("omp/model.safetensors"));
}

TEST(TrainFlow, a_run_that_diverges_says_so_and_ends_with_86) {
  const Folder f;
  f.write("flowers.csv", flowers(200));
  f.write("e.toml", flower_experiment);
  const Said said = f.tend(
      "train e.toml --json --set update.optimizer=sgd --learning-rate 1e30 --set network.layers.1=linear --run r");
  EXPECT_EQ(said.code, 86) << said.error;
  EXPECT_EQ(said.json()["status"], "diverged");
  EXPECT_TRUE(said.json()["first_nan_step"].is_number());
  EXPECT_EQ(f.tend("predict r flowers.csv -o p.csv").code, 0);
  EXPECT_EQ(f.read("p.csv").find("nan"), std::string::npos);
}

TEST(TrainFlow, an_interrupt_leaves_a_model_and_130) {
  const Folder f;
  f.write("flowers.csv", flowers(400));
  f.write("e.toml", flower_experiment);
  const Said said = f.tend("--version > /dev/null; timeout --foreground -s INT 1 " TEND_BINARY_DIR
                           "/tend train e.toml --json --epochs 10000000 --run r");
  EXPECT_EQ(said.json()["status"], "interrupted") << said.error;
  EXPECT_TRUE(std::filesystem::exists(f / "r/model.safetensors"));
}

TEST(TrainFlow, with_no_argument_it_learns_the_bundled_digits) {
  const Folder f;
  const Said said = f.tend("train --json --run r" + few_epochs);
  ASSERT_EQ(said.code, 0) << said.error;
  EXPECT_GE(said.json()["metrics"]["test"]["accuracy"], few_epochs.empty() ? 0.97 : 0.9);
}

TEST(TrainFlow, the_inferred_target_may_stand_in_any_column) {
  const Folder f;
  std::string text = "class,x,last\n";
  for (int i = 0; i < 90; ++i)
    text += std::string(1, static_cast<char>('a' + i % 3)) + "," + std::to_string(i % 3 + 0.01 * (i % 7)) + "," +
            (i % 2 ? "p" : "q") + "\n";
  f.write("t.csv", text);
  const Said said = f.tend("train t.csv --run r --json" + few_networks);
  ASSERT_EQ(said.code, 0) << said.error;
  EXPECT_GT(said.json()["metrics"]["train"]["accuracy"], 0.95);
}

TEST(TrainFlow, a_regression_reports_in_the_targets_units) {
  const Folder f;
  std::string text = "a,b,price\n";
  for (int i = 0; i < 400; ++i)
    text += std::to_string(i % 20) + "." + std::to_string(i % 7) + "," + std::to_string(i * 7 % 31) + ".5," +
            std::to_string(50000 + 1000 * (i % 20) - 500 * (i * 7 % 31)) + ".5\n";
  f.write("houses.csv", text);
  const auto j = f.tend("train houses.csv --target price --json --run r" + few_networks).json();
  EXPECT_GT(j["metrics"]["test"]["r2"], 0.98);
  EXPECT_GT(j["metrics"]["test"]["mae"], 1.0);  // in the target's units, not standardized
  const Said said = f.tend("predict r houses.csv -o p.jsonl");
  ASSERT_EQ(said.code, 0) << said.error;
  const auto first = nlohmann::json::parse(f.read("p.jsonl").substr(0, f.read("p.jsonl").find('\n')));
  EXPECT_NEAR(first["prediction"].get<double>(), 50000.5, 5000);
  EXPECT_FALSE(first.contains("probabilities"));
}

TEST(TrainFlow, registered_data_are_found_by_name) {
  const Folder f;
  std::filesystem::create_directory(f / "registered");
  f.write("registered/flowers.csv", flowers(60));
  const Said said = f.tend("train flowers.csv --target kind --epochs 1 --run r --quiet", "TEND_DATA=" + (f / "registered"));
  EXPECT_EQ(said.code, 0) << said.error;
  EXPECT_EQ(f.tend("evaluate r", "TEND_DATA=" + (f / "registered")).code, 0);
}

TEST(TrainFlow, print_config_tells_what_was_inferred) {
  const Folder f;
  f.write("flowers.csv", flowers(60));
  const Said said = f.tend("train flowers.csv --target kind --learning-rate 0.5 --print-config --json");
  ASSERT_EQ(said.code, 0) << said.error;
  const auto j = said.json();
  EXPECT_EQ(j["data.target"]["origin"], "--target");
  EXPECT_EQ(j["data.split"]["origin"], "inferred");
  EXPECT_EQ(j["update.optimizer"]["origin"], "inferred, --learning-rate");
  EXPECT_EQ(j["update.optimizer"]["value"]["learning_rate"], 0.5);
  EXPECT_EQ(j["train.shuffle"]["origin"], "default");
  EXPECT_FALSE(std::filesystem::exists(f / "runs"));
}

TEST(TrainFlow, json_stands_alone_on_standard_output_even_when_things_fail) {
  const Folder f;
  const Said said = f.tend("train nothing.csv --json --listing");
  EXPECT_EQ(said.code, 66);
  EXPECT_EQ(said.json()["status"], "failed");
  EXPECT_EQ(said.json()["error"]["where"], "data.source");
  f.write("flowers.csv", flowers(60));
  f.write("e.toml", flower_experiment);
  EXPECT_EQ(f.tend("train e.toml --json --listing --run r").json()["status"], "completed");
}

TEST(TrainFlow, quiet_says_nothing_and_errors_all_the_same) {
  const Folder f;
  f.write("flowers.csv", flowers(60));
  f.write("e.toml", flower_experiment);
  const Said said = f.tend("train e.toml --quiet --run r");
  EXPECT_EQ(said.out + said.error, "");
  EXPECT_NE(f.tend("train e.toml --quiet --epochs 0").error, "");
}

TEST(TrainFlow, a_disk_that_takes_no_model_ends_with_73_after_the_summary) {
  const Folder f;
  f.write("flowers.csv", flowers(60));
  f.write("e.toml", flower_experiment);
  const Said said = f.tend(
      "--version > /dev/null; ulimit -f 1000; " TEND_BINARY_DIR
      "/tend train e.toml --json --checkpoint-seconds 0 --epochs 1 --set watch.checks=none --set network.layers.0.dense=200000 --run r");
  EXPECT_EQ(said.code, 73) << said.error;
  EXPECT_EQ(said.json()["status"], "completed");
  EXPECT_NE(said.error.find("model.safetensors"), std::string::npos) << said.error;
  EXPECT_FALSE(std::filesystem::exists(f / "r/model.safetensors"));
}

TEST(TrainFlow, a_disk_that_is_full_at_the_start_fails_before_the_first_step) {
  const Folder f;
  f.write("flowers.csv", flowers(60));
  f.write("e.toml", flower_experiment);
  const Said said = f.tend("--version > /dev/null; ulimit -f 8; " TEND_BINARY_DIR "/tend train e.toml --run r");
  EXPECT_EQ(said.code, 73) << said.error;
  EXPECT_FALSE(std::filesystem::exists(f / "r"));
}

TEST(TrainFlow, a_table_that_is_larger_than_memory_gives_the_bits_of_one_that_is_not) {
#ifdef TEND_SANITIZED
  GTEST_SKIP() << "the sanitizer takes more memory than the limit of this test";
#endif
  const Folder f;
  constexpr int columns = 15, rows = 400'000;  // 48 MB of numbers: more than half of what the process may take
  std::string table = "kind,y";
  for (int c = 0; c < columns; ++c) table += ",c" + std::to_string(c);
  for (unsigned i = 0; i < rows; ++i) {
    const unsigned a = i * 2654435761u >> 22;  // Fibonacci hashing: 0 to 1023
    table += std::string("\n") + "xyz"[i % 3] + (a > 400 ? ",yes" : ",no");
    for (unsigned c = 0; c < columns; ++c) table += "," + std::to_string(c == 0 ? a : i * (c + 1) % 97);
  }
  f.write("t.csv", table);
  const std::string train =
      "train t.csv --target y --epochs 1 --quiet --set network.pack=1 --set train.batch_size=1000 --set watch.checks=none --json --run ";
  const Said usual = f.tend(train + "usual");
  const Said limited = f.tend("--version > /dev/null; ulimit -d 80000; " TEND_BINARY_DIR "/tend " + train + "limited");
  ASSERT_EQ(usual.code, 0) << usual.error;
  ASSERT_EQ(limited.code, 0) << limited.error;
  EXPECT_EQ(usual.out.find("temporary file"), std::string::npos);
  EXPECT_NE(limited.out.find("MiB of numbers are in a temporary file"), std::string::npos) << limited.out;
  EXPECT_EQ(read_whole(f / "usual/model.safetensors"), read_whole(f / "limited/model.safetensors"));
}

TEST(TrainFlow, a_run_that_learned_nothing_says_so_and_a_healthy_one_does_not) {
  const Folder f;
  f.write("flowers.csv", flowers(300));
  f.write("e.toml", flower_experiment);
  const Said sick = f.tend("train e.toml --json --run sick --learning-rate 1e-12 --epochs 40 --set watch.checks=none");
  ASSERT_FALSE(sick.json()["findings"].empty()) << sick.out;
  const auto& finding = sick.json()["findings"][0];
  EXPECT_EQ(finding["severity"], "warning");
  EXPECT_EQ(finding["cause"], "learning-rate-low");
  const Said shown = f.tend("train e.toml --run shown --learning-rate 1e-12 --epochs 40 --set watch.checks=none");
  EXPECT_NE(shown.error.find("to try: "), std::string::npos) << shown.error;
  const Said well = f.tend("train e.toml --json --run well --epochs 40 --set watch.checks=none");
  for (const auto& found : well.json()["findings"]) EXPECT_EQ(found["severity"], "info") << found;
}

TEST(PredictFlow, cells_that_a_spreadsheet_would_run_are_made_text) {
  const Folder f;
  std::string text = "x,kind\n";
  for (int i = 0; i < 60; ++i) text += std::to_string(i % 2 * 5 + i % 7 * 0.1) + "," + (i % 2 ? "=1+2" : "\"a,b\"") + "\n";
  f.write("t.csv", text);
  ASSERT_EQ(f.tend("train t.csv --target kind --quiet --epochs 5 --run r").code, 0);
  const Said said = f.tend("predict r t.csv");
  EXPECT_EQ(said.out.substr(0, said.out.find('\n')), "row,prediction,probability_=1+2,\"probability_a,b\"");
  EXPECT_NE(said.out.find("\n1,'=1+2,"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("\n0,\"a,b\","), std::string::npos) << said.out;
}

TEST(PredictFlow, a_row_with_a_gap_that_nothing_fills_is_empty_and_counted) {
  const Folder f;
  f.write("flowers.csv", flowers(16));  // the only gap is in row 0
  std::string e = flower_experiment;
  e.replace(e.find("\"impute\", "), 10, "");
  f.write("e.toml", e);
  f.tend("train e.toml --quiet --run r --set 'data.features=[\"width\",\"colour\"]'");
  f.write("new.csv", "width,colour\n1.5,red\n,white\n5.1,red\n");
  const Said said = f.tend("predict r new.csv");
  EXPECT_EQ(said.code, 0) << said.error;
  EXPECT_NE(said.out.find("\n1,,,\n2,"), std::string::npos) << said.out;
  EXPECT_NE(said.error.find("1 of 3 rows"), std::string::npos) << said.error;
  EXPECT_EQ(f.tend("predict r new.csv -o p.csv --json").json()["unusable_rows"], 1);
}

TEST(PredictFlow, several_labels_have_a_column_each) {
  const Folder f;
  std::string text = "x,z,red,big\n";
  for (int i = 0; i < 80; ++i)
    text += std::to_string(i % 10) + "," + std::to_string(i % 7) + "," + (i % 10 > 4 ? "1" : "0") + "," +
            (i % 7 > 3 ? "1" : "0") + "\n";
  f.write("t.csv", text);
  const Said trained = f.tend("train t.csv --target red,big --json --epochs 60 --run r");
  ASSERT_EQ(trained.code, 0) << trained.error;
  EXPECT_GT(trained.json()["metrics"]["train"]["accuracy"], 0.9);
  const Said said = f.tend("predict r t.csv");
  EXPECT_EQ(said.out.substr(0, said.out.find('\n')), "row,prediction_red,prediction_big,probability_red,probability_big");
}

TEST(PredictFlow, an_npy_file_has_a_row_for_each_row_and_a_column_for_each_class) {
  const Folder f;
  f.write("flowers.csv", flowers(100));
  f.write("e.toml", flower_experiment);
  ASSERT_EQ(f.tend("train e.toml --quiet --run r").code, 0);
  ASSERT_EQ(f.tend("predict r flowers.csv -o p.npy").code, 0);
  const std::string bytes = f.read("p.npy");
  EXPECT_NE(bytes.find("'shape': (100, 2)"), std::string::npos);
  EXPECT_EQ((bytes.size() - 100 * 2 * 8) % 64, 0u);
  double p[2];
  std::memcpy(p, bytes.data() + bytes.size() - sizeof p, sizeof p);
  EXPECT_NEAR(p[0] + p[1], 1, 1e-6);
  EXPECT_EQ(f.tend("predict r flowers.csv -o p.xlsx").code, 2);
  EXPECT_EQ(f.tend("predict r flowers.csv -o none/p.csv").code, 73);
}

TEST(PredictFlow, as_many_rows_come_out_as_went_in) {
  const Folder f;
  f.write("flowers.csv", flowers(300));
  f.write("e.toml", flower_experiment);
  ASSERT_EQ(f.tend("train e.toml --quiet --run r").code, 0);
  f.write("new.csv",
          "colour,height,width\nred,2.1,5.3\nwhite,4.2,1.1\nblue,?,1.2\n");  // another order, no target, an unknown word
  const Said said = f.tend("predict r new.csv");
  ASSERT_EQ(said.code, 0) << said.error;
  EXPECT_EQ(said.out.substr(0, said.out.find('\n')), "row,prediction,probability_rose,probability_tulip");
  EXPECT_NE(said.out.find("\n0,rose,"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("\n1,tulip,"), std::string::npos) << said.out;
  EXPECT_EQ(std::count(said.out.begin(), said.out.end(), '\n'), 4);
  const Said lines = f.tend("predict r new.csv -o out.jsonl --json");
  EXPECT_EQ(lines.json()["rows"], 3);
  EXPECT_EQ(nlohmann::json::parse(f.read("out.jsonl").substr(0, f.read("out.jsonl").find('\n')))["prediction"], "rose");
  ASSERT_EQ(f.tend("predict r new.csv -o out.npy").code, 0);
  EXPECT_EQ(f.read("out.npy").substr(1, 5), "NUMPY");
  EXPECT_EQ(f.tend("predict r new.csv --json").code, 2);
  f.write("short.csv", "colour,height\nred,2.1\n");
  const Said missing = f.tend("predict r short.csv");
  EXPECT_EQ(missing.code, 0);
  EXPECT_NE(missing.error.find("the column \"width\" is missing"), std::string::npos) << missing.error;
  f.write("shorter.csv", "height\n2.1\n");
  EXPECT_EQ(f.tend("predict r shorter.csv").code, 65);
}

TEST(EvaluateFlow, gives_the_summarys_test_metrics_again) {
  const Folder f;
  f.write("flowers.csv", flowers(300));
  f.write("e.toml", flower_experiment);
  const auto trained = f.tend("train e.toml --json --run r").json();
  const auto evaluated = f.tend("evaluate r --json").json();
  EXPECT_EQ(evaluated["part"], "test");
  EXPECT_EQ(f.tend("evaluate r").error.find("was trained on"), std::string::npos);
  EXPECT_NE(f.tend("evaluate r ./flowers.csv").error.find("these rows include its training rows"), std::string::npos);
  EXPECT_EQ(evaluated["metrics"], trained["metrics"]["test"]);
  EXPECT_EQ(f.tend("evaluate r flowers.csv --json").json()["rows"], 300);
}

TEST(CheckFlow, what_an_alarm_advises_is_pasted_behind_the_command) {
  const Folder f;
  f.write("flowers.csv", flowers(120));
  std::string text = flower_experiment;
  text.replace(text.find("\"standardize\""), std::string("\"standardize\"").size(), "{ scale = 1000.0 }");
  f.write("e.toml", text);
  const std::string command = "check e.toml --only data_statistics";
  const Said said = f.tend(command);
  const std::size_t at = said.out.find("change: --set 'prepare.steps=");
  ASSERT_NE(at, std::string::npos) << said.out << said.error;
  const std::size_t begin = at + std::string("change: ").size();
  const Said again = f.tend(command + " " + said.out.substr(begin, said.out.find('\n', begin) - begin));
  EXPECT_NE(again.out.find("1 passed, 0 alarms"), std::string::npos) << again.out << again.error;
}

TEST(DoctorFlow, names_what_this_machine_has) {
  const Folder f;
  const auto j = f.tend("doctor --json", "OMP_NUM_THREADS=3").json();
  for (const char* key : {"version", "instruction_set", "kernels", "threads", "data_folders", "missing"})
    EXPECT_TRUE(j.contains(key)) << key;
  EXPECT_EQ(j["threads"], 3);
  EXPECT_EQ(f.tend("doctor").code, 0);
}

TEST(HelpFlow, leads_with_an_example) {
  const Folder f;
  for (const char* verb : {"", "train", "evaluate", "predict", "doctor"}) {
    const Said said = f.tend(std::string(verb) + " --help");
    EXPECT_EQ(said.code, 0);
    const std::size_t example = said.out.find("\n  tend "), usage = said.out.find("Usage:");
    EXPECT_LT(example, usage) << said.out;
  }
  EXPECT_EQ(f.tend("--version").out.substr(0, 5), "tend ");
}

TEST(RunFlow, is_found_by_path_name_or_latest) {
  const Folder f;
  f.write("flowers.csv", flowers(100));
  f.write("e.toml", flower_experiment);
  ASSERT_EQ(f.tend("train e.toml --quiet --epochs 1").code, 0);
  EXPECT_EQ(f.tend("evaluate latest").code, 0);
  const std::string name = std::filesystem::directory_iterator(f / "runs")->path().filename();
  EXPECT_EQ(f.tend("evaluate " + name).code, 0);
  const Said wrong = f.tend("evaluate nothing");
  EXPECT_EQ(wrong.code, 66);
  EXPECT_NE(wrong.error.find(name), std::string::npos) << wrong.error;
}

TEST(TrainFlow, a_bounded_time_trains_fewer_epochs_where_nobody_asked_for_a_number) {
  const Folder f;
  std::string text = "a,b,y\n";
  for (int i = 0; i < 8000; ++i)
    text += std::to_string(i * 37 % 101) + "," + std::to_string(i * 53 % 89) + "," + std::to_string(i * 29 % 97 + i * 37 % 101) +
            "\n";
  f.write("t.csv", text);
  const std::string command = "train t.csv --target y --set watch.checks=none --json --time ";
  const Said whole = f.tend("train t.csv --target y --print-config --json");
  const std::int64_t usual = whole.json()["train.epochs"]["value"];
  const Said said = f.tend(command + "1s --run r");
  ASSERT_EQ(said.code, 0) << said.error;
  const std::string file = f.read("r/experiment.toml");
  const std::int64_t fitted = std::atoll(file.substr(file.find("\nepochs = ") + 10).c_str());
  EXPECT_LE(said.json()["epochs"], fitted);
  const bool had_no_time_to_judge = said.json()["steps"] < 15;  // on a slow machine
  if (!had_no_time_to_judge) {
    EXPECT_LT(fitted, usual) << file;
    EXPECT_NE(said.error.find("has room for about"), std::string::npos) << said.error;
  }
  ASSERT_EQ(f.tend(command + "1s --run given --epochs " + std::to_string(usual)).code, 0);
  EXPECT_NE(f.read("given/experiment.toml").find("epochs = " + std::to_string(usual) + "\n"), std::string::npos);
}

TEST(TrainFlow, probabilities_are_calibrated_and_the_importance_of_columns_is_measured) {
  const Folder f;
  std::string text = "useful,useless,kind\n";
  for (int i = 0; i < 600; ++i)
    text += std::to_string(i * 37 % 100) + "," + std::to_string(i * 53 % 89) + "," +
            (i * 37 % 100 + i * 29 % 40 > 70 ? "a" : "b") + "\n";
  f.write("t.csv", text);
  const Said said = f.tend("train t.csv --target kind --epochs 30 --run r --json" + few_networks);
  ASSERT_EQ(said.code, 0) << said.error;
  const nlohmann::json& calibration = said.json()["calibration"];
  EXPECT_GT(calibration["temperature"].get<double>(), 0.1);
  EXPECT_EQ(calibration["validation_error"], said.json()["metrics"]["validation"]["calibration_error"]);
  EXPECT_EQ(said.json()["importance"]["part"], few_networks.empty() ? "held-out" : "training")
      << "with folds, by the networks that left a row out";
  EXPECT_EQ(said.json()["importance"]["columns"][0]["column"], "useful");
  EXPECT_EQ(said.json()["dependence"][0]["of"], "b");
  const Said shown = f.tend("show r");
  EXPECT_NE(shown.out.find("Importance: the growth of the loss"), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find("Dependence: the mean probability"), std::string::npos) << shown.out;
  ASSERT_EQ(f.tend("report r").code, 0);
  const std::string page = f.read("r/report.html");
  EXPECT_NE(page.find("Columns by importance"), std::string::npos);
  EXPECT_NE(page.find("probability of b"), std::string::npos);
  const Said evaluated = f.tend("evaluate r --importance --dependence --json");
  ASSERT_EQ(evaluated.code, 0) << evaluated.error;
  EXPECT_EQ(evaluated.json()["metrics"]["calibration_error"], said.json()["metrics"]["test"]["calibration_error"]);
  const nlohmann::json& importance = evaluated.json()["importance"];
  EXPECT_EQ(importance["metric"], "accuracy");
  EXPECT_EQ(importance["columns"][0]["column"], "useful");
  const nlohmann::json& dependence = evaluated.json()["dependence"];
  EXPECT_EQ(dependence[0]["column"], "useful");
  EXPECT_EQ(dependence[0]["points"][0]["mean"].size(), 2U);
  EXPECT_NE(f.tend("evaluate r --dependence").out.find("Dependence: the mean probability"), std::string::npos);
  EXPECT_GT(importance["columns"][0]["mean"].get<double>(), 0.1);
  EXPECT_LT(importance["columns"][1]["mean"].get<double>(), 0.1);
  EXPECT_NE(f.tend("evaluate r --importance").out.find("####"), std::string::npos);
  EXPECT_EQ(f.tend("evaluate r --importance --metric r2").code, 2);
  const Said plain = f.tend("train t.csv --target kind --epochs 30 --run p --json --set train.calibration=none" + few_networks);
  EXPECT_FALSE(plain.json().contains("calibration"));
  EXPECT_EQ(plain.json()["metrics"]["test"]["accuracy"], said.json()["metrics"]["test"]["accuracy"]);
}

}  // namespace
}  // namespace tend::train_test
