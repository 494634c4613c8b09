#include "tend/study/tuning.h"

#include <algorithm>
#include <cmath>

#include <unistd.h>

#include "tend/base/clock.h"
#include "tend/base/text.h"
#include "tend/record/run_facts.h"
#include "tend/store/address.h"
#include "tend/study/process_name.h"

namespace tend {

namespace {

/// Operations of a step from which a trial is trained on all threads; smaller ones are trained side by side, a thread each.
constexpr double large_step_flops = 1e9;
constexpr int most_slots = 32;
constexpr std::int64_t fewest_state_bytes = std::int64_t{1} << 30;

std::int64_t memory_for_states() {
  const long pages = ::sysconf(_SC_PHYS_PAGES), size = ::sysconf(_SC_PAGESIZE);
  return std::max(fewest_state_bytes, static_cast<std::int64_t>(pages) * size / 4);
}

std::shared_ptr<const Plan> base_plan(const Experiment& experiment, const Dataset& data, const DataPlaces& places) {
  return Plan::make(experiment, Prepared::make(data, experiment, places));
}

/// Everything that decides what a study is, without how far it goes.
Value identity_of(Value experiment) {
  for (const char* key : {"trials", "budget", "final_seeds", "final_pack", "store"}) experiment["tune"].erase(key);
  experiment["data"].erase("source");  // the fingerprint says whether the rows are the same; another machine has them elsewhere
  return experiment;
}

/// Where the study is kept: its folder, or a server. Throws Error{usage} for another text.
std::string place_of_store(const std::string& store, const std::string& folder) {
  if (store == "sqlite") return folder;
  if (is_server_address(store)) return store;
  throw Error(Trouble::usage, "tune.store", "\"" + without_password(store) + "\"",
              "sqlite, or the address of a PostgreSQL server", "postgresql://USER@HOST/DATABASE?study=NAME");
}

/// Suspended trials of a study on a server are kept there, where every machine reaches them.
std::unique_ptr<StatePlace> place_of_states(const std::string& store, const std::string& folder, const TuningOptions& options) {
  if (store == "sqlite") return std::make_unique<StateFolder>(folder);
  return std::make_unique<StateTable>(open_database(store, {.stop = options.stop, .on_waiting = options.on_waiting}));
}

}  // namespace

Value shown_experiment(const Experiment& experiment) {
  Value table = experiment.to_value();
  if (const Value* store = table["tune"].find("store"); store && store->is_string())
    table["tune"]["store"] = without_password(store->string());
  return table;
}

Tuning::Tuning(const Experiment& experiment, const Dataset& data, const std::string& folder, TuningOptions options)
    : options_(std::move(options)),
      settings_(read_fields<TuneSettings>(experiment.tune, "tune")),
      folder_(folder),
      threads_(options_.threads > 0 ? options_.threads : usual_threads()),
      began_(seconds_now()),
      store_(place_of_store(settings_.store, folder), {.stop = options_.stop, .on_waiting = options_.on_waiting}),
      plans_(base_plan(experiment, data, options_.places), read_search_space(settings_.parameters)),
      states_(place_of_states(settings_.store, folder, options_), memory_for_states()) {
  stages_ = read_stages(settings_, experiment.train.epochs);
  metric_ = watched_metric_of(experiment.train.metric, plans_.base().has_validation());
  const std::string name = metric_.substr(metric_.find('.') + 1);
  maximizes_ = settings_.direction == "auto" ? more_is_better(name) : settings_.direction == "maximize";
  if (settings_.steps != 1 || settings_.budget_steps != 0)
    throw Error(Trouble::usage, "tune", "steps or budget_steps", "keys of an experiment",
                "they are for study files; an experiment has train.epochs, tune.trials, tune.budget and tune.stages");
  check_space();
  open_study(experiment);
  desk_ = std::make_unique<StudyDesk>(store_, course_options(), own_process_name());
}

Tuning::~Tuning() = default;

/// Every bound and value of a parameter must give a plan; all parameters together are tried in the trials.
void Tuning::check_space() {
  const SearchSpace space = read_search_space(settings_.parameters);
  std::vector<double> units(space.parameters.size(), 0.5);
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (!space.parameters[i].when.empty()) continue;  // depends on another one
    const std::size_t levels = space.parameters[i].is_choice() ? space.parameters[i].levels() : 2;
    for (std::size_t k = 0; k < levels; ++k) {
      Value one = Value::table();
      const SearchParameter& p = space.parameters[i];
      one[p.name] = p.is_choice() ? p.at(p.middle_of(k)) : p.at(static_cast<double>(k));
      try {
        plans_.plan(one, stages_.back().epochs);
      } catch (const Error& e) {
        throw Error(Trouble::usage, "tune.parameters." + p.name, "the value " + to_inline_toml(one.items()[0].second),
                    "values that the experiment may have", e.what());
      }
    }
  }
}

