#include "tend/study/study_result.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "tend/base/text.h"
#include "tend/tune/importance.h"

namespace tend {

namespace {

constexpr double outermost = 0.05;  // of a range
constexpr double purity = 0.8;      // of the trials beyond a limit that must have the cause
constexpr std::size_t fewest_of_a_cause = 3;

std::string reason_of(const std::string& cause) {
  static const std::map<std::string, std::string> known{
      {"cost-explosion", "the training loss rose to 3 times its original value"},
      {"not-finite", "the loss was not finite"},
      {"flat", "the loss stayed where it was"},
      {"invalid", "the experiment could not be trained"},
      {"out-of-memory", "there was not enough memory"}};
  const auto found = known.find(cause);
  return found == known.end() ? cause : found->second;
}

/// The limit of one parameter that separates trials with a cause from the others: "learning_rate > 0.03"; "" if there is none.
std::string limit_text(const StudyResult& result, const std::string& cause) {
  std::string best_text;
  double best = purity;
  for (std::size_t i = 0; i < result.space.parameters.size(); ++i) {
    const SearchParameter& p = result.space.parameters[i];
    if (p.levels() > 0 && p.scale != SearchScale::integer) continue;
    std::vector<std::pair<double, bool>> points;  // value, has the cause
    for (const ListedTrial& trial : result.trials)
      if (const Value* v = trial.parameters.find(p.name); v && v->is_number() && !trial.values.empty())
        points.emplace_back(v->number(), trial.cause == cause);
    const auto with = static_cast<double>(std::count_if(points.begin(), points.end(), [](const auto& q) { return q.second; }));
    for (const bool above : {true, false}) {
      std::sort(points.begin(), points.end());
      if (above) std::reverse(points.begin(), points.end());
      double inside = 0, right = 0;
      for (const auto& [value, has] : points) {
        inside += 1, right += has;
        // F1 of the rule "beyond this value": 2 right / (inside + with)
        if (const double f1 = 2 * right / (inside + with); has && f1 > best)
          best = f1, best_text = p.name + (above ? " >= " : " <= ") + short_number(value);
      }
    }
  }
  return best_text;
}

std::string csv_cell(const Value& v) {
  const std::string text = v.is_string() ? v.string() : to_inline_toml(v);
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

/// {"winner": 12 or null, "best": {"validation": {"loss": {"mean", "deviation", "runs"}}, "test": ...}, "given": ...}
Value final_value(const FinalComparison& comparison) {
  Value v = Value::table();
  v["winner"] = comparison.winner ? Value(*comparison.winner) : Value();
  for (const auto& [name, trial] : {std::pair{"best", comparison.winner}, {"given", std::optional<std::size_t>()}})
    for (const auto& [part, metrics] : {std::pair{"validation", &FinalRun::validation}, {"test", &FinalRun::test}})
      for (const auto& [metric, unused] : comparison.runs[0].*metrics) {
        const MeanAndDeviation spread = comparison.spread(trial, part + ("." + metric));
        Value& to = v[name][part][metric];
        to["mean"] = spread.mean;
        to["deviation"] = spread.deviation;
        to["runs"] = spread.count;
      }
  return v;
}

Value numbers(const std::vector<double>& all) {
  Value list = Value::array();
  for (const double v : all) list.push_back(v);
  return list;
}

Value texts(const std::vector<std::string>& all) {
  Value list = Value::array();
  for (const std::string& v : all) list.push_back(v);
  return list;
}

/// What is known of trials from their assignments: times, values, predictions.
void add_works(StudyResult& result, const std::vector<StoredWork>& works,
               const std::map<std::size_t, TrialPrediction>& predictions) {
  double start = 0;
  std::vector<bool> is_known(result.trials.size()), is_out(result.trials.size());
  for (const StoredWork& row : works) {
    if (start == 0) start = row.began;
    if (row.work.trial >= result.trials.size()) continue;
    ListedTrial& trial = result.trials[row.work.trial];
    if (!is_known[row.work.trial]) trial.began = row.began - start;
    is_known[row.work.trial] = true;
    trial.seconds += row.seconds;
    trial.ended = row.began - start + row.seconds;
    result.seconds += row.seconds;
    is_out[row.work.trial] = !row.report && !row.owner.empty();
    if (!row.report) continue;
    if (const auto p = predictions.find(row.work.number); p != predictions.end()) {
      trial.predicted.seconds += p->second.seconds;
      trial.predicted.flops += p->second.flops;
      trial.predicted.memory_bytes = std::max(trial.predicted.memory_bytes, p->second.memory_bytes);
    }
    trial.values.insert(trial.values.end(), row.report->values.begin(), row.report->values.end());
    trial.training.insert(trial.training.end(), row.report->training.begin(), row.report->training.end());
  }
  for (std::size_t i = 0; i < result.trials.size(); ++i)
    if (result.trials[i].state == name_of(TrialState::running) && !is_out[i])
      result.trials[i].state = name_of(TrialState::waiting);
  while (!result.trials.empty() && !is_known[result.trials.size() - 1]) result.trials.pop_back();  // only decided, for showing
  if (result.best && *result.best >= result.trials.size()) result.best.reset();
}

}  // namespace

StudyResult result_of(StudyDesk& desk, StudyStore& store, const std::string& folder, const std::string& end) {
  StudyResult result;
  result.folder = folder;
  result.end = end;
  const std::vector<StoredWork> works = desk.works();
  result.metric = store.about("metric").string();
  result.final = final_comparison_of(store.about("final"));
  desk.with_course([&](const StudyCourse& course) {
    const Search& last = course.searches().back();
    result.sampler = last.sampler();
    result.stoppers = last.stoppers();
    result.maximizes = course.maximizes();
    result.epochs = static_cast<std::int64_t>(last.study().steps);
    result.space = last.study().space;
    result.importance = parameter_importance(last.study());
    result.notes = course.notes();
    result.best = course.best();
    for (std::size_t i = 0; i < course.trials(); ++i) {
      const SearchTrial& trial = course.trial(i);
      const std::size_t stage = course.stage_of(i);
      const auto best = course.searches()[stage].study().best_value(trial.number);
      result.trials.push_back({.number = i,
                               .stage = stage,
                               .state = std::string(name_of(trial.state)),
                               .cause = trial.cause,
                               .values = {},
                               .training = {},
                               .value = best.value_or(std::nan("")),
                               .place = trial.units,
                               .parameters = course.parameters(i)});
    }
    if (result.end.empty()) result.end = course.end();
  });
  add_works(result, works, store.predictions());
  return result;
}

std::vector<std::string> cause_texts(const StudyResult& result) {
  std::map<std::string, std::size_t> counts;
  for (const ListedTrial& trial : result.trials)
    if (!trial.cause.empty()) ++counts[trial.cause];
  std::vector<std::string> lines;
  for (const auto& [cause, count] : counts) {
    std::string line = counted(static_cast<std::int64_t>(count), "trial") + " stopped (" + cause + "): " + reason_of(cause);
    if (count >= fewest_of_a_cause)
      if (const std::string limit = limit_text(result, cause); !limit.empty()) line += ", mostly where " + limit;
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> edge_texts(const StudyResult& result) {
  std::vector<std::string> lines;
  if (!result.best) return lines;
  const ListedTrial& best = result.trials[*result.best];
  for (std::size_t i = 0; i < result.space.parameters.size(); ++i) {
    const SearchParameter& p = result.space.parameters[i];
    const Value* v = best.parameters.find(p.name);
    if (!v || !v->is_number() || p.is_choice() || p.scale == SearchScale::ordinal) continue;
    const double place = p.place_of(*v);
    if (place > outermost && place < 1 - outermost) continue;
    if (place < 0.5 && p.low == 0) continue;  // nothing lies beyond
    lines.push_back("The best value of " + p.name + ", " + short_number(v->number()) + ", lies at the " +
                    (place < 0.5 ? "lower" : "upper") + " edge of its range: a wider range may have a better one.");
  }
  return lines;
}

namespace {

std::string prediction_cells(const TrialPrediction& p) {
  if (p.seconds <= 0) return ",,";
  return short_number(p.seconds) + "," + std::to_string(p.memory_bytes) + "," + short_number(p.flops / 1e9);
}

}  // namespace

std::string result_to_csv(const StudyResult& result) {
  std::string text = "trial,stage,state,cause,epochs,value,seconds,predicted_seconds,memory_bytes,gflop";
  for (const SearchParameter& p : result.space.parameters) text += "," + csv_cell(Value(p.name));
  text += "\n";
  for (const ListedTrial& trial : result.trials) {
    text += std::to_string(trial.number) + "," + std::to_string(trial.stage + 1) + "," + trial.state + "," + trial.cause + "," +
            std::to_string(trial.values.size()) + "," + (std::isfinite(trial.value) ? number_text(trial.value) : "") + "," +
            short_number(trial.seconds) + "," + prediction_cells(trial.predicted);
    for (const SearchParameter& p : result.space.parameters) {
      const Value* v = trial.parameters.find(p.name);
      text += "," + (v ? csv_cell(*v) : std::string());
    }
    text += "\n";
  }
  return text;
}

Value result_to_value(const StudyResult& result) {
  Value v = Value::table();
  v["schema"] = 1;
  v["study"] = result.folder;
  v["status"] = result.best ? "completed" : "failed";
  v["stop_reason"] = result.end;
  v["metric"] = result.metric;
  v["direction"] = result.maximizes ? "maximize" : "minimize";
  v["sampler"] = result.sampler;
  v["stopper"] = texts(result.stoppers);
  v["seconds_of_trainings"] = result.seconds;
  v["best"] = Value();
  if (result.best) {
    const ListedTrial& best = result.trials[*result.best];
    v["best"] = Value::table();
    v["best"]["trial"] = best.number;
    v["best"]["value"] = best.value;
    v["best"]["parameters"] = best.parameters;
    v["best"]["run"] = result.folder + "/best";
  }
  v["importance"] = Value::table();
  for (std::size_t i = 0; i < result.importance.size(); ++i)
    v["importance"][result.space.parameters[i].name] = result.importance[i];
  v["final"] = Value();
  if (!result.final.runs.empty()) v["final"] = final_value(result.final);
  v["causes"] = texts(cause_texts(result));
  v["notes"] = texts(result.notes);
  v["trials"] = Value::array();
  for (const ListedTrial& trial : result.trials) {
    Value t = Value::table();
    t["trial"] = trial.number;
    t["stage"] = trial.stage + 1;
    t["state"] = trial.state;
    t["cause"] = trial.cause.empty() ? Value() : Value(trial.cause);
    t["epochs"] = trial.values.size();
    t["value"] = trial.value;
    t["seconds"] = trial.seconds;
    const bool is_predicted = trial.predicted.seconds > 0;
    t["predicted_seconds"] = is_predicted ? Value(trial.predicted.seconds) : Value();
    t["memory_bytes"] = is_predicted ? Value(trial.predicted.memory_bytes) : Value();
    t["flops"] = is_predicted ? Value(trial.predicted.flops) : Value();
    t["parameters"] = trial.parameters;
    t["values"] = numbers(trial.values);
    v["trials"].push_back(std::move(t));
  }
  return v;
}

}  // namespace tend
