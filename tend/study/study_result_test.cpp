#include "tend/study/study_result.h"

#include <cmath>

#include "tend/study/study_page.h"
#include "tend/study/study_test.h"
#include "tend/study/usual_space.h"

namespace tend::study_result_test {

StudyResult small_result() {
  StudyResult result;
  result.folder = "runs/<a>";
  result.metric = "validation.loss";
  result.sampler = "random";
  result.epochs = 9;
  result.space = read_search_space(parse_toml("rate = { log_uniform = [1e-4, 1.0] }\nkind = { choice = [\"a,b\", \"c\"] }", "s"));
  for (std::size_t i = 0; i < 12; ++i) {
    const double unit = (static_cast<double>(i) + 0.5) / 12;
    const std::vector<double> place{unit, i % 2 ? 0.9 : 0.1};
    const bool has_exploded = unit > 0.7;
    result.trials.push_back({.number = i,
                             .state = has_exploded ? "stopped" : "completed",
                             .cause = has_exploded ? "cost-explosion" : "",
                             .values = {1 + unit, 1 - unit / 2},
                             .training = {1, 1},
                             .value = has_exploded ? 9.0 : 1 - unit / 2,
                             .place = place,
                             .parameters = result.space.at(place)});
  }
  result.trials[0].predicted = {.seconds = 1.5, .flops = 2e9, .memory_bytes = 4096};
  result.best = 7;
  result.importance = {0.8, 0.2};
  return result;
}

TEST(StudyResult, a_cause_comes_with_the_values_that_lead_to_it) {
  const std::vector<std::string> lines = cause_texts(small_result());
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_NE(lines[0].find("4 trials stopped (cost-explosion)"), std::string::npos) << lines[0];
  EXPECT_NE(lines[0].find("mostly where rate >= "), std::string::npos) << lines[0];
}

TEST(StudyResult, a_best_value_at_the_edge_is_said) {
  StudyResult result = small_result();
  EXPECT_TRUE(edge_texts(result).empty());
  result.best = 0;
  ASSERT_EQ(edge_texts(result).size(), 1U);
  EXPECT_NE(edge_texts(result)[0].find("lower edge"), std::string::npos);
}

TEST(StudyResult, the_table_has_a_line_for_each_trial_and_quotes_texts) {
  const std::string csv = result_to_csv(small_result());
  EXPECT_EQ(csv.substr(0, csv.find('\n')),
            "trial,stage,state,cause,epochs,value,seconds,predicted_seconds,memory_bytes,gflop,rate,kind");
  EXPECT_NE(csv.find("0,1,completed,,2,0.9791666666666666,0,1.5,4096,2,"), std::string::npos) << csv;
  EXPECT_NE(csv.find("\n1,1,completed,,2,0.9375,0,,,,"), std::string::npos) << csv;  // not predicted
  EXPECT_NE(csv.find("\"a,b\""), std::string::npos);
}

TEST(StudyPage, shows_every_chart_and_escapes_names) {
  const std::string page = study_page(small_result());
  for (const char* title : {"Values in the order", "Learning curves", "Importance", "Timeline", "Parallel coordinates",
                            "two most important", "All trials", "runs/&lt;a&gt;"})
    EXPECT_NE(page.find(title), std::string::npos) << title;
  EXPECT_EQ(page.find("nan"), std::string::npos);
  EXPECT_EQ(page.find("://"), std::string::npos);  // it loads nothing
}

TEST(StudyPage, an_empty_study_has_a_page) {
  StudyResult result = small_result();
  result.trials.clear();
  result.best.reset();
  result.importance.clear();
  EXPECT_NE(study_page(result).find("</html>"), std::string::npos);
}

TEST(UsualSpace, has_the_settings_of_the_lecture_about_their_values) {
  SmallStudy small("trials = 3");
  std::vector<Inferred> reasons;
  const Experiment e = with_usual_space(small.experiment, false, reasons);
  const SearchSpace space = read_search_space(*e.tune.find("parameters"));
  std::vector<std::string> names;
  for (const SearchParameter& p : space.parameters) names.push_back(p.name);
  EXPECT_EQ(names,
            (std::vector<std::string>{"update.optimizer.learning_rate", "update.weight_decay", "hidden_units", "dropout"}));
  EXPECT_NEAR(space.parameters[0].at(0.5).number(), 0.01, 1e-9);
  EXPECT_EQ(space.parameters[2].paths, std::vector<std::string>{"network.layers.dense_1.dense"});
  EXPECT_EQ(reasons.size(), 4U);  // a limit was given
  SmallStudy open("widen = true");
  EXPECT_EQ(with_usual_space(open.experiment, false, reasons).tune.find("budget")->number(), 20);
  EXPECT_FALSE(with_usual_space(open.experiment, true, reasons).tune.find("budget"));
}

}  // namespace tend::study_result_test
