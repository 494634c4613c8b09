#include "tune_display.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include <unistd.h>

#include "chart.h"
#include "progress.h"
#include "tend/base/clock.h"
#include "tend/base/text.h"
#include "text.h"

namespace tend {

namespace {

constexpr double bar_seconds = 0.2, line_seconds = 5;
constexpr std::size_t trials_shown = 5;

std::string value_text(const Value& v) { return v.is_number() && !v.is_integer() ? figure(v.number()) : to_inline_toml(v); }

/// The last word of a path: "learning_rate" of "update.optimizer.learning_rate".
std::string short_name(const std::string& path) { return path.substr(path.rfind('.') + 1); }

/// Names of parameters without what they do not need to be different.
std::map<std::string, std::string> short_names(const SearchSpace& space) {
  std::map<std::string, int> counts;
  for (const SearchParameter& p : space.parameters) ++counts[short_name(p.name)];
  std::map<std::string, std::string> names;
  for (const SearchParameter& p : space.parameters) names[p.name] = counts[short_name(p.name)] == 1 ? short_name(p.name) : p.name;
  return names;
}

void print_best(const StudyResult& r) {
  std::vector<const ListedTrial*> order;
  for (const ListedTrial& trial : r.trials)
    if (std::isfinite(trial.value) && trial.stage == r.trials[*r.best].stage) order.push_back(&trial);
  std::sort(order.begin(), order.end(), [&](const ListedTrial* a, const ListedTrial* b) {
    return a->value != b->value ? (r.maximizes ? a->value > b->value : a->value < b->value) : a->number < b->number;
  });
  const auto names = short_names(r.space);
  std::vector<std::vector<std::string>> rows{{"  trial", r.metric, "epochs", "state"}};
  std::vector<bool> right{true, true, true, false};
  for (const SearchParameter& p : r.space.parameters) rows[0].push_back(names.at(p.name)), right.push_back(true);
  for (std::size_t i = 0; i < std::min(order.size(), trials_shown); ++i) {
    std::vector<std::string> row{"  " + std::to_string(order[i]->number), figure(order[i]->value),
                                 std::to_string(order[i]->values.size()), order[i]->state};
    for (const SearchParameter& p : r.space.parameters) {
      const Value* v = order[i]->parameters.find(p.name);
      row.push_back(v ? value_text(*v) : "");
    }
    rows.push_back(row);
  }
  std::printf("The best trials\n");
  for (const std::string& line : aligned(rows, right, 24)) std::printf("%s\n", line.c_str());
}

/// Values of trials against one parameter on its scale, as points.
void print_plot(const StudyResult& r, std::size_t parameter) {
  const SearchParameter& p = r.space.parameters[parameter];
  std::vector<CurvePoint> points;
  for (const ListedTrial& trial : r.trials) {
    const Value* v = trial.parameters.find(p.name);
    if (!v || !v->is_number() || !std::isfinite(trial.value)) continue;
    points.push_back({.x = v->number(), .low = trial.value, .mean = trial.value, .high = trial.value});
  }
  if (points.size() < 4) return;
  const ChartStyle style = style_of_output();
  for (const std::string& line :
       scatter(r.metric + " of the trials", p.name, {{.name = "", .points = points}}, p.scale == SearchScale::log_uniform, style))
    std::printf("%s\n", line.c_str());
}

void print_importance(const StudyResult& r) {
  if (r.importance.empty()) return;
  std::vector<std::size_t> order(r.importance.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return r.importance[a] > r.importance[b]; });
  std::vector<std::string> texts;
  for (const std::size_t i : order) texts.push_back(r.space.parameters[i].name + " " + share_text(r.importance[i]));
  std::printf("Importance (what separates the best tenth of the trials from all): %s\n", listed(texts, ", ", 8).c_str());
}

/// The factor of the standard error of the mean of so many values that holds 95 % (Student, 1908).
double student_factor(std::int64_t count) {
  constexpr double factors[] = {12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26};
  const auto freedom = static_cast<std::size_t>(std::max<std::int64_t>(count - 1, 1));
  return freedom <= std::size(factors) ? factors[freedom - 1] : 2.2;
}

/// Is the winner better than the experiment as given? In pairs by seed: both have the same rows and the same random numbers.
std::string verdict_of(const StudyResult& r, const std::string& part, const std::string& metric) {
  std::vector<double> gains;
  for (const FinalRun& best : r.final.runs)
    for (const FinalRun& given : r.final.runs)
      if (best.trial == r.final.winner && !given.trial && best.seed == given.seed) {
        const double gain = metric_of(best.of(part), metric) - metric_of(given.of(part), metric);
        gains.push_back(more_is_better(metric) ? gain : -gain);
      }
  if (gains.size() < 2) return "";
  const MeanAndDeviation gain = mean_and_deviation(gains);
  const double error = student_factor(static_cast<std::int64_t>(gain.count)) * gain.deviation /
                       std::sqrt(static_cast<double>(gain.count));
  const std::string size = figure(gain.mean) + " +- " + figure(error) + " (95 %, in pairs by seed)";
  if (gain.mean > error) return "The best experiment is better than the one as given: its " + metric + " by " + size + ".";
  if (gain.mean > 0) return "The difference of " + size + " may be chance: the experiment as given may be as good.";
  return "On these rows the experiment as given is as good or better: what the search gained on the validation rows does not hold on others.";
}

/// "0.871 +- 0.002"; of one seed, which has no spread, "0.871"; "-" of none.
std::string spread_text(const MeanAndDeviation& spread) {
  if (spread.count == 0) return "-";
  return figure(spread.mean) + (spread.count > 1 ? " +- " + figure(spread.deviation) : "");
}

void print_final(const StudyResult& r) {
  if (r.final.runs.empty()) return;
  const FinalRun& one = r.final.runs[0];
  const std::string part = !one.test.empty()         ? "test"
                           : !one.validation.empty() ? "validation"
                                                     : "train",
                    name = r.metric.substr(r.metric.find('.') + 1);
  const Metrics& metrics = one.of(part);
  const bool is_compared = r.final.spread({}, part + ".loss").count > 0;
  const std::string winner = r.final.winner ? "The best experiment has the parameters of trial " + std::to_string(*r.final.winner)
                                            : "";
  if (!is_compared)
    std::printf("%s. There was no time to compare it with the experiment as given; the same command with more time does. ",
                winner.c_str());
  else if (r.final.winner) std::printf("%s (by its mean %s over the seeds). ", winner.c_str(), r.metric.c_str());
  else std::printf("No trial is better than the experiment as it was given, by the mean %s over the seeds. ", r.metric.c_str());
  std::printf("On the %s rows%s:\n", part == "train" ? "training" : part.c_str(),
              part == "test" ? ", which no trial has seen" : "");
  std::vector<std::vector<std::string>> rows;
  for (const auto& [metric, unused] : metrics) {
    if (metric != name && metric != "loss" && metric != "accuracy" && metric != "r2") continue;
    const MeanAndDeviation best = r.final.spread(r.final.winner, part + "." + metric),
                           given = r.final.spread({}, part + "." + metric);
    std::vector<std::string> row{"  " + metric};
    if (r.final.winner) row.insert(row.end(), {"best", spread_text(best)});
    row.insert(row.end(), {"as given", spread_text(given), "over " + counted(static_cast<std::int64_t>(best.count), "seed")});
    rows.push_back(std::move(row));
  }
  for (const std::string& line : aligned(rows)) std::printf("%s\n", line.c_str());
  if (const std::string verdict = r.final.winner ? verdict_of(r, part, name) : ""; !verdict.empty())
    std::printf("%s\n", verdict.c_str());
}

void print_states(const StudyResult& r) {
  std::map<std::string, std::size_t> states;
  std::size_t epochs = 0;
  for (const ListedTrial& trial : r.trials) ++states[trial.state], epochs += trial.values.size();
  std::vector<std::string> parts;
  for (const auto& [state, count] : states) parts.push_back(std::to_string(count) + " " + state);
  std::printf("%s: %s; %s, as many as %s full trainings have, in %s of training\n",
              counted(static_cast<std::int64_t>(r.trials.size()), "trial").c_str(), listed(parts).c_str(),
              counted(static_cast<std::int64_t>(epochs), "epoch").c_str(),
              figure(static_cast<double>(epochs) / static_cast<double>(std::max<std::int64_t>(r.epochs, 1))).c_str(),
              duration_text(r.seconds).c_str());
  for (const std::string& line : cause_texts(r)) std::printf("  %s\n", line.c_str());
  if (states.contains("waiting") && epochs > 0)
    std::printf("  Trials that wait were suspended: others were better after as many epochs, or the search has ended.\n");
}

}  // namespace

