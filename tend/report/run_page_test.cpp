#include "tend/report/run_page.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tend::run_page_test {

RunPage small_page() {
  RunPage page;
  page.run = "runs/<script>alert(1)</script>", page.state = "completed", page.reason = "all 3 epochs are done";
  page.data = "a\"b.csv", page.network = "2 layers";
  page.metrics = parse_json(R"({"train": {"loss": 0.5, "accuracy": 0.9}, "validation": {"loss": 0.625}, "test": {}})", "m");
  page.baseline = parse_json(R"({"loss": 1.5})", "b");
  page.baseline_text = "baseline: most frequent class";
  page.linear = parse_json(R"({"loss": 0.875})", "l");
  page.checks = parse_json(R"([{"check": "chance_loss", "verdict": "fail", "cause": "init", "message": "The <b>loss</b> is 9."},
                               {"check": "shapes", "verdict": "pass", "message": "All shapes fit."}])",
                           "c");
  page.repairs = parse_json(R"([{"step": 0, "rule": "chance_loss", "verified": true,
                                 "changes": [{"field": "network.initializer", "old": null, "new": "he_normal"}]}])",
                            "r");
  page.findings = parse_json(R"([{"rule": "dying_relu", "severity": "warning", "layer": "relu_1", "first_step": 3, "step": 9,
                                  "causes": [["init", 0.8], ["depth", 0.2]], "evidence": {"dead_fraction": 0.93}, "message": "Units are dead."}])",
                             "f");
  page.answers = {{.title = "rows",
                   .columns = {"row"},
                   .rows = {{{.text = "<b>row 7", .picture = {.width = 1, .height = 1, .samples = "x"}}}}}};
  page.health = {{.title = "gradients", .x_name = "step", .curves = {{.name = "<b>", .points = {{1, 1, 1, 1}, {2, 2, 2, 2}}}}}};
  page.first_weights = {{.width = 2, .height = 1, .samples = "xy"}};
  page.first_weights_note = "grey is a weight of 0";
  page.repeat = {{"seed", "0"}};
  page.charts = {{.title = "loss",
                  .x_name = "epoch",
                  .curves = {{.name = "train", .points = {{1, 3, 3, 3}, {2, 1, 1, 1}, {3, 0.5, 0.5, 0.5}}},
                             {.name = "validation", .points = {{1, 2, 2, 2}, {2, NAN, NAN, NAN}, {3, 0.6, 0.6, 0.6}}}}},
                 {.title = "nothing", .x_name = "epoch", .curves = {{.name = "", .points = {}}}}};
  page.origins = parse_json(R"({"train.epochs": {"value": 3, "origin": "--epochs"}})", "o");
  page.notes = {"a note"};
  page.commands = {{"train it again", "tend train x"}};
  return page;
}

TEST(RunPage, has_the_result_the_alarms_the_repairs_and_the_configuration) {
  const std::string page = run_page(small_page());
  for (const char* part : {"completed: all 3 epochs are done",
                           "init 80 %, depth 20 %",
                           "dead fraction 0.93",
                           "3 to 9",
                           "At relu_1",
                           "data:image/png;base64,",
                           "Weights of the first layer",
                           "the weights of unit 1",
                           "grey is a weight of 0",
                           "gradients",
                           "How to repeat it",
                           "0.625",
                           "baseline: most frequent class",
                           "baseline: linear model",
                           "0.875",
                           "chance_loss",
                           "Cause: init",
                           "network.initializer",
                           "he_normal",
                           "verified by",
                           "train, validation (dashed)",
                           "--epochs",
                           "a note",
                           "tend train x",
                           "Checks before training"})
    EXPECT_NE(page.find(part), std::string::npos) << part;
}

TEST(RunPage, texts_of_others_do_nothing_and_nothing_is_loaded) {
  std::string page = run_page(small_page());
  const std::size_t own = page.find("<style>"), end = page.find("</script>");
  ASSERT_NE(own, std::string::npos);
  for (const std::string& text : {page.substr(0, own), page.substr(end + 9)})
    for (const char* part : {"<script", "<b>", "a\"b", "://", "nan"}) EXPECT_EQ(text.find(part), std::string::npos) << part;
  EXPECT_EQ(page_style().find("://"), std::string::npos);
}

TEST(RunPage, only_its_own_script_may_run) {
  EXPECT_NE(page_style().find("default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-"),
            std::string::npos);
}

TEST(RunPage, the_range_of_rates_is_a_chart_where_a_check_has_tried_them) {
  RunPage page = small_page();
  EXPECT_EQ(run_page(page).find("loss over the learning rate"), std::string::npos);
  page.checks = parse_json(R"([{"check": "learning_rate_range", "verdict": "pass", "message": "m", "record":
      {"curve": [[0.001, 2], [0.01, 1], [0.1, null]], "held_out": [2.5, 1.5, null], "own": 0.002, "suggestion": 0.01, "steps": 50, "start": 3}}])",
                           "c");
  const std::string text = run_page(page);
  for (const char* part : {"loss over the learning rate", ">used<", ">suggested<", "data-x=\"0.001 0.01 log\""})
    EXPECT_NE(text.find(part), std::string::npos) << part;
}

TEST(RunPage, an_empty_run_has_a_page) { EXPECT_NE(run_page({}).find("found nothing wrong"), std::string::npos); }

}  // namespace tend::run_page_test