void Tuning::open_study(const Experiment& experiment) {
  const double step = plans_.base().program().flops();
  slots_ = settings_.parallel > 0     ? static_cast<std::size_t>(settings_.parallel)
           : step >= large_step_flops ? 1
                                      : static_cast<std::size_t>(std::min(threads_, most_slots));
  store_.transact([&] {
    if (store_.about("identity").is_null()) begin_study(experiment);
    else continue_study(experiment);
  });
  slots_ = static_cast<std::size_t>(store_.about("slots").integer());
}

/// What the settings of now say about how far the study goes.
Value Tuning::limit() const {
  Value limit = Value::table();
  limit["trials"] = settings_.trials;
  limit["budget"] = settings_.budget;
  return limit;
}

void Tuning::begin_study(const Experiment& experiment) {
  store_.keep_about("schema", 1);
  store_.keep_about("identity", identity_of(experiment.to_value()));
  store_.keep_about("experiment", shown_experiment(experiment));
  store_.keep_about("data", plans_.base().prepared().fingerprint());
  store_.keep_about("slots", slots_);
  Value first = Value::array();
  if (options_.begins_as_given)
    for (const double unit : place_of(experiment, read_search_space(settings_.parameters))) first.push_back(unit);
  store_.keep_about("first_place", first);
  store_.keep_about("metric", metric_);
  store_.keep_about("maximizes", maximizes_);
  store_.keep_about("widens", settings_.widen.value_or(options_.has_inferred_space));
  Value limit = this->limit();
  limit["from"] = 0;
  store_.keep_about("limits", Value::Array{limit});
}

void Tuning::continue_study(const Experiment& experiment) {
  if (!(identity_of(store_.about("identity")) == identity_of(experiment.to_value())))
    throw Error(Trouble::usage, store_.name(), "a study of another experiment or with other settings", "the same experiment",
                "only tune.trials, tune.budget and --time may differ; choose another folder or name, or --overwrite");
  if (!(store_.about("data") == plans_.base().prepared().fingerprint()))
    throw Error(Trouble::usage, store_.name(), "a study on other data", "the same data",
                "choose another folder with --run DIR, or another name in the address of the store");
  Value limit = this->limit(), limits = store_.about("limits");
  const Value& last = limits.array_items().back();
  if (*last.find("trials") == *limit.find("trials") && *last.find("budget") == *limit.find("budget")) return;
  limit["from"] = store_.works().size();
  limits.push_back(limit);
  store_.keep_about("limits", limits);
}

CourseOptions Tuning::course_options() {
  CourseOptions options = course_of(store_);
  const std::int64_t epochs = stages_.back().epochs;
  options.cost = [this, epochs](const Value& parameters) {
    try {
      return TrialPlans::flops_of_epoch(*plans_.plan(parameters, epochs));
    } catch (const Error&) {  // the trial will report it
      return 0.0;
    }
  };
  options.is_possible = [this, epochs, known = options.is_possible](const std::string& parameter, const Value& value) {
    const std::string key = possible_key(parameter, value);
    if (!store_.about(key).is_null()) return known(parameter, value);
    bool is_possible = true;
    try {
      Value one = Value::table();
      one[parameter] = value;
      plans_.plan(one, epochs);
    } catch (const Error&) {
      is_possible = false;
    }
    store_.keep_answer(key, is_possible);
    return is_possible;
  };
  return options;
}

void Tuning::tell(const TuningEvent& event) {
  if (!options_.on_event) return;
  const std::lock_guard lock(events_);
  options_.on_event(event);
}

}  // namespace tend
