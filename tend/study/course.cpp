#include "tend/study/course.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tend/base/error.h"
#include "tend/base/settings.h"
#include "tend/base/text.h"

namespace tend {

namespace {

constexpr int most_widenings = 2;  // of one bound
constexpr double log_reach = 10;   // a bound on a logarithmic scale moves by this factor
constexpr double edge = 0.25;      // the best trials lie at the edge if all of them are in this share of the range
constexpr double box_margin = 0.1, smallest_box = 0.25;  // of the next stage, as shares of each range

/// The value at a place that may lie outside [0, 1].
double beyond(const SearchParameter& p, double unit) {
  if (p.scale == SearchScale::log_uniform) return p.low * std::pow(p.high / p.low, unit);
  return p.low + unit * (p.high - p.low);
}

std::int64_t whole_number(const Value& table, const char* key, const std::string& where) {
  const Value* v = table.find(key);
  if (!v || !v->is_integer() || v->integer() < 1)
    throw Error(Trouble::usage, where + "." + key, v ? v->describe() : "nothing", "a whole number >= 1",
                "as in stages = [{ epochs = 2, trials = 40 }, { epochs = 10, trials = 20 }]");
  return v->integer();
}

}  // namespace

std::vector<SearchStage> read_stages(const TuneSettings& settings, std::int64_t epochs) {
  if (settings.stages.is_null()) return {{.epochs = epochs, .trials = settings.trials}};
  const std::string where = "tune.stages";
  if (!settings.stages.is_array() || settings.stages.array_items().empty())
    throw Error(Trouble::usage, where, settings.stages.describe(), "a list of tables { epochs = 2, trials = 40 }");
  std::vector<SearchStage> stages;
  for (const Value& stage : settings.stages.array_items()) {
    const std::string here = where + "." + std::to_string(stages.size());
    if (!stage.is_table()) throw Error(Trouble::usage, here, stage.describe(), "a table { epochs = 2, trials = 40 }");
    for (const auto& [key, v] : stage.items())
      if (key != "epochs" && key != "trials") unknown_key(here, key, {"epochs", "trials"});
    stages.push_back({.epochs = whole_number(stage, "epochs", here), .trials = whole_number(stage, "trials", here)});
  }
  return stages;
}

StudyCourse::StudyCourse(CourseOptions options) : options_(std::move(options)) {
  for (std::size_t i = 0; i < std::max<std::size_t>(options_.slots, 1); ++i) free_slots_.push_back(i), free_since_.push_back(0);
  begin_stage(nullptr);
}

void StudyCourse::begin_stage(SearchSpace* space) {
  const SearchStage& stage = options_.stages[searches_.size()];
  TuneSettings settings = options_.settings;
  settings.direction = options_.maximizes ? "maximize" : "minimize";
  settings.steps = stage.epochs;
  settings.trials = stage.trials;
  settings.budget_steps = options_.stages.size() > 1
                              ? stage.epochs * stage.trials
                              : static_cast<std::int64_t>(std::ceil(settings.budget * static_cast<double>(stage.epochs)));
  searches_.emplace_back(settings, options_.seed + searches_.size(), "tune");
  searches_.back().call_steps("epoch");
  if (space) searches_.back().take_space(std::move(*space));
  widenings_.assign(2 * searches_.back().study().space.parameters.size(), 0);
  looked_at_ = 4;
}

void StudyCourse::take_limits() {
  for (; limits_taken_ < options_.limits.size() && options_.limits[limits_taken_].from <= decided_; ++limits_taken_) {
    const StudyLimit& limit = options_.limits[limits_taken_];
    searches_.back().take_limits(
        static_cast<std::size_t>(limit.trials),
        static_cast<std::size_t>(std::ceil(limit.budget * static_cast<double>(options_.stages.back().epochs))));
    end_.clear();
    is_dry_ = false;
  }
}

int StudyCourse::bounds_moved() const { return std::accumulate(widenings_.begin(), widenings_.end(), 0); }

/// Whether what a store says was decided next is next: it is what the search decides, or, where other rules have decided it (of
/// another version of tend), all results of its time are in, and the trial can be given.
bool StudyCourse::is_next(const PlannedWork& known) const {
  const Search& search = searches_.back();
  if (known.stage + 1 != searches_.size()) return false;
  const std::size_t trial = known.trial - first_trial(known.stage);
  if (!search.can_give(trial, known.to_epoch)) return false;
  const auto decided = search.decide();
  if (const auto* number = std::get_if<std::optional<std::size_t>>(&decided))
    if (number->value_or(search.study().trials.size()) == trial) return true;
  return std::all_of(out_.begin(), out_.end(), [&](const PlannedWork& w) { return w.ends > known.starts; });
}

/// There is nothing to do before the next result. Returns whether a next stage has begun.
bool StudyCourse::run_dry(const std::string& why, const PlannedWork* known) {
  dry_ = why;
  is_dry_ = true;
  if (!out_.empty()) return false;
  if (searches_.size() < options_.stages.size() && (!known || known->stage >= searches_.size())) {
    SearchSpace space = narrowed();
    begin_stage(&space);
    is_dry_ = false;
    return true;
  }
  if (known)
    throw Error(Trouble::data, "the study",
                "decision " + std::to_string(known->number) + ", which does not follow from the others",
                "a study as it was written", "begin a new study in another folder");
  end_ = dry_;
  return false;
}

std::optional<PlannedWork> StudyCourse::next(const PlannedWork* known) {
  take_limits();
  if (!end_.empty() || is_dry_ || free_slots_.empty()) return std::nullopt;
  Search& search = searches_.back();
  const std::size_t before = search.study().trials.size(), first = first_trial(searches_.size() - 1);
  std::variant<Assignment, std::string> answer;
  if (!known) answer = search.ask(searches_.size() == 1 && before == 0 ? options_.first_place : std::vector<double>());
  else if (is_next(*known)) answer = search.give(known->trial - first, known->place, known->to_epoch);
  else answer = std::string("what was decided next");
  if (const std::string* why = std::get_if<std::string>(&answer)) return run_dry(*why, known) ? next(known) : std::nullopt;
  const Assignment& work = std::get<Assignment>(answer);
  if (search.study().trials.size() > before) costs_.push_back(known ? 0 : options_.cost(search.parameters(work.trial)));
  const std::size_t slot = free_slots_.front();
  const double starts = std::max(now_, free_since_.front());
  free_slots_.erase(free_slots_.begin()), free_since_.erase(free_since_.begin());
  const std::size_t trial = first + work.trial;
  PlannedWork planned{.number = decided_++,
                      .stage = searches_.size() - 1,
                      .trial = trial,
                      .from_epoch = work.from_step,
                      .to_epoch = work.to_step,
                      .slot = slot,
                      .starts = starts,
                      .ends = starts + costs_[trial] * static_cast<double>(work.to_step - work.from_step),
                      .place = search.study().trials[work.trial].units};
  if (known) {
    planned.starts = known->starts;
    planned.ends = known->ends;
    costs_[trial] = (known->ends - known->starts) / static_cast<double>(work.to_step - work.from_step);
  }
  out_.push_back(planned);
  return planned;
}

std::optional<std::size_t> StudyCourse::awaited() const {
  if (out_.empty()) return std::nullopt;
  return std::min_element(
             out_.begin(), out_.end(),
             [](const PlannedWork& a, const PlannedWork& b) { return std::pair(a.ends, a.number) < std::pair(b.ends, b.number); })
      ->number;
}

void StudyCourse::take(const TrialReport& report) {
  const std::size_t number = awaited().value();
  const auto at = std::find_if(out_.begin(), out_.end(), [&](const PlannedWork& w) { return w.number == number; });
  now_ = std::max(now_, at->ends);
  free_slots_.push_back(at->slot);
  free_since_.push_back(now_);
  searches_.back().tell(at->trial - first_trial(at->stage), report);
  out_.erase(at);
  is_dry_ = false;
  if (options_.widens) widen();
}

/// Looks at the bounds whenever the number of trials with a value has doubled.
void StudyCourse::widen() {
  const Study& study = searches_.back().study();
  const std::vector<std::size_t> order = study.ranking();
  if (order.size() < 2 * looked_at_) return;
  looked_at_ = order.size();
  const std::size_t top = std::max<std::size_t>(3, order.size() / 10);
  for (std::size_t i = 0; i < study.space.parameters.size(); ++i) {
    const SearchParameter& p = study.space.parameters[i];
    if (p.levels() > 0 && p.scale != SearchScale::integer) continue;
    if (p.scale == SearchScale::logit) continue;
    std::size_t low = 0, high = 0;
    for (std::size_t k = 0; k < top; ++k) {
      if (!study.space.is_active(i, study.trials[order[k]].units)) continue;
      low += study.trials[order[k]].units[i] <= edge;
      high += study.trials[order[k]].units[i] >= 1 - edge;
    }
    if (low == top) widen(i, false);
    if (high == top) widen(i, true);
  }
}

void StudyCourse::widen(std::size_t parameter, bool upper) {
  int& times = widenings_[2 * parameter + upper];
  const SearchParameter p = searches_.back().study().space.parameters[parameter];
  double bound = 0;
  std::string by;
  if (p.scale == SearchScale::log_uniform) {
    bound = upper ? p.high * log_reach : p.low / log_reach;
    by = short_number(log_reach) + "x";
  } else if (p.scale == SearchScale::integer) {
    bound = upper ? 2 * p.high : std::floor(p.low / 2);
    by = "2x";
  } else {
    bound = upper ? p.high + (p.high - p.low) / 2 : p.low - (p.high - p.low) / 2;
    if (!upper && p.low >= 0) bound = std::max(bound, 0.0);
    by = "half of the range";
  }
  if (times >= most_widenings || bound == (upper ? p.high : p.low)) return;
  const Value value = p.scale == SearchScale::integer ? Value(static_cast<std::int64_t>(bound)) : Value(bound);
  if (!options_.is_possible(p.name, value)) return;
  ++times;
  searches_.back().move_bounds(parameter, upper ? p.low : bound, upper ? bound : p.high);
  notes_.push_back("The optimum of " + p.name + " lies at the " + (upper ? "upper" : "lower") +
                   " edge of its range: widened by " + by + ", to " + short_number(bound) + ".");
}

/// The space of the next stage: for each parameter the range of the best trials, with a margin; of choices, the values that they
/// have.
SearchSpace StudyCourse::narrowed() {
  const Study& study = searches_.back().study();
  const std::vector<std::size_t> order = study.ranking();
  const std::size_t top = std::min(order.size(), std::max<std::size_t>(3, order.size() / 5));
  SearchSpace space = study.space;
  std::vector<std::string> said;
  for (std::size_t i = 0; i < space.parameters.size() && top > 0; ++i) {
    SearchParameter& p = space.parameters[i];
    std::vector<double> places;
    for (std::size_t k = 0; k < top; ++k)
      if (study.space.is_active(i, study.trials[order[k]].units)) places.push_back(study.trials[order[k]].units[i]);
    if (places.empty() || p.is_choice() || p.scale == SearchScale::ordinal) continue;
    const auto [least, most] = std::minmax_element(places.begin(), places.end());
    const double half = std::max((*most - *least) / 2 + box_margin, smallest_box / 2), middle = (*least + *most) / 2;
    double low = middle - half, high = middle + half;
    const bool may_leave = options_.widens && p.scale != SearchScale::logit;
    if (!may_leave) low = std::max(low, 0.0), high = std::min(high, 1.0);
    SearchParameter narrow = p;
    if (p.levels() == 0) {
      narrow.low = low <= 0 && !may_leave ? p.low : may_leave && low < 0 ? beyond(p, low) : p.at(low).number();
      narrow.high = high >= 1 && !may_leave ? p.high : may_leave && high > 1 ? beyond(p, high) : p.at(high).number();
    } else {
      narrow.low = p.at(low).number();
      narrow.high = p.at(high).number();
    }
    const auto fits = [&](double bound, double inside) {
      return bound == inside ||
             options_.is_possible(p.name,
                                  p.scale == SearchScale::integer ? Value(static_cast<std::int64_t>(bound)) : Value(bound));
    };
    if (narrow.low < p.low && !fits(narrow.low, p.low)) narrow.low = p.low;
    if (narrow.high > p.high && !fits(narrow.high, p.high)) narrow.high = p.high;
    if (!(narrow.low < narrow.high)) continue;
    if (narrow.low < p.low || narrow.high > p.high)
      notes_.push_back("The optimum of " + p.name + " lies at the edge of its range: the next stage goes beyond it.");
    said.push_back(p.name + " " + short_number(narrow.low) + " to " + short_number(narrow.high));
    p = narrow;
  }
  notes_.push_back("Stage " + std::to_string(searches_.size() + 1) + " looks near the best trials of the one before" +
                   (said.empty() ? "." : ": " + listed(said) + "."));
  return space;
}

std::size_t StudyCourse::first_trial(std::size_t stage) const {
  std::size_t n = 0;
  for (std::size_t s = 0; s < stage; ++s) n += searches_[s].study().trials.size();
  return n;
}

std::size_t StudyCourse::trials() const { return first_trial(searches_.size()); }

std::size_t StudyCourse::stage_of(std::size_t number) const {
  std::size_t stage = 0;
  while (stage + 1 < searches_.size() && number >= first_trial(stage + 1)) ++stage;
  return stage;
}

const SearchTrial& StudyCourse::trial(std::size_t number) const {
  const std::size_t stage = stage_of(number);
  return searches_[stage].study().trials.at(number - first_trial(stage));
}

Value StudyCourse::parameters(std::size_t number) const {
  const std::size_t stage = stage_of(number);
  return searches_[stage].parameters(number - first_trial(stage));
}

std::vector<std::size_t> StudyCourse::ranking() const {
  for (std::size_t stage = searches_.size(); stage-- > 0;)
    if (std::vector<std::size_t> order = searches_[stage].study().ranking(); !order.empty()) {
      for (std::size_t& number : order) number += first_trial(stage);
      return order;
    }
  return {};
}

std::optional<std::size_t> StudyCourse::best() const {
  const std::vector<std::size_t> order = ranking();
  if (order.empty()) return std::nullopt;
  return order.front();
}

}  // namespace tend
