#include "tend/record/keeper.h"

#include <chrono>
#include <ctime>
#include <filesystem>
#include <iterator>

#include "tend/base/clock.h"
#include "tend/base/digest.h"
#include "tend/base/text.h"
#include "tend/base/write_whole.h"
#include "tend/record/checkpoints.h"

namespace tend {

namespace {

constexpr std::int64_t steps_at_once = 4096, most_steps_waiting = 64 * 1024 * 1024 / 24;
constexpr double seconds_at_once = 0.5;
constexpr auto between_tries = std::chrono::milliseconds(500);

void append(Record::Batch& to, Record::Batch&& from) {
  const auto move_all = [](auto& target, auto& source) {
    target.insert(target.end(), std::make_move_iterator(source.begin()), std::make_move_iterator(source.end()));
    source.clear();
  };
  move_all(to.steps, from.steps);
  move_all(to.epochs, from.epochs);
  move_all(to.notes, from.notes);
  move_all(to.parameters, from.parameters);
  move_all(to.windows, from.windows);
  move_all(to.looks, from.looks);
  move_all(to.noise, from.noise);
  move_all(to.files, from.files);
  move_all(to.about, from.about);
}

std::vector<ParameterHistory> without_windows(const std::vector<ParameterHistory>& parameters) {
  std::vector<ParameterHistory> names;
  for (const ParameterHistory& p : parameters)
    names.push_back({.name = p.name, .layer = p.layer, .is_matrix = p.is_matrix, .elements = p.elements, .windows = {}});
  return names;
}

std::int64_t steps_of(const Record::Batch& batch) {
  std::int64_t n = 0;
  for (const StepBlock& block : batch.steps) n += block.steps();
  return n;
}

}  // namespace

const std::vector<std::string>& Keeper::step_series() {
  static const std::vector<std::string> names{"learning_rate", "loss", "seconds"};
  return names;
}

Keeper::Keeper(const std::string& run, std::int64_t step) : run_(run) {
  const std::string path = Record::path_in(run);
  const bool goes_on = std::filesystem::exists(path);
  record_ = std::make_unique<Record>(path, goes_on ? Record::Mode::write : Record::Mode::create);
  if (goes_on) record_->cut_after(step);
  remove_leftovers(run + "/checkpoints");
  if (!goes_on) about("first_step", step + 1);
  saved_step_ = step > 0 ? step : -1;
  oldest_step_ = step;
  last_window_ = last_look_ = last_noise_ = step;
  asked_ = handed_over_ = seconds_now();
  block_.first = step + 1;
  block_.names = step_series();
  block_.values.resize(block_.names.size());
  for (auto& values : block_.values) values.reserve(steps_at_once);
  thread_ = std::thread([this] { work(); });
}

Keeper::~Keeper() {
  flush();
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Keeper::step(std::int64_t number, double loss, double learning_rate, double seconds) {
  TEND_EXPECTS(number == block_.first + block_.steps());
  block_.values[0].push_back(learning_rate);
  block_.values[1].push_back(loss);
  block_.values[2].push_back(seconds);
  const std::int64_t n = block_.steps();
  if (n >= steps_at_once || (n % 16 == 0 && seconds_now() - handed_over_ > seconds_at_once)) hand_over();
}

void Keeper::epoch(const EpochReport& report) { batch_.epochs.push_back(report); }
void Keeper::note(std::int64_t step, const std::string& kind, const std::string& text) {
  batch_.notes.push_back({.step = step, .seconds = static_cast<double>(std::time(nullptr)), .kind = kind, .text = text});
}
void Keeper::windows(const std::vector<ParameterHistory>& parameters) {
  if (parameters.empty() || parameters[0].windows.empty() || parameters[0].windows.back().last <= last_window_) return;
  const ParameterWindow& newest = parameters[0].windows.back();
  last_window_ = newest.last;
  if (!knows_parameters_) batch_.parameters.push_back({.since = newest.first, .all = without_windows(parameters)});
  knows_parameters_ = true;
  Record::Windows row;
  row.reserve(parameters.size());
  for (const ParameterHistory& p : parameters) row.push_back(p.windows.back());
  batch_.windows.push_back(std::move(row));
}
void Keeper::look(const std::vector<LayersLook>& looks) {
  if (looks.empty() || looks.back().step <= last_look_) return;
  last_look_ = looks.back().step;
  batch_.looks.push_back(looks.back());
}
void Keeper::noise(const std::vector<NoiseLook>& looks) {
  if (looks.empty() || looks.back().step <= last_noise_) return;
  last_noise_ = looks.back().step;
  batch_.noise.push_back(looks.back());
}
void Keeper::about(const std::string& key, Value value) { batch_.about.emplace_back(key, std::move(value)); }

void Keeper::file(const std::string& name) {
  const std::optional<std::string> bytes = read_whole(run_ + "/" + name);
  if (!bytes) return;
  batch_.files.push_back(
      {.name = name, .sha256 = sha256(std::as_bytes(std::span(*bytes))), .bytes = static_cast<std::int64_t>(bytes->size())});
}

/// Gives what has been collected to the writer.
void Keeper::hand_over() {
  handed_over_ = seconds_now();
  if (block_.steps() > 0) {
    StepBlock next{.first = block_.first + block_.steps(), .names = block_.names, .values = {}};
    next.values.resize(next.names.size());
    for (auto& values : next.values) values.reserve(steps_at_once);
    batch_.steps.push_back(std::move(block_));
    block_ = std::move(next);
  }
  {
    const std::lock_guard lock(mutex_);
    if (steps_of(waiting_) > most_steps_waiting) {
      left_out_ += steps_of(batch_);
      batch_.steps.clear();
    }
    append(waiting_, std::move(batch_));
    ++given_;
  }
  batch_ = {};
  changed_.notify_all();
}

void Keeper::checkpoint(TrainingState state) {
  asked_ = seconds_now();
  hand_over();
  {
    const std::lock_guard lock(mutex_);
    waiting_state_ = std::make_unique<TrainingState>(std::move(state));
  }
  changed_.notify_all();
}

bool Keeper::is_due(double seconds) const {
  if (seconds <= 0 || seconds_now() - asked_ < seconds) return false;
  const std::lock_guard lock(mutex_);
  return !is_writing_ && !waiting_state_;
}

bool Keeper::flush() {
  hand_over();
  std::unique_lock lock(mutex_);
  const std::int64_t wanted = given_, tries = tries_;
  changed_.notify_all();
  changed_.wait(lock, [&] { return (done_ >= wanted && !waiting_state_ && !is_writing_) || tries_ > tries + 1; });
  return done_ >= wanted && !waiting_state_;
}

std::string Keeper::trouble() const {
  const std::lock_guard lock(mutex_);
  if (left_out_ == 0) return trouble_;
  return (trouble_.empty() ? "" : trouble_ + "; ") + counted(left_out_, "step") + " could not be kept in the record";
}

std::int64_t Keeper::saved_step() const {
  const std::lock_guard lock(mutex_);
  return saved_step_;
}

void Keeper::close() {
  if (!flush()) return;
  const std::lock_guard lock(mutex_);  // the writer waits
  try {
    record_->close_log();
  } catch (const Error& e) {
    trouble_ = e.what();  // the log stays beside the file, and is read with it
  }
}

/// Writes a batch and then a checkpoint. What could not be written stays in the arguments.
bool Keeper::write(Record::Batch& batch, std::unique_ptr<TrainingState>& state) {
  try {
    record_->write(batch, oldest_step_);
    batch = {};
    if (state) {
      const SavedCheckpoint saved = save_checkpoint(run_, *state);
      state.reset();
      const std::vector<SavedCheckpoint> all = list_checkpoints(run_);
      const std::lock_guard lock(mutex_);
      saved_step_ = saved.step;
      oldest_step_ = all.empty() ? 0 : all.back().step;
    }
    const std::lock_guard lock(mutex_);
    trouble_.clear();
    return true;
  } catch (const Error& e) {
    const std::lock_guard lock(mutex_);
    trouble_ = e.what();
    return false;
  } catch (const std::exception& e) {  // no memory
    const std::lock_guard lock(mutex_);
    trouble_ = e.what();
    return false;
  }
}

void Keeper::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return ends_ || !waiting_.empty() || waiting_state_ || done_ < given_; });
    if (ends_) return;
    Record::Batch batch = std::exchange(waiting_, {});
    std::unique_ptr<TrainingState> state = std::move(waiting_state_);
    const std::int64_t given = given_;
    is_writing_ = true;
    lock.unlock();
    const bool is_written = write(batch, state);
    lock.lock();
    is_writing_ = false;
    if (is_written) {
      done_ = given;
      changed_.notify_all();
      continue;
    }
    append(batch, std::move(waiting_));  // in their order
    waiting_ = std::move(batch);
    if (!waiting_state_) waiting_state_ = std::move(state);
    ++tries_;
    changed_.notify_all();
    changed_.wait_for(lock, between_tries, [&] { return ends_; });
  }
}

}  // namespace tend
