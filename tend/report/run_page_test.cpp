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
  for (const char* part : {"completed: all 3 epochs are done", "0.625", "baseline: most frequent class", "baseline: linear model",
                           "0.875", "chance_loss", "Cause: init", "network.initializer", "he_normal", "verified by",
                           "train, validation (dashed)", "--epochs", "a note", "tend train x", "All checks"})
    EXPECT_NE(page.find(part), std::string::npos) << part;
}

TEST(RunPage, texts_of_others_do_nothing_and_nothing_is_loaded) {
  const std::string page = run_page(small_page());
  for (const char* part : {"<script", "<b>", "a\"b", "http", "nan"}) EXPECT_EQ(page.find(part), std::string::npos) << part;
}

TEST(RunPage, an_empty_run_has_a_page) { EXPECT_NE(run_page({}).find("found nothing wrong"), std::string::npos); }

}  // namespace tend::run_page_test
