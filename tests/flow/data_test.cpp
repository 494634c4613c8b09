// The verbs data and init, JSON lines, and messages about a whole experiment file.
#include <gtest/gtest.h>

#include "program.h"

namespace tend::data_test {

bool has(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

TEST(DataFlow, shows_what_is_in_a_table_and_what_would_be_inferred) {
  const Folder f;
  f.write("flowers.csv", flowers(120));
  const Said said = f.tend("data flowers.csv --target kind", "LC_ALL=C TERM=xterm");
  ASSERT_EQ(said.code, 0) << said.error;
  EXPECT_TRUE(has(said.out, "flowers.csv: table, 120 rows, 4 columns")) << said.out;
  for (const char* part : {"height ", "category", "red 80 %, white 20 %", "target", "prepare.steps", "network.layers"})
    EXPECT_TRUE(has(said.out, part)) << part << "\n" << said.out;
  EXPECT_FALSE(has(said.out, "█"));
  EXPECT_TRUE(has(f.tend("data flowers.csv --target kind", "LC_ALL=C.UTF-8 TERM=xterm").out, "█"));
  const Said json = f.tend("data flowers.csv --target kind --json");
  const auto& v = json.json();
  EXPECT_EQ(v["rows"], 120);
  EXPECT_EQ(v["task"], "classification");
  EXPECT_EQ(v["inputs"][1]["missing"], 8);
  EXPECT_EQ(v["inputs"][2]["values"][0]["value"], "red");
  EXPECT_EQ(v["inputs"][2]["values"][0]["rows"], 96);
  EXPECT_EQ(v["targets"][0]["name"], "kind");
  EXPECT_GT(v["inferred"].size(), 8U);
  EXPECT_TRUE(v["not_inferred"].is_null());
}

TEST(DataFlow, needs_no_target_and_says_what_it_is_needed_for) {
  const Folder f;
  f.write("flowers.csv", flowers(60));
  const Said said = f.tend("data flowers.csv");
  ASSERT_EQ(said.code, 0) << said.error;
  EXPECT_TRUE(has(said.out, "60 rows, 4 columns")) << said.out;
  EXPECT_TRUE(has(said.out, "--target COLUMN names the column to learn")) << said.out;
  EXPECT_EQ(f.tend("data flowers.csv --target nothing").code, 2);
  EXPECT_EQ(f.tend("data nothing.csv").code, 66);
}

TEST(DataFlow, a_column_that_is_left_out_is_shown_with_the_reason) {
  const Folder f;
  std::string text = "id,x,same,label\n";
  for (int i = 0; i < 60; ++i)
    text += std::to_string(i + 1) + "," + std::to_string(i * 37 % 60 / 7.0) + ",5," + (i % 2 ? "a" : "b") + "\n";
  f.write("t.csv", text);
  const Said json = f.tend("data t.csv --ignore same --json");
  ASSERT_EQ(json.code, 0) << json.error;
  const auto& inputs = json.json()["inputs"];
  ASSERT_EQ(inputs.size(), 3U) << json.out;
  EXPECT_EQ(inputs[0]["use"], "left out");
  EXPECT_EQ(inputs[0]["reason"], "it counts the rows: an identifier");
  EXPECT_EQ(inputs[1]["use"], "input");
  EXPECT_EQ(inputs[2]["reason"], "data.ignore names it");
}

TEST(DataFlow, a_text_and_images_are_described_too) {
  const Folder f;
  std::string text;
  for (int i = 0; i < 200; ++i) text += "hello world\n";
  f.write("a.txt", text);
  const Said said = f.tend("data a.txt");
  ASSERT_EQ(said.code, 0) << said.error;
  EXPECT_TRUE(has(said.out, "characters of 9 kinds")) << said.out;
  EXPECT_TRUE(has(f.tend("data").out, "digits: images, 1797 rows of 8 x 8 x 1")) << f.tend("data").out;
}

TEST(DataFlow, a_generated_table_trains_like_its_generator) {
  const Folder f;
  ASSERT_EQ(f.tend("data --synthesize moons --rows 200 --seed 4 --set noise=0.3 -o moons.csv").code, 0);
  EXPECT_EQ(f.tend("data --synthesize moons -o moons.csv").code, 73);
  EXPECT_EQ(f.tend("data --synthesize mons").code, 2);
  f.write("e.toml", "[data]\nsource = { generate = 'moons', rows = 200, seed = 4, noise = 0.3 }\n");
  const Said file = f.tend("train moons.csv --epochs 3 --json --quiet --run a"),
             generator = f.tend("train e.toml --epochs 3 --json --quiet --run b");
  ASSERT_EQ(file.code, 0) << file.error;
  ASSERT_EQ(generator.code, 0) << generator.error;
  EXPECT_EQ(file.json()["metrics"], generator.json()["metrics"]);
}

TEST(InitFlow, writes_a_file_that_trains_as_the_bare_data_do) {
  const Folder f;
  f.write("flowers.csv", flowers(120));
  std::filesystem::create_directory(f / "sub");
  ASSERT_EQ(f.tend("init flowers.csv --target kind --epochs 5 -o sub/flowers.toml").code, 0);
  EXPECT_TRUE(has(f.read("sub/flowers.toml"), "# Chosen: the target has 2 values."));
  EXPECT_TRUE(has(f.read("sub/flowers.toml"), "\"../flowers.csv\""));
  const Said bare = f.tend("train flowers.csv --target kind --epochs 5 --json --quiet --run a"),
             file = f.tend("train sub/flowers.toml --json --quiet --run b");
  ASSERT_EQ(bare.code, 0) << bare.error;
  ASSERT_EQ(file.code, 0) << file.error;
  EXPECT_EQ(bare.json()["metrics"], file.json()["metrics"]);
  EXPECT_EQ(f.tend("init flowers.csv --target kind -o sub/flowers.toml").code, 73);
  EXPECT_EQ(f.tend("init flowers.csv --target kind -o sub/flowers.toml --overwrite").code, 0);
}

TEST(InitFlow, without_data_it_writes_the_experiment_of_the_digits) {
  const Folder f;
  ASSERT_EQ(f.tend("init --epochs 1 -o digits.toml").code, 0);
  const Said bare = f.tend("train --epochs 1 --json --quiet --run a"), file = f.tend("train digits.toml --json --quiet --run b");
  ASSERT_EQ(file.code, 0) << file.error;
  EXPECT_EQ(bare.json()["metrics"], file.json()["metrics"]);
}

TEST(JsonLinesFlow, rows_to_predict_may_be_json_lines) {
  const Folder f;
  f.write("flowers.csv", flowers(90));
  ASSERT_EQ(f.tend("train flowers.csv --target kind --epochs 3 --quiet --run r").code, 0);
  f.write("new.csv", "width,height,colour\n1.5,4.2,red\n5.1,,white\n5.2,2.2,blue\n");
  f.write("new.jsonl",
          "{\"colour\": \"red\", \"height\": 4.2, \"width\": 1.5}\n{\"width\": 5.1, \"height\": null, \"colour\": \"white\"}\n"
          "{\"width\": 5.2, \"height\": 2.2, \"colour\": \"blue\"}\n");
  const Said csv = f.tend("predict r new.csv"), lines = f.tend("predict r new.jsonl");
  ASSERT_EQ(lines.code, 0) << lines.error;
  EXPECT_EQ(csv.out, lines.out);
  EXPECT_TRUE(has(lines.error, "blue")) << lines.error;
}

TEST(ConfigurationFlow, all_wrong_keys_of_a_file_are_named_with_their_lines) {
  const Folder f;
  f.write("e.toml", "[data]\nsource = 'digits'\n[train]\nepoch = 3\nbatch_size = 0\n[update]\noptimizer = 'adamm'\n");
  const Said said = f.tend("train e.toml --run r");
  EXPECT_EQ(said.code, 2);
  for (const char* part : {"e.toml: 3 problems", "e.toml:4: train: unknown key \"epoch\"", "did you mean \"epochs\"?",
                           "e.toml:5: train.batch_size: the number 0", "e.toml:7: update.optimizer: \"adamm\""})
    EXPECT_TRUE(has(said.error, part)) << part << "\n" << said.error;
}

}  // namespace tend::data_test
