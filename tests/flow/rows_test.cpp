// The verbs data, evaluate and predict on rows that lack something, or hold what training refuses.
#include <gtest/gtest.h>

#include "program.h"
#include "tend/data/test_files.h"

namespace tend::rows_test {
namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

/// Houses with a name and a date. `bad`: the price of row 12.
std::string houses(int rows, const std::string& bad = "", const std::string& target = "price") {
  std::string text = "name,day,rooms,area," + target + "\n";
  for (int i = 0; i < rows; ++i) {
    const int rooms = 1 + i % 6, area = 30 + i * 17 % 90;
    text += "House " + std::to_string(i) + ",2024-0" + std::to_string(1 + i / 28 % 9) + "-" + std::to_string(10 + i % 18) + "," +
            std::to_string(rooms) + "," + std::to_string(area) + "," +
            (i == 12 && !bad.empty() ? bad : std::to_string(20.5 * rooms + 3 * area)) + "\n";
  }
  return text;
}

struct Houses : Folder {
  Houses() {
    write("houses.csv", houses(120));
    const Said said = tend("train houses.csv --target price --epochs 3 --quiet --run r --set watch.checks=none");
    EXPECT_EQ(said.code, 0) << said.error;
  }
};

TEST(EvaluateFlow, a_target_cell_that_training_refuses_is_refused_with_its_line_and_the_key) {
  const Houses f;
  f.write("bad.csv", houses(60, "about 90"));
  const Said training = f.tend("train bad.csv --target price --run s"), said = f.tend("evaluate r bad.csv");
  EXPECT_EQ(training.code, 65);
  EXPECT_EQ(said.code, 65);
  for (const std::string part :
       {"59 of 60 cells of \"price\" are numbers; the first other one is \"about 90\", line 14, in the target",
        "--set 'data.types={\"price\"=\"number\"}' leaves out 1 row"}) {
    EXPECT_TRUE(has(said.error, part)) << said.error;
    EXPECT_TRUE(has(training.error, part)) << training.error;
  }
  const Said without = f.tend("evaluate r bad.csv --json --set 'data.types={\"price\"=\"number\"}'");
  ASSERT_EQ(without.code, 0) << without.error;
  EXPECT_EQ(without.json()["rows"], 59);
  EXPECT_EQ(f.tend("predict r bad.csv").code, 0);  // the target is not used
  EXPECT_EQ(f.tend("evaluate r bad.csv --set train.epochs=3").code, 2);
}

TEST(EvaluateFlow, words_for_missing_values_in_the_target_are_counted_and_left_out) {
  const Houses f;
  f.write("gaps.csv", houses(60, "n/a"));
  const Said said = f.tend("evaluate r gaps.csv --json");
  ASSERT_EQ(said.code, 0) << said.error;
  EXPECT_EQ(said.json()["rows"], 59);
  EXPECT_TRUE(has(said.error, "1 cell of \"price\" is taken as missing: \"n/a\" (1); the first is on line 14")) << said.error;
}

TEST(EvaluateFlow, a_table_without_the_target_says_which_column_is_missing_and_what_needs_none) {
  const Houses f;
  f.write("other.csv", houses(60, "", "cost"));
  const Said said = f.tend("evaluate r other.csv");
  EXPECT_EQ(said.code, 65);
  EXPECT_TRUE(has(said.error, "the target \"price\" is missing; the columns here are: name, day, rooms, area, cost"))
      << said.error;
  EXPECT_TRUE(has(said.error, "tend predict needs no target")) << said.error;
}

TEST(PredictFlow, id_copies_a_column_that_was_left_out_into_the_predictions) {
  const Houses f;
  f.write("new.csv", houses(20));
  const Said said = f.tend("predict r new.csv --id name");
  ASSERT_EQ(said.code, 0) << said.error;
  EXPECT_EQ(said.out.find("row,name,prediction\n0,House 0,"), 0u) << said.out;
  EXPECT_TRUE(has(said.out, "\n19,House 19,")) << said.out;
  ASSERT_EQ(f.tend("predict r new.csv --id name -o p.jsonl").code, 0);
  EXPECT_TRUE(has(f.read("p.jsonl"), "{\"row\":3,\"name\":\"House 3\",\"prediction\":")) << f.read("p.jsonl");
  const Said unknown = f.tend("predict r new.csv --id nane");
  EXPECT_EQ(unknown.code, 2);
  EXPECT_TRUE(has(unknown.error, "--id: no column \"nane\"")) << unknown.error;
  EXPECT_TRUE(has(unknown.error, "did you mean \"name\"?")) << unknown.error;
  EXPECT_EQ(f.tend("predict r new.csv --id name -o p.npy").code, 2);
}

TEST(PredictFlow, set_changes_how_rows_are_read) {
  const Houses f;
  f.write("new.csv", "rooms;area;day\n2;50;2024-01-12\n");
  f.write("marked.csv", "rooms|area|day\n2|50|2024-01-12\n");
  const Said plain = f.tend("predict r new.csv"), marked = f.tend("predict r marked.csv --set 'data.delimiter=\"|\"'");
  ASSERT_EQ(marked.code, 0) << marked.error;
  EXPECT_EQ(plain.out, marked.out);
}

/// A table of two codes 0 .. 5 and a class, trained with an embedding of 6 codes that fills no missing cell.
void train_on_codes(const Folder& f) {
  std::string table = "a,b,kind\n";
  for (int i = 0; i < 90; ++i) table += std::to_string(i % 6) + "," + std::to_string(i % 5) + (i % 6 < 3 ? ",low\n" : ",high\n");
  f.write("t.csv", table);
  f.write("e.toml", R"(
[data]
source = "t.csv"
target = "kind"
validation = 0.1
[network]
layers = [{ embedding = 4, vocabulary = 6 }, "flatten", { dense = 2 }]
[loss]
name = "softmax_cross_entropy"
[train]
epochs = 3
)");
  ASSERT_EQ(f.tend("train e.toml --quiet --run r").code, 0);
}

TEST(EvaluateFlow, rows_that_the_network_cannot_read_are_left_out_counted_and_named) {
  const Folder f;
  train_on_codes(f);
  for (const auto& [cell, reason] :
       {std::pair{"6", "column \"b\" is 6"}, {"2.5", "column \"b\" is 2.5"}, {"", "column \"b\" is missing"}}) {
    f.write("new.csv", "a,b,kind\n1,1,low\n2," + std::string(cell) + ",low\n5,2,high\n");
    const Said measured = f.tend("evaluate r new.csv --json");
    ASSERT_EQ(measured.code, 0) << measured.error;
    EXPECT_EQ(measured.json()["rows"], 2) << measured.out;
    EXPECT_EQ(measured.json()["unusable_rows"], 1);
    EXPECT_TRUE(measured.json()["metrics"]["loss"].is_number()) << measured.out;
    for (const Said& said : {f.tend("evaluate r new.csv"), f.tend("predict r new.csv")}) {
      EXPECT_NE(said.error.find("1 row has no prediction; the first is line 3: " + std::string(reason)), std::string::npos)
          << said.error;
    }
    EXPECT_NE(f.tend("predict r new.csv").out.find("\n1,,,\n"), std::string::npos) << f.tend("predict r new.csv").out;
  }
  f.write("none.csv", "a,b,kind\n1,9,low\n");
  EXPECT_EQ(f.tend("evaluate r none.csv").code, 65);
}

TEST(PredictFlow, numbers_in_another_form_are_read_in_new_files_and_in_test_files) {
  const Houses f;
  std::string other = "rooms;area;day;price\n";
  for (int i = 0; i < 40; ++i)
    other += std::to_string(1 + i % 6) + ";" + std::to_string(30 + i) + ",5 m²;2024-01-1" + std::to_string(i % 10) + ";$1," +
             std::to_string(200 + i) + ".50\n";
  f.write("other.csv", other);
  const Said predicted = f.tend("predict r other.csv -o p.csv");
  EXPECT_EQ(predicted.code, 0) << predicted.error;
  EXPECT_TRUE(has(predicted.error,
                  "40 cells of \"area\" are written in another form than the training data: \"30,5 m²\" (line 2) is "
                  "read as 30.5"))
      << predicted.error;
  const Said evaluated = f.tend("evaluate r other.csv --json --set data.decimal=, --set data.thousands=.");
  EXPECT_EQ(evaluated.code, 0) << evaluated.error;
  EXPECT_EQ(f.tend("train houses.csv --target price --epochs 1 --quiet --run s --set watch.checks=none "
                   "--set 'data.test=\"other.csv\"'")
                .code,
            0);
  f.write("percent.csv", "rooms,area,day\n2,50 %,2024-01-12\n");
  const Said percent = f.tend("predict r percent.csv");
  EXPECT_EQ(percent.code, 65);
  EXPECT_TRUE(has(percent.error, "12 % may be 12 or 0.12; the first is \"50 %\", line 2")) << percent.error;
  f.write("target.csv", "rooms,area,day,price\n2,50,2024-01-12,unknown yet\n");
  EXPECT_EQ(f.tend("predict r target.csv").code, 0);  // the target is not used
}

TEST(DataFlow, a_folder_of_images_without_classes_says_how_folders_must_look) {
  const Folder f;
  std::filesystem::create_directory(f / "flat");
  for (int i = 0; i < 3; ++i)
    f.write("flat/" + std::to_string(i) + ".png", test::png(2, 2, 0, std::string(4, static_cast<char>(i))));
  const Said data = f.tend("data flat"), train = f.tend("train flat --run r");
  EXPECT_EQ(data.code, 0) << data.error;
  EXPECT_EQ(train.code, 65);
  for (const Said& said : {data, train}) {
    EXPECT_TRUE(has(said.out + said.error, "3 images and no folder of a class")) << said.out << said.error;
    EXPECT_TRUE(has(said.out + said.error, "PATH/CLASS/FILE")) << said.out << said.error;
  }
}

TEST(DataFlow, the_dates_of_the_parts_are_shown_before_and_noted_in_training) {
  const Folder f;
  f.write("houses.csv", houses(120));
  const std::string part = "parts in the order of \"day\": training 10 January 2024 to ";
  const Said data = f.tend("data houses.csv --target price --set data.time=day"),
             check = f.tend("check houses.csv --target price --set data.time=day --json --only data_quality");
  EXPECT_TRUE(has(data.out, part)) << data.out;
  EXPECT_TRUE(has(check.error, part)) << check.error;
}

TEST(DataFlow, a_column_that_is_left_out_has_its_reason_and_no_note_beside_it) {
  const Folder f;
  std::string text = "id,day,x,label\n";
  for (int i = 0; i < 100; ++i) {
    const std::string day = std::to_string(10 + i % 18), month = "0" + std::to_string(1 + i / 18);
    text += std::to_string(20240000 + i) + "," + (i % 3 ? "2024-" + month + "-" + day : day + "." + month + ".2024") + "," +
            std::to_string(i * 37 % 60 / 7.0) + "," + (i % 2 ? "a" : "b") + "\n";
  }
  f.write("t.csv", text);
  for (const std::string verb : {"data t.csv", "train t.csv --epochs 2 --run r"}) {
    const Said said = f.tend(verb);
    const std::string all = said.out + said.error;
    EXPECT_TRUE(
        has(all, "different texts in 100 rows: dates in two forms: 66 of 100 cells like \"2024-01-11\", 34 like \"13.01.2024\""))
        << all;
    EXPECT_FALSE(has(all, "are read as words")) << all;
  }
}

TEST(DataFlow, files_that_are_no_tables_yet_say_what_to_change) {
  const Folder f;
  const std::string rows = "x1 x2 y\n1 2 0\n2 3 1\n3 1 0\n4 4 1\n";
  f.write("blanks.csv", rows);
  f.write("comments.csv", "# made in May, 2024\nx1,x2,y\n1,2,0\n");
  f.write("title.csv", "Report\nx1,x2,y\n1,2,0\n");
  f.write("blanks.txt", rows + rows + rows + rows + rows + rows + rows + rows);
  for (const auto& [file, hint] : {std::pair{"blanks.csv", "the file has one column: is data.delimiter"},
                                   {"comments.csv", "lines that begin with # are no comments here"},
                                   {"title.csv", "if the lines above are a title, remove them"},
                                   {"blanks.txt", "a table must be called NAME.csv or NAME.tsv"}}) {
    const Said said = f.tend(std::string("data ") + file + " --target y");
    EXPECT_TRUE(has(said.error, hint)) << said.code << said.error << said.out;
  }
  EXPECT_EQ(f.tend("data blanks.csv --target y --set 'data.delimiter=\" \"'").code, 0);
}

TEST(TrainFlow, early_stopping_none_names_what_never_stops_early) {
  const Folder f;
  for (const char* word : {"none", "false", "off"}) {
    const Said said = f.tend(std::string("train --set train.early_stopping=") + word);
    EXPECT_EQ(said.code, 2);
    EXPECT_TRUE(has(said.error, "{ patience = 1000000 } never stops early")) << said.error;
  }
}

TEST(TrainFlow, keys_that_are_switched_off_by_a_word_say_how_none_is_written) {
  const Folder f;
  f.write("houses.csv", houses(60));
  for (const auto& [key, hint] : {std::pair{"data.validation", "write 0 for none"},
                                  {"data.types", "write {} for none"},
                                  {"data.ignore", "write [] for none"},
                                  {"prepare.steps", "write [] for none"},
                                  {"update.weight_decay", "write 0 for none"}}) {
    const Said said = f.tend("train houses.csv --target price --run r --set " + std::string(key) + "=none");
    EXPECT_EQ(said.code, 2) << key;
    EXPECT_TRUE(has(said.error, hint)) << said.error;
  }
}

TEST(TrainFlow, a_check_that_is_skipped_is_named) {
  const Folder f;
  f.write("houses.csv", houses(90));
  const Said said = f.tend("train houses.csv --target price --epochs 1 --run r"),
             quiet = f.tend("train houses.csv --target price --epochs 1 --run q --quiet");
  ASSERT_EQ(said.code, 0) << said.error;
  EXPECT_FALSE(has(said.error, ", 0 skipped")) << said.error;
  EXPECT_TRUE(has(said.error, " skipped (")) << said.error;
  EXPECT_EQ(quiet.error, "");
}

TEST(EvaluateFlow, the_rows_of_a_run_have_the_targets_that_its_model_has) {
  const Folder f;
  std::string one_hot = "a,b,y_1,y_2\n";  // one label a row, which without the loss would be classes
  for (int i = 0; i < 200; ++i)
    one_hot += std::to_string(i % 2 + 0.001 * i) + "," + std::to_string(0.01 * i) + "," + (i % 2 ? "1,0" : "0,1") + "\n";
  f.write("labels.csv", one_hot);
  f.write("e.toml",
          R"(data = { source = "labels.csv", target = ["y_1", "y_2"], task = "multilabel", validation = 0.2, test = 0.2 }
network.layers = [{ dense = 8 }, "relu", { dense = 2 }]
loss.name = "sigmoid_cross_entropy"
update.optimizer = { name = "adam", learning_rate = 0.01 }
train.epochs = 3
)");
  const Said run = f.tend("train e.toml --run r --json --set watch.checks=none");
  ASSERT_EQ(run.code, 0) << run.error;
  const Said measured = f.tend("evaluate r --json");
  EXPECT_EQ(measured.json()["metrics"]["loss"], run.json()["metrics"]["test"]["loss"]) << measured.out;
}

TEST(EvaluateFlow, data_that_have_other_classes_by_now_are_an_error_and_a_note_in_the_report) {
  const Folder f;
  std::string rows = "x,kind\n";
  for (int i = 0; i < 200; ++i) rows += std::to_string(i % 2 + 0.001 * i) + (i % 2 ? ",p\n" : ",q\n");
  f.write("two.csv", rows);
  ASSERT_EQ(f.tend("train two.csv --target kind --epochs 2 --run r").code, 0);
  for (int i = 0; i < 20; ++i) rows += std::to_string(3 + 0.01 * i) + ",a_new\n";
  f.write("two.csv", rows);
  const Said measured = f.tend("evaluate r");
  EXPECT_EQ(measured.code, 65) << measured.error;
  EXPECT_TRUE(has(measured.error, "targets of other classes")) << measured.error;
  EXPECT_TRUE(has(measured.error, "the classes p, q")) << measured.error;
  ASSERT_EQ(f.tend("report r -o page.html").code, 0);
  EXPECT_TRUE(has(f.read("page.html"), "targets of other classes"));
}

}  // namespace
}  // namespace tend::rows_test
