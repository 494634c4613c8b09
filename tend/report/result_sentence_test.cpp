#include <gtest/gtest.h>

#include "tend/report/run_page.h"

namespace tend::result_sentence_test {

RunPage page_with(const char* metrics, const char* baseline) {
  RunPage page;
  page.state = "completed";
  page.metrics = parse_json(metrics, "m");
  page.baseline = parse_json(baseline, "b");
  page.rows = parse_json(R"({"train": 80, "validation": 10, "test": 20})", "r");
  return page;
}

constexpr const char* classes = R"({"train": {"loss": 0.1, "accuracy": 1.0, "balanced_accuracy": 1.0},
                                    "test": {"loss": 0.1, "accuracy": 0.972, "balanced_accuracy": 0.97}})";

TEST(ResultSentence, of_classes_compares_with_the_most_frequent_class) {
  EXPECT_EQ(result_sentence(page_with(classes, R"({"accuracy": 0.101})")),
            "It classifies 97.2 % of the 20 test rows right; always answering the most frequent class would be right for 10.1 %; "
            "nothing was found wrong.");
}

TEST(ResultSentence, says_that_a_model_no_better_than_the_baseline_has_learned_nothing) {
  EXPECT_EQ(
      result_sentence(page_with(classes, R"({"accuracy": 0.98})")),
      "It classifies 97.2 % of the 20 test rows right; always answering the most frequent class would be right for 98.0 %, so the "
      "model has learned nothing that helps on new rows; nothing was found wrong.");
}

TEST(ResultSentence, better_probabilities_than_the_shares_of_the_classes_count) {
  const std::string text = result_sentence(
      page_with(R"({"test": {"loss": 0.5, "accuracy": 0.74, "balanced_accuracy": 0.51, "calibrated_loss": 0.498}})",
                R"({"accuracy": 0.745, "calibrated_loss": 0.567})"));
  EXPECT_NE(
      text.find("would be right for 74.5 %, but the model's probabilities are better than the shares of the classes (log loss "
                "0.498, of the shares 0.567)"),
      std::string::npos)
      << text;
}

TEST(ResultSentence, of_values_has_the_error_and_the_share_of_the_variance) {
  EXPECT_EQ(
      result_sentence(
          page_with(R"({"validation": {"loss": 1, "mse": 9, "mae": 2.134, "r2": 0.853}, "test": {}})", R"({"mae": 6.61})")),
      "Its predictions for the 10 validation rows differ from the targets by 2.13 on average, where always predicting the mean would "
      "differ by 6.61; they explain 85.3 % of the variance; nothing was found wrong.");
}

TEST(ResultSentence, of_labels_and_of_places_says_what_is_counted) {
  const std::string labels = result_sentence(
                        page_with(R"({"test": {"loss": 1, "accuracy": 0.9, "f1_macro": 0.8}})", R"({"accuracy": 0.7})")),
                    places = result_sentence(page_with(R"({"test": {"loss": 1, "accuracy": 0.5}})", R"({"accuracy": 0.2})"));
  EXPECT_EQ(
      labels,
      "It gets 90.0 % of the labels of the 20 test rows right; always answering the more frequent value of each label would be right "
      "for 70.0 %; nothing was found wrong.");
  EXPECT_TRUE(places.starts_with("It predicts 50.0 % of the places in the 20 test rows right;")) << places;
}

TEST(ResultSentence, names_the_worst_problem_and_counts_the_others) {
  RunPage page = page_with(classes, "{}");
  page.checks = parse_json(
      R"([{"verdict": "warn", "message": "The batch is large: 1000 rows."}, {"verdict": "pass", "message": "x"}])", "c");
  EXPECT_EQ(result_sentence(page), "It classifies 97.2 % of the 20 test rows right; one problem was found: The batch is large.");
  page.findings = parse_json(
      R"([{"severity": "info", "message": "i"}, {"severity": "critical", "message": "Units are dead. All of them."}])", "f");
  page.repairs = parse_json("[{}]", "p");
  EXPECT_EQ(result_sentence(page),
            "It classifies 97.2 % of the 20 test rows right; 2 problems were found, the first: Units are dead; 1 repair "
            "was made.");
}

TEST(ResultSentence, says_what_an_end_before_the_end_means) {
  RunPage page;
  page.epochs = 3;
  const auto of = [&](const char* state) {
    page.state = state;
    return result_sentence(page);
  };
  EXPECT_EQ(of("killed"),
            "The training was killed after 3 epochs and has no result yet; tend resume continues it from its newest checkpoint; "
            "nothing was found wrong.");
  EXPECT_TRUE(of("running").starts_with("The training is still running; this page shows it after 3 epochs"));
  EXPECT_TRUE(of("interrupted").starts_with("The training was interrupted after 3 epochs; tend resume continues it"));
  page.reason = "the loss of step 2 is not finite";
  EXPECT_TRUE(
      of("diverged").starts_with("The training diverged (the loss of step 2 is not finite), so its model is not fit for use;"));
}

}  // namespace tend::result_sentence_test
