#include <algorithm>

#include "tend/base/text.h"
#include "tend/report/run_page.h"
#include "tend/report/run_values.h"

namespace tend {

namespace {

std::string percent_text(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %%", 100 * share);
  return text;
}

std::string short_text(double v) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", v);
  return text;
}

/// The rows on which the model is judged: of the first of these parts that has metrics.
struct JudgedPart {
  std::string name;
  const Value* metrics = nullptr;
  std::string rows;  ///< "the 180 test rows"
};

JudgedPart judged_part(const RunPage& page) {
  for (const char* name : {"test", "validation", "train"}) {
    const Value* metrics = page.metrics.find(name);
    if (!metrics || !metrics->is_table() || metrics->items().empty() || std::isnan(number_in(*metrics, "loss"))) continue;
    const double rows = number_in(page.rows, name);
    const bool is_train = std::string_view(name) == "train";
    return {.name = name,
            .metrics = metrics,
            .rows = "the " + (rows >= 0 ? std::to_string(static_cast<std::int64_t>(rows)) + " " : std::string()) +
                    (is_train ? "training" : name) + " rows" + (is_train ? " (it has seen these; there were no others)" : "")};
  }
  return {};
}

/// The result of a model that answers with classes or labels.
std::string accuracy_text(const RunPage& page, const JudgedPart& part) {
  const double accuracy = number_in(*part.metrics, "accuracy"), guess = number_in(page.baseline, "accuracy");
  const bool has_classes = part.metrics->find("balanced_accuracy"), has_labels = !has_classes && part.metrics->find("f1_macro");
  std::string text = has_labels    ? "it gets " + percent_text(accuracy) + " of the labels of " + part.rows + " right"
                     : has_classes ? "it classifies " + percent_text(accuracy) + " of " + part.rows + " right"
                                   : "it predicts " + percent_text(accuracy) + " of the places in " + part.rows + " right";
  if (std::isnan(guess)) return text;
  text += std::string("; always answering the more frequent value of each label would be right for ");
  if (!has_labels) text.replace(text.find("the more frequent value of each label"), 37, "the most frequent class");
  text += percent_text(guess);
  if (accuracy > guess) return text;
  const double loss = number_in(*part.metrics, "calibrated_loss"), of_shares = number_in(page.baseline, "calibrated_loss");
  if (loss < 0.97 * of_shares)
    return text + ", but the model's probabilities are better than the shares of the classes (log loss " + short_text(loss) +
           ", of the shares " + short_text(of_shares) + ")";
  return text + ", so the model has learned nothing that helps on new rows";
}

/// The result of a model that answers with numbers.
std::string error_text(const RunPage& page, const JudgedPart& part) {
  const double error = number_in(*part.metrics, "mae"), explained = number_in(*part.metrics, "r2"),
               guess = number_in(page.baseline, "mae");
  std::string text = "its predictions for " + part.rows + " differ from the targets by " + short_text(error) + " on average";
  if (!std::isnan(guess)) text += ", where always predicting the mean would differ by " + short_text(guess);
  if (!std::isnan(explained))
    text += explained > 0 ? "; they explain " + percent_text(explained) + " of the variance"
                          : "; they explain none of the variance, so the model has learned nothing that helps on new rows";
  return text;
}

std::string first_sentence(const std::string& message) {
  std::size_t end = std::min(message.find(". "), message.find(": "));
  if (end == std::string::npos) end = message.size() - static_cast<std::size_t>(message.ends_with('.'));
  return message.substr(0, end);
}

std::string problems_text(const RunPage& page) {
  std::vector<std::string> messages;
  for (const char* level : {"critical", "warning"})
    for (const Value& finding : items_of(page.findings))
      if (string_at(finding, "severity") == level) messages.push_back(string_at(finding, "message"));
  for (const char* level : {"fail", "warn"})
    for (const Value& check : items_of(page.checks))
      if (string_at(check, "verdict") == level) messages.push_back(string_at(check, "message"));
  std::string text = messages.empty() ? "nothing was found wrong"
                     : messages.size() == 1
                         ? "one problem was found: " + first_sentence(messages[0])
                         : std::to_string(messages.size()) + " problems were found, the first: " + first_sentence(messages[0]);
  if (const auto repairs = static_cast<std::int64_t>(items_of(page.repairs).size()))
    text += "; " + counted(repairs, "repair") + (repairs > 1 ? " were made" : " was made");
  return text;
}

/// What it means that the run did not come to its end; "" if it did.
std::string trouble_text(const RunPage& page) {
  const std::string after = " after " + counted(page.epochs, "epoch"), why = page.reason.empty() ? "" : " (" + page.reason + ")";
  if (page.state == "diverged") return "the training diverged" + why + ", so its model is not fit for use";
  if (page.state == "failed") return "the training failed" + why;
  if (page.state == "killed")
    return "the training was killed" + after + " and has no result yet; tend resume continues it from its newest checkpoint";
  if (page.state == "running") return "the training is still running; this page shows it" + after;
  if (page.state == "interrupted") return "the training was interrupted" + after + "; tend resume continues it";
  return page.state == "damaged" ? "the files of this run are damaged" : "";
}

}  // namespace

std::string result_sentence(const RunPage& page) {
  std::string text = trouble_text(page);
  if (const JudgedPart part = judged_part(page); part.metrics) {
    const std::string result = part.metrics->find("accuracy") ? accuracy_text(page, part)
                               : part.metrics->find("mae")
                                   ? error_text(page, part)
                                   : "its loss on " + part.rows + " is " + short_text(number_in(*part.metrics, "loss"));
    text += (text.empty() ? "" : "; ") + result;
  }
  text += (text.empty() ? "" : "; ") + problems_text(page) + ".";
  text[0] = text[0] >= 'a' && text[0] <= 'z' ? static_cast<char>(text[0] - 'a' + 'A') : text[0];
  return text;
}

}  // namespace tend
