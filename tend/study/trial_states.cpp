#include "tend/study/trial_states.h"

#include <algorithm>
#include <filesystem>
#include <span>

#include "tend/base/digest.h"
#include "tend/base/error.h"
#include "tend/record/checkpoints.h"
#include "tend/train/checkpoint.h"
#include "tend/train/run.h"

namespace tend {

namespace {

/// Above this, a state is saved when its trial is suspended: making it again would take longer than writing.
constexpr double dear_seconds = 5;
constexpr std::size_t bytes_of_part = std::size_t{8} << 20;
constexpr std::size_t states_kept = 2;

// A state is whole when all its parts are there. Two processes that save the same step write under different digests.
constexpr const char* table_of_states =
    "CREATE TABLE IF NOT EXISTS state (trial INTEGER NOT NULL, step BIGINT NOT NULL, digest TEXT NOT NULL, part INTEGER NOT NULL, "
    "parts INTEGER NOT NULL, epochs BIGINT NOT NULL, bytes BYTEA NOT NULL, PRIMARY KEY (trial, step, digest, part))";

std::int64_t bytes_in(const TrainingState& state) {
  std::int64_t bytes = 0;
  for (const auto& shot : {state.now, state.best, state.good})
    if (shot) bytes += shot->state.bytes();
  return bytes;
}

std::int64_t epochs_of(const TrainingState& state) { return static_cast<std::int64_t>(state.history.size()); }

std::int64_t key_of(std::size_t trial) { return static_cast<std::int64_t>(trial); }

}  // namespace

void StateFolder::save(std::size_t trial, const TrainingState& state) {
  std::filesystem::create_directories(folder_of(trial));
  save_checkpoint(folder_of(trial), state);
}

std::optional<TrainingState> StateFolder::newest(std::size_t trial, std::int64_t epochs,
                                                 const std::shared_ptr<const Plan>& plan) {
  for (const SavedCheckpoint& saved : list_checkpoints(folder_of(trial))) try {
      TrainingState state = state_of_checkpoint(read_checkpoint(saved.path), saved.path, plan);
      if (epochs_of(state) <= epochs) return state;
    } catch (const Error&) {  // damaged: an older one, or from the start
    }
  return std::nullopt;
}

void StateFolder::remove(std::size_t trial) {
  std::error_code error;
  std::filesystem::remove_all(folder_of(trial), error);
}

StateTable::StateTable(std::unique_ptr<SharedDatabase> database) : database_(std::move(database)) {
  database_->transact([&] { database_->run(table_of_states); });
}

void StateTable::save(std::size_t trial, const TrainingState& state) {
  const std::vector<std::byte> bytes = checkpoint_bytes(state);
  const std::string digest = sha256(bytes);
  const std::int64_t step = Plan::counters(state.now->state).step;
  const std::size_t parts = (bytes.size() + bytes_of_part - 1) / bytes_of_part;
  for (std::size_t part = 0; part < parts; ++part) {
    const auto first = bytes.begin() + static_cast<std::ptrdiff_t>(part * bytes_of_part);
    const auto size = static_cast<std::ptrdiff_t>(std::min(bytes_of_part, bytes.size() - part * bytes_of_part));
    database_->run("INSERT INTO state VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                   {key_of(trial), step, digest, key_of(part), key_of(parts), epochs_of(state),
                    std::vector<std::byte>(first, first + size)});
  }
  const std::vector<SqlRow> steps = database_->run("SELECT DISTINCT step FROM state WHERE trial = ? ORDER BY step DESC",
                                                   {key_of(trial)});
  if (steps.size() > states_kept)
    database_->run("DELETE FROM state WHERE trial = ? AND step < ?", {key_of(trial), steps[states_kept - 1].integer(0)});
}

/// The bytes of a saved state, if all are there.
std::optional<std::string> StateTable::bytes_of(std::size_t trial, std::int64_t step, const std::string& digest) {
  std::string bytes;
  std::int64_t part = 0, parts = 1;
  for (; part < parts; ++part) {
    const std::vector<SqlRow> row = database_->run(
        "SELECT parts, bytes FROM state WHERE trial = ? AND step = ? AND digest = ? AND part = ?",
        {key_of(trial), step, digest, part});
    if (row.empty()) return std::nullopt;
    parts = row[0].integer(0);
    bytes.append(reinterpret_cast<const char*>(row[0].bytes(1).data()), row[0].bytes(1).size());
  }
  if (sha256(std::as_bytes(std::span(bytes))) != digest) return std::nullopt;
  return bytes;
}

std::optional<TrainingState> StateTable::newest(std::size_t trial, std::int64_t epochs, const std::shared_ptr<const Plan>& plan) {
  const std::vector<SqlRow> saved = database_->run(
      "SELECT DISTINCT step, digest FROM state WHERE trial = ? AND epochs <= ? ORDER BY step DESC, digest",
      {key_of(trial), epochs});
  for (const SqlRow& row : saved) try {
      if (const auto bytes = bytes_of(trial, row.integer(0), row.text(1)))
        return state_of_checkpoint(std::as_bytes(std::span(*bytes)), database_->name(), plan);
    } catch (const Error& e) {
      if (e.trouble != Trouble::data && e.trouble != Trouble::usage) throw;  // damaged: an older one, or from the start
    }
  return std::nullopt;
}

void StateTable::remove(std::size_t trial) { database_->run("DELETE FROM state WHERE trial = ?", {key_of(trial)}); }

void TrialStates::save(Held& held) {
  place_->save(held.trial, held.state);
  held.seconds = 0;
}

std::optional<TrainingState> TrialStates::take(std::size_t trial, std::int64_t epochs, const std::shared_ptr<const Plan>& plan) {
  const std::lock_guard lock(mutex_);
  for (auto held = held_.begin(); held != held_.end(); ++held)
    if (held->trial == trial && epochs_of(held->state) <= epochs) {
      TrainingState state = std::move(held->state);
      bytes_ -= held->bytes;
      held_.erase(held);
      return state;
    }
  return place_->newest(trial, epochs, plan);
}

void TrialStates::keep(std::size_t trial, const TrainingState& state, double seconds, bool is_safe) {
  const std::lock_guard lock(mutex_);
  held_.push_back({.trial = trial, .state = state, .bytes = bytes_in(state), .seconds = seconds});
  bytes_ += held_.back().bytes;
  if (is_safe || seconds > dear_seconds) save(held_.back());
  while (bytes_ > most_bytes_ && held_.size() > 1) {
    if (held_.front().seconds > 0) save(held_.front());
    bytes_ -= held_.front().bytes;
    held_.pop_front();
  }
}

void TrialStates::forget(std::size_t trial) {
  const std::lock_guard lock(mutex_);
  for (auto held = held_.begin(); held != held_.end();) {
    if (held->trial == trial) bytes_ -= held->bytes, held = held_.erase(held);
    else ++held;
  }
  place_->remove(trial);
}

void TrialStates::save_all(double seconds) {
  const std::lock_guard lock(mutex_);
  for (Held& held : held_)
    if (held.seconds > seconds) save(held);
}

}  // namespace tend
