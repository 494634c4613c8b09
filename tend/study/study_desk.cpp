#include "tend/study/study_desk.h"

#include <algorithm>
#include <chrono>

#include "tend/base/clock.h"
#include "tend/base/error.h"
#include "tend/study/process_name.h"

namespace tend {

namespace {

double seconds_since_1970() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

}  // namespace

std::string possible_key(const std::string& parameter, const Value& value) {
  return "possible: " + parameter + " = " + to_json(value, -1);
}

CourseOptions course_of(StudyStore& store) {
  const Value experiment = store.about("experiment");
  CourseOptions options{.settings = read_fields<TuneSettings>(*experiment.find("tune"), "tune"), .stages = {}};
  options.stages = read_stages(options.settings, experiment.find("train")->find("epochs")->integer());
  if (const Value* seed = experiment.find("seed")) options.seed = static_cast<std::uint64_t>(seed->integer());
  options.maximizes = store.about("maximizes").boolean();
  options.slots = static_cast<std::size_t>(store.about("slots").integer());
  options.widens = store.about("widens").boolean();
  const Value limits = store.about("limits");
  if (options.settings.stages.is_null())
    for (const Value& limit : limits.array_items())
      options.limits.push_back({.from = static_cast<std::size_t>(limit.find("from")->integer()),
                                .trials = limit.find("trials")->integer(),
                                .budget = limit.find("budget")->number()});
  const Value first = store.about("first_place");
  if (first.is_array())
    for (const Value& unit : first.array_items()) options.first_place.push_back(unit.number());
  options.is_possible = [&store](const std::string& parameter, const Value& value) {
    const Value known = store.about(possible_key(parameter, value));
    return known.is_bool() && known.boolean();
  };
  return options;
}

StudyDesk::StudyDesk(StudyStore& store, CourseOptions options, std::string owner)
    : store_(store), course_(std::move(options)), owner_(std::move(owner)) {}

/// Reads new assignments, and the present state of those that are out. Those without a result are among the last ones.
void StudyDesk::read() {
  const std::size_t from = open_.empty() ? rows_.size() : *open_.begin();
  for (StoredWork& row : store_.works(from)) {
    const std::size_t number = row.work.number;
    if (number > rows_.size())
      throw Error(Trouble::data, store_.name(), "no assignment " + std::to_string(rows_.size()), "a study that tend wrote");
    if (number == rows_.size()) rows_.emplace_back();
    else if (!open_.contains(number)) continue;
    if (row.report) open_.erase(number);
    else open_.insert(number);
    rows_[number] = std::move(row);
  }
}

bool StudyDesk::is_free(const StoredWork& row) {
  if (row.report) return false;
  // Its claim may have been kept although the connection was lost before the answer came.
  if (row.owner == owner_) return !mine_.contains(row.work.number);
  if (row.owner.empty() || is_gone(row.owner)) return true;
  Seen& seen = seen_.try_emplace(row.work.number, Seen{row.beat, seconds_now()}).first->second;
  if (seen.beat != row.beat) seen = {row.beat, seconds_now()};
  return seconds_now() - seen.at > lease_seconds;
}

/// Makes the decisions that the store has, and takes the results as planned time goes on. Returns the first decision that is new,
/// if it may be made. The same decision is returned until the store has it: from this process, or from one that was faster.
std::optional<PlannedWork> StudyDesk::advance(bool may_decide) {
  while (true) {
    if (planned_) {
      if (planned_->number >= rows_.size()) return may_decide ? planned_ : std::nullopt;
      planned_.reset();
      ++replayed_;
      continue;
    }
    if (replayed_ < rows_.size()) {
      if (course_.next(&rows_[replayed_].work)) {
        ++replayed_;
        continue;
      }
    } else if (!may_decide) {
      return std::nullopt;
    } else if ((planned_ = course_.next())) {
      return planned_;
    }
    const auto awaited = course_.awaited();
    if (!awaited || *awaited >= rows_.size() || !rows_[*awaited].report) return std::nullopt;
    course_.take(*rows_[*awaited].report);
  }
}

std::size_t StudyDesk::of_others() {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(
      std::count_if(open_.begin(), open_.end(), [&](std::size_t number) { return !mine_.contains(number); }));
}

StudyDesk::Answer StudyDesk::claim(StoredWork& work) {
  const std::lock_guard lock(mutex_);
  Answer answer = Answer::wait;
  store_.transact([&] { answer = try_to_claim(work); });
  if (answer == Answer::work) mine_.insert(work.work.number);
  return answer;
}

/// In a transaction that may be repeated.
StudyDesk::Answer StudyDesk::try_to_claim(StoredWork& work) {
  read();
  for (const std::size_t number : open_)
    if (is_free(rows_[number]) && store_.claim(rows_[number], owner_)) {
      work = rows_[number] = store_.work(number).value();
      return Answer::work;
    }
  const auto planned = advance(true);
  if (!planned) return course_.end().empty() ? Answer::wait : Answer::end;
  work = {.work = *planned,
          .parameters = course_.parameters(planned->trial),
          .report = {},
          .owner = owner_,
          .beat = 0,
          .began = seconds_since_1970(),
          .seconds = 0};
  store_.add(work);
  return Answer::work;
}

void StudyDesk::finish(const StoredWork& work, const TrialReport& report, double seconds) {
  const std::lock_guard lock(mutex_);
  store_.finish(work.work.number, owner_, report, seconds);
  mine_.erase(work.work.number);
  read();
  advance(false);
}

void StudyDesk::give_back(const StoredWork& work) {
  const std::lock_guard lock(mutex_);
  store_.give_back(work.work.number, owner_);
  mine_.erase(work.work.number);
}

void StudyDesk::keep_prediction(const StoredWork& work, const TrialPrediction& prediction) {
  const std::lock_guard lock(mutex_);
  store_.keep_prediction(work.work.number, prediction);
}

void StudyDesk::beat() {
  const std::lock_guard lock(mutex_);
  store_.beat(owner_);
}

void StudyDesk::release() {
  const std::lock_guard lock(mutex_);
  store_.release(owner_);
  mine_.clear();
}

void StudyDesk::look() {
  const std::lock_guard lock(mutex_);
  read();
  while (advance(true)) planned_.reset();  // decided, but not given out
}

std::vector<StoredWork> StudyDesk::works() {
  const std::lock_guard lock(mutex_);
  read();
  return rows_;
}

}  // namespace tend