std::string parameters_text(const Value& parameters) {
  std::vector<std::string> texts;
  for (const auto& [name, value] : parameters.items()) texts.push_back(short_name(name) + " " + value_text(value));
  return listed(texts, "  ", 8);
}

void TuneDisplay::begin(Tuning& tuning) {
  tuning_ = &tuning;
  is_terminal_ = ::isatty(STDERR_FILENO);
  began_ = drawn_ = seconds_now();
  steps_at_start_ = tuning.desk().with_course([](const StudyCourse& c) { return c.searches().back().study().steps_made(); });
}

void TuneDisplay::on_event(const TuningEvent& event) {
  if (is_quiet_) return;
  if (event.kind == TuningEvent::Kind::note) {
    clear_bar();
    std::fprintf(stderr, "  %s\n", event.text.c_str());
  } else if (event.kind == TuningEvent::Kind::final_run) {
    clear_bar();
    std::fprintf(stderr, "  training %zu of %zu of the comparison\n", event.done, event.of);
  } else {
    const PlannedWork& work = event.work->work;
    if (event.is_best) {
      clear_bar();
      best_ = tuning_->metric() + " " + figure(event.value) + " (trial " + std::to_string(work.trial) + ")";
      std::fprintf(stderr, "  trial %zu, epoch %zu: %s %s, the best so far   %s\n", work.trial, work.to_epoch,
                   tuning_->metric().c_str(), figure(event.value).c_str(), parameters_text(event.work->parameters).c_str());
    }
    show_bar();
  }
}

