#include "tend/tune/search.h"

#include <algorithm>
#include <limits>

#include "tend/base/error.h"
#include "tend/base/text.h"

namespace tend {

namespace {

/// What "auto" means. Where trials are suspended and promoted, most have few steps and there are many of them; densities of each
/// parameter found better values there than the model of all values, joint densities and the coarse to fine search (mean regret
/// on recorded learning curves).
Value automatic_sampler(const Study& study) {
  if (study.steps == 1) return "gp";
  Value sampler = Value::table();
  sampler["name"] = "tpe";
  sampler["joint"] = false;
  return sampler;
}

}  // namespace

Search::Search(const TuneSettings& settings, std::uint64_t seed, const std::string& where, const Registry<SamplerEntry>& samplers,
               const Registry<StopperEntry>& stoppers) {
  study_.space = read_search_space(settings.parameters, where + ".parameters");
  study_.seed = seed;
  study_.maximizes = settings.direction == "maximize";
  study_.steps = static_cast<std::size_t>(settings.steps);
  study_.budget_steps = static_cast<std::size_t>(settings.budget_steps);
  study_.most_trials = static_cast<std::size_t>(settings.trials);
  const bool is_auto = settings.sampler.is_string() && settings.sampler.string() == "auto";
  sampler_ = samplers.make_named(is_auto ? automatic_sampler(study_) : settings.sampler, where + ".sampler");
  Value list = settings.stopper;
  if (list.is_null() || (list.is_string() && list.string() == "none")) list = Value::array();
  if (!list.is_array()) list = Value(Value::Array{list});
  for (const Value& one : list.array_items()) stoppers_.push_back(stoppers.make_named(one, where + ".stopper"));
  if (!settings.stopper.is_null() || study_.steps < 2) return;
  for (const auto& entry : stoppers.entries())
    if (const auto usual = stoppers.make_named(entry.name, where); usual->is_usual()) stoppers_.push_back(usual);
}

std::vector<std::string> Search::stoppers() const {
  std::vector<std::string> names;
  for (const auto& stopper : stoppers_) names.emplace_back(stopper->name());
  return names;
}

bool Search::wants_findings() const {
  return std::any_of(stoppers_.begin(), stoppers_.end(), [](const auto& stopper) { return stopper->wants_findings(); });
}

/// Steps that the budget allows besides those that are given out.
std::size_t Search::steps_left() const {
  if (study_.budget_steps == 0) return std::numeric_limits<std::size_t>::max();
  std::size_t spent = 0;
  for (const SearchTrial& trial : study_.trials)
    spent += std::max(trial.steps(), trial.state == TrialState::running ? trial.upto : 0);
  return study_.budget_steps > spent ? study_.budget_steps - spent : 0;
}

Assignment Search::assign(SearchTrial& trial) {
  std::size_t to = study_.steps;
  for (const auto& stopper : stoppers_) to = std::min(to, std::max(stopper->pause(study_, trial), trial.steps() + 1));
  const std::size_t left = steps_left();
  to = left < to - trial.steps() ? trial.steps() + left : to;
  return give(trial.number, {}, to);
}

std::variant<std::optional<std::size_t>, std::string> Search::decide() const {
  if (steps_left() == 0)
    return "the budget of " + counted(static_cast<std::int64_t>(study_.budget_steps), study_.step_name) + " is spent";
  for (const SearchTrial& trial : study_.trials)
    if (trial.state == TrialState::running && trial.steps() == trial.upto) return trial.number;
  for (const auto& stopper : stoppers_)
    if (const auto promoted = stopper->promote(study_)) return promoted;
  if (study_.most_trials == 0 || study_.trials.size() < study_.most_trials) return std::nullopt;
  for (const std::size_t number : study_.ranking()) {  // no new trial is allowed: those that wait go on, the best first
    if (study_.trials[number].state == TrialState::waiting) return number;
    if (study_.budget_steps == 0) break;  // without a budget only the best, to its end
  }
  return "all " + counted(static_cast<std::int64_t>(study_.most_trials), "trial") + " have been given";
}

std::variant<Assignment, std::string> Search::ask(const std::vector<double>& place) {
  const auto decided = decide();
  if (const std::string* why = std::get_if<std::string>(&decided)) return *why;
  if (const auto number = std::get<std::optional<std::size_t>>(decided)) return assign(study_.trials[*number]);
  Random random(study_.seed, purpose("suggest"), static_cast<std::uint32_t>(study_.trials.size()));
  return assign(study_.trials[study_.add(place.empty() ? sampler_->suggest(study_, random) : place)]);
}

bool Search::can_give(std::size_t number, std::size_t to_step) const {
  if (number >= study_.trials.size()) return number == study_.trials.size() && to_step > 0;
  const SearchTrial& trial = study_.trials[number];
  const bool is_free = trial.state == TrialState::waiting || (trial.state == TrialState::running && trial.steps() == trial.upto);
  return is_free && trial.steps() < to_step;
}

Assignment Search::give(std::size_t number, const std::vector<double>& place, std::size_t to_step) {
  TEND_EXPECTS(can_give(number, to_step));
  if (number == study_.trials.size()) study_.add(place);
  SearchTrial& trial = study_.trials[number];
  trial.state = TrialState::running;
  trial.cause.clear();
  trial.upto = to_step;
  return {.trial = number, .from_step = trial.steps(), .to_step = to_step};
}

const SearchTrial& Search::tell(std::size_t number, const TrialReport& report) {
  if (number >= study_.trials.size() || study_.trials[number].state != TrialState::running ||
      study_.trials[number].upto == study_.trials[number].steps())
    throw Error(Trouble::usage, "tell", "values of trial " + std::to_string(number),
                "a trial that was given by ask and has steps to make");
  SearchTrial& trial = study_.trials[number];
  const std::size_t wanted = trial.upto - trial.steps();
  if (report.values.size() > wanted)
    throw Error(Trouble::usage, "tell", std::to_string(report.values.size()) + " values of trial " + std::to_string(number),
                "at most " + std::to_string(wanted) + ", one for each step");
  if (!report.training.empty() && report.training.size() != report.values.size())
    throw Error(Trouble::usage, "tell",
                std::to_string(report.training.size()) + " training losses of trial " + std::to_string(number),
                "as many as values, or none");
  study_.report(number, report.values, report.training);
  for (const std::string& name : report.findings)
    if (std::find(trial.findings.begin(), trial.findings.end(), name) == trial.findings.end()) trial.findings.push_back(name);
  if (trial.steps() == report.values.size()) trial.original = report.original;
  for (const auto& stopper : stoppers_)
    if (const std::string cause = stopper->cause(study_, trial); !cause.empty() && trial.cause.empty()) trial.cause = cause;
  if (trial.cause.empty()) trial.cause = report.trouble;
  if (trial.steps() >= study_.steps || (report.is_whole && trial.cause.empty()))
    trial.state = TrialState::completed, trial.cause.clear();
  else if (!trial.cause.empty()) trial.state = TrialState::stopped;
  else if (trial.steps() == trial.upto &&
           std::any_of(stoppers_.begin(), stoppers_.end(), [&](const auto& s) { return s->suspends(study_, trial); }))
    trial.state = TrialState::waiting;
  return trial;
}

void Search::take_space(SearchSpace space) {
  TEND_EXPECTS(study_.trials.empty());
  study_.space = std::move(space);
}

void Search::move_bounds(std::size_t number, double low, double high) {
  const SearchParameter before = study_.space.parameters.at(number);
  SearchParameter after = before;
  after.low = low;
  after.high = high;
  std::vector<double> places;
  for (const SearchTrial& trial : study_.trials)
    places.push_back(study_.space.is_active(number, trial.units) ? after.place_of(before.at(trial.units[number])) : 0.5);
  study_.space.parameters[number] = after;
  for (std::size_t i = 0; i < places.size(); ++i) study_.trials[i].units[number] = places[i];
}

std::vector<KeyShelf> search_shelves() {
  return {{.name = "sampler",
           .title = "Samplers",
           .text = "A sampler is a name, `sampler = \"gp\"`, or a table, `sampler = { name = \"coarse_to_fine\", box = 0.3 }`.",
           .by_name = true,
           .entries = entries_of_shelf(builtin_samplers())},
          {.name = "stopper",
           .title = "Stoppers",
           .text = "A stopper is a name, `stopper = \"asha\"`, or a table, `stopper = { name = \"asha\", eta = 4 }`.",
           .by_name = true,
           .entries = entries_of_shelf(builtin_stoppers())}};
}

}  // namespace tend
