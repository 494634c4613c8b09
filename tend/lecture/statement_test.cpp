#include "tend/lecture/statement.h"

#include <gtest/gtest.h>

#include "tend/base/error.h"
#include "tend/data/test_files.h"
#include "tend/lecture/measures.h"

namespace tend::statement_test {
namespace {

const std::string whole = R"(
part = "A part"
slides = "slide 1"
order = 5
title = "A title"
text = "A text"
look = "at this"
change = "that"
charts = ["loss", "train.accuracy", "start.deviation"]
[experiment]
data.source = { generate = "blobs", rows = 300 }
data.validation = 0.2
network.layers = [{ dense = 8 }, "relu", { dense = 3 }]
loss.name = "softmax_cross_entropy"
update.optimizer = "adam"
train.epochs = 3
[[run]]
name = "usual"
[[run]]
name = "none"
set = { "update.optimizer" = { name = "sgd", learning_rate = 0.0 } }
[[claim]]
text = "it learns"
holds = "usual.train.loss < none.train.loss"
[[claim]]
text = "nobody believes this"
holds = "usual.train.loss > none.train.loss"
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}
std::string refusal(const std::string& text) {
  const test::Folder folder;
  folder.write("statement.toml", text);
  try {
    run_statement(read_statement(folder.path("")), 0, 1, {});
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(LectureStatement, its_runs_are_trained_and_its_claims_are_judged) {
  const test::Folder folder;
  folder.write("statement.toml", whole);
  const LectureStatement s = read_statement(folder.path(""));
  EXPECT_EQ(s.title, "A title");
  const StatementResult r = run_statement(s, 1, 1, {});
  EXPECT_EQ(r.hold, (std::vector<bool>{true, false}));
  EXPECT_FALSE(r.holds());
  EXPECT_NE(r.evidence[0].find("usual.train.loss 1."), std::string::npos) << r.evidence[0];
  EXPECT_EQ(r.runs[0].values.at("epochs"), 3);
  EXPECT_EQ(r.runs[1].values.at("ratio.dense_1.weights"), 0);
  EXPECT_EQ(r.runs[0].values.at("start.relu_1.deviation"), r.runs[1].values.at("end.relu_1.deviation"));  // the same seed
  const std::vector<PageChart> charts = charts_of(s, r);
  ASSERT_EQ(charts.size(), 3u);
  EXPECT_EQ(charts[1].curves[0].points.size(), 3u);
  EXPECT_EQ(charts[2].curves[1].name, "none");
  const std::string page = lecture_page({s}, {{r}});
  EXPECT_NE(page.find("usual.train.loss &lt; none.train.loss"), std::string::npos);
  EXPECT_NE(page.find("1 of 1 seed"), std::string::npos);
}

TEST(LectureStatement, a_run_may_be_a_search_in_stages_and_with_bounds_that_move) {
  const test::Folder folder;
  const std::string search = R"(
[[run]]
name = "search"
search = { sampler = "random", stages = [{ epochs = 1, trials = 4 }, { epochs = 2, trials = 3 }], parameters = { "update.optimizer.learning_rate" = { log_uniform = [1e-4, 1e-1] } } }
)";
  folder.write("statement.toml", whole + search);
  const LectureStatement s = read_statement(folder.path(""));
  const StatementResult one = run_statement(s, 1, 1, {}), again = run_statement(s, 1, 2, {});
  const Measures& m = one.runs[2];
  EXPECT_EQ(m.values.at("trials"), 7);
  EXPECT_EQ(m.values.at("epochs"), 4 * 1 + 3 * 2);
  EXPECT_EQ(m.values.at("best"), again.runs[2].values.at("best"));  // whatever the number of threads
  EXPECT_GT(m.values.at("best_at.update.optimizer.learning_rate"), 1e-4);
  EXPECT_EQ(m.curves.at("trials: update.optimizer.learning_rate").size(), 7U);
  EXPECT_EQ(m.values.at("bounds_moved"), 0);
}

TEST(LectureStatement, its_page_and_its_text_show_all_pictures) {
  const test::Folder folder;
  std::string text = replaced(whole, "charts = [",
                              "probes = [\"histograms\", { weight_path = true, points = 4 }]\ncharts = [\"path\", ");
  folder.write("statement.toml", text);
  LectureStatement s = read_statement(folder.path(""));
  s.name = "some_statement";
  const StatementResult r = run_statement(s, 1, 1, {});
  EXPECT_EQ(pictures_of(s, r).size(), 2U + 3U + 4U);  // two paths, three charts, histograms of two runs at start and end
  const std::string page = lecture_page({s}, {{r}}), markdown = lecture_markdown({s}, {{r}}), picture = lecture_picture(s, r);
  EXPECT_NE(page.find("path of the first two weights: usual"), std::string::npos);
  EXPECT_NE(markdown.find("| [some_statement](#some_statement) | A title | slide 1 |"), std::string::npos) << markdown;
  EXPECT_NE(markdown.find("`usual.train.loss < none.train.loss`"), std::string::npos);
  EXPECT_NE(markdown.find("](lecture/some_statement.svg)"), std::string::npos);
  EXPECT_NE(picture.find("<svg xmlns="), std::string::npos);
  EXPECT_NE(picture.find(">usual</text>"), std::string::npos);
  s.probes = {Value("histogram")};
  try {
    run_statement(s, 1, 1, {});
    FAIL() << "an unknown probe";
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("did you mean \"histograms\""), std::string::npos) << e.what();
  }
}

TEST(LectureStatement, a_mistake_is_named) {
  EXPECT_EQ(refusal(whole), "");
  EXPECT_NE(refusal(replaced(whole, "order = 5", "")).find("no key \"order\""), std::string::npos);
  EXPECT_NE(refusal(replaced(whole, "order = 5", "order = 5\ncolour = 1")).find("colour"), std::string::npos);
  EXPECT_NE(refusal(replaced(whole, "train.epochs = 3", "train.epoch = 3")).find("epoch"), std::string::npos);
  EXPECT_NE(refusal(replaced(whole, "usual.train.loss < none", "usual.train.los < none")).find("usual.train.loss"),
            std::string::npos);
  EXPECT_NE(refusal(replaced(whole, "usual.train.loss < none", "other.train.loss < none")).find("usual"), std::string::npos);
  EXPECT_NE(refusal(replaced(whole, "network.layers = [{ dense = 8 }, \"relu\", { dense = 3 }]", "")).find("no network"),
            std::string::npos);
}

}  // namespace
}  // namespace tend::statement_test