void TuneDisplay::on_waiting(const std::string& text) {
  clear_bar();
  std::fprintf(stderr, "  %s\n", text.c_str());
}

std::string TuneDisplay::progress_text() {
  const double spent = seconds_now() - began_;
  return tuning_->desk().with_course([&](const StudyCourse& course) {
    const Study& study = course.searches().back().study();
    std::string text = std::to_string(course.trials()) + " trials, " +
                       counted(static_cast<std::int64_t>(study.steps_made()), "epoch");
    double share = 0;  // of the work of this process
    if (study.budget_steps > 0 && study.budget_steps > steps_at_start_) {
      text += " of " + std::to_string(study.budget_steps);
      share = static_cast<double>(study.steps_made() - std::min(study.steps_made(), steps_at_start_)) /
              static_cast<double>(study.budget_steps - steps_at_start_);
    } else if (study.most_trials > 0) {
      text += " (" + std::to_string(study.most_trials) + " trials at most)";
    }
    if (tuning_->seconds_of_trial() > 0) text += ", " + duration_text(tuning_->seconds_of_trial()) + " a whole trial";
    if (!best_.empty()) text += ", best " + best_;
    text += ", " + duration_text(spent);
    double left = share > 0.05 ? spent / share - spent : std::nan("");
    if (time_limit_ > 0) left = std::isfinite(left) ? std::min(left, time_limit_ - spent) : time_limit_ - spent;
    if (std::isfinite(left) && left > 0) text += ", about " + duration_text(left) + " left";
    return text;
  });
}

void TuneDisplay::show_bar() {
  const double now = seconds_now();
  if (now - drawn_ < (is_terminal_ ? bar_seconds : line_seconds)) return;
  drawn_ = now;
  if (is_terminal_) std::fprintf(stderr, "\r  %s\033[K", progress_text().c_str()), has_bar_ = true;
  else std::fprintf(stderr, "  %s\n", progress_text().c_str());
}

void TuneDisplay::clear_bar() {
  if (has_bar_) std::fprintf(stderr, "\r\033[K");
  has_bar_ = false;
}

void TuneDisplay::end() { clear_bar(); }

void print_study(const StudyResult& r) {
  std::printf("%s%s\n", r.end.empty() ? "" : "The search has ended: ", r.end.c_str());
  print_states(r);
  if (!r.best) {
    const bool has_epochs = std::any_of(r.trials.begin(), r.trials.end(), [](const ListedTrial& t) { return !t.values.empty(); });
    std::printf("No trial has a value%s\n",
                has_epochs ? "." : ": none has ended its first epoch. Give more time, or fewer rows: --set data.limit=5000");
    return;
  }
  for (const std::string& note : r.notes) std::printf("  %s\n", note.c_str());
  for (const std::string& line : edge_texts(r)) std::printf("  %s\n", line.c_str());
  print_best(r);
  std::size_t shown = 0;
  for (std::size_t i = 1; i < r.importance.size(); ++i)
    if (r.importance[i] > r.importance[shown]) shown = i;
  for (std::size_t i = 0; i < r.space.parameters.size(); ++i)
    if (short_name(r.space.parameters[i].name) == "learning_rate") shown = i;
  print_plot(r, shown);
  print_importance(r);
  print_final(r);
}

}  // namespace tend
