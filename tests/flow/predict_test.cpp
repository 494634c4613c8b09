// What predict writes: arrays in and out, and names that a spreadsheet would take for formulas.
#include <cstring>
#include <vector>

#include <gtest/gtest.h>

#include "program.h"
#include "tend/data/test_files.h"

namespace tend::predict_test {

std::vector<double> numbers_of_npy(const std::string& bytes, std::size_t count) {
  std::vector<double> numbers(count);
  if (bytes.size() >= count * sizeof(double))
    std::memcpy(numbers.data(), bytes.data() + bytes.size() - count * sizeof(double), count * sizeof(double));
  return numbers;
}

TEST(PredictFormats, a_run_that_was_stopped_before_its_end_is_named) {
  const Folder f;
  f.write("t.csv", flowers(60));
  ASSERT_EQ(f.tend("train t.csv --target kind --quiet --epochs 1 --run r").code, 0);
  std::filesystem::remove(f / "r/model.safetensors");
  const Said said = f.tend("predict r t.csv");
  EXPECT_EQ(said.code, 66);
  EXPECT_NE(said.error.find("a run without a model"), std::string::npos) << said.error;
  EXPECT_NE(said.error.find("tend resume r"), std::string::npos) << said.error;
}

TEST(PredictFormats, rows_to_predict_may_be_an_npy_file_and_the_answer_too) {
  const Folder f;
  std::vector<double> points;
  std::string labels;
  for (int i = 0; i < 120; ++i) {
    const bool is_one = i % 2;
    points.push_back((is_one ? 3 : -3) + i % 7 * 0.1);
    points.push_back((is_one ? -2 : 2) + i % 5 * 0.1);
    labels += static_cast<char>(is_one);
  }
  f.write("x.npy", test::npy("'<f8'", "(120, 2)", test::bytes_of(points)));
  f.write("all.npz", test::zip({{"x.npy", test::npy("'<f8'", "(120, 2)", test::bytes_of(points))},
                                {"y.npy", test::npy("'|u1'", "(120,)", labels)}}));
  ASSERT_EQ(f.tend("train all.npz --epochs 20 --quiet --run r").code, 0);
  const Said said = f.tend("predict r x.npy -o p.npy");
  ASSERT_EQ(said.code, 0) << said.error;
  const std::string bytes = f.read("p.npy");
  ASSERT_NE(bytes.find("'shape': (120, 2)"), std::string::npos);
  const std::vector<double> p = numbers_of_npy(bytes, 240);
  for (std::size_t i = 0; i < 120; ++i) {
    EXPECT_NEAR(p[2 * i] + p[2 * i + 1], 1, 1e-6) << "row " << i;
    EXPECT_EQ(p[2 * i + 1] > 0.5, i % 2 == 1) << "row " << i;
  }
}

TEST(PredictFormats, a_file_is_replaced_only_with_overwrite) {
  const Folder f;
  f.write("flowers.csv", flowers(60));
  ASSERT_EQ(f.tend("train flowers.csv --target kind --epochs 2 --quiet --run r").code, 0);
  f.write("p.csv", "mine");
  for (const char* more : {"", " --json"}) {
    const Said said = f.tend(std::string("predict r flowers.csv -o p.csv") + more);
    EXPECT_EQ(said.code, 73);
    EXPECT_NE(said.error.find("--overwrite replaces it"), std::string::npos) << said.error;
    EXPECT_EQ(f.read("p.csv"), "mine");
  }
  ASSERT_EQ(f.tend("predict r flowers.csv -o p.csv --overwrite").code, 0);
  EXPECT_EQ(f.read("p.csv").find("row,prediction"), 0u);
  EXPECT_EQ(f.tend("predict r flowers.csv -o -").out, f.read("p.csv"));
  EXPECT_EQ(f.tend("predict r flowers.csv -o /dev/null").code, 0);
}

TEST(PredictFormats, the_help_says_that_names_like_formulas_get_an_apostrophe) {
  const Folder f;
  std::string text;
  for (const char c : f.tend("predict --help").out)
    if (c != '\n' && c != ' ') text += c;
  EXPECT_NE(text.find("anamethatbeginswith=+-or@iswrittenwithaleading'"), std::string::npos) << text;
}

TEST(PredictFormats, names_like_formulas_get_an_apostrophe_in_csv_and_none_in_json_lines) {
  const Folder f;
  std::string table = "x,kind\n";
  for (int i = 0; i < 90; ++i) table += std::to_string((i % 2 ? 3 : -3) + i % 7 * 0.1) + (i % 2 ? ",=sum\n" : ",plain\n");
  f.write("t.csv", table);
  ASSERT_EQ(f.tend("train t.csv --target kind --epochs 20 --quiet --run r").code, 0);
  f.write("new.csv", "x\n3.2\n");
  EXPECT_NE(f.tend("predict r new.csv").out.find("\n0,'=sum,"), std::string::npos);
  ASSERT_EQ(f.tend("predict r new.csv -o p.jsonl").code, 0);
  EXPECT_NE(f.read("p.jsonl").find("\"prediction\":\"=sum\""), std::string::npos) << f.read("p.jsonl");
}

}  // namespace tend::predict_test
