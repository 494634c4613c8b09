#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tend/store/shared_database.h"
#include "tend/study/course.h"

namespace tend {

/// An assignment as the store has it.
struct StoredWork {
  PlannedWork work;
  Value parameters;
  std::optional<TrialReport> report;  ///< nothing while it is out
  std::string owner;                  ///< who makes it; "": nobody
  std::int64_t beat = 0;              ///< counts up while its owner is alive
  double began = 0, seconds = 0;      ///< seconds since 1970, UTC; what it took
};

/// What an assignment was expected to take when its training began.
struct TrialPrediction {
  double seconds = 0, flops = 0;
  std::int64_t memory_bytes = 0;
};

/// The database of a study: its settings, and all assignments in the order of decisions with their results. All other facts about
/// a study follow from these (StudyCourse). Several processes may use it at once. Throws as SharedDatabase does.
class StudyStore {
 public:
  /// Opens the store of a study: FOLDER/study.db, or an address of a server (store/address.h).
  explicit StudyStore(const std::string& folder_or_address, const DatabaseOptions& options = {});
  /// The file or the address, without a password.
  const std::string& name() const { return database_->name(); }

  /// What is said of the study under a key; null if nothing is.
  Value about(const std::string& key);
  void keep_about(const std::string& key, const Value& value);
  /// Keeps an answer that a decision depends on: it is kept even if it was found in a transaction that had to be repeated.
  void keep_answer(const std::string& key, const Value& value);
  /// Calls f in a transaction of which only one runs at a time; f may be called again (SharedDatabase::transact).
  void transact(const std::function<void()>& f);

  /// Removes all of it.
  void clear();

  /// All assignments from this number on.
  std::vector<StoredWork> works(std::size_t from = 0);
  std::optional<StoredWork> work(std::size_t number);
  void add(const StoredWork& work);
  /// Takes an assignment that is out from an owner whose beat has not changed. Returns false if someone else has been faster.
  bool claim(const StoredWork& work, const std::string& owner);
  /// Keeps the result, unless another owner has the assignment now.
  void finish(std::size_t number, const std::string& owner, const TrialReport& report, double seconds);
  /// Gives an assignment back that its owner has not made.
  void give_back(std::size_t number, const std::string& owner);
  void keep_prediction(std::size_t number, const TrialPrediction& prediction);
  /// By the number of the assignment; empty for a study from before there were predictions.
  std::map<std::size_t, TrialPrediction> predictions();
  /// Says that an owner is alive; gives back all its assignments.
  void beat(const std::string& owner);
  void release(const std::string& owner);

  /// For tables of others in the same database.
  SharedDatabase& database() { return *database_; }

 private:
  std::unique_ptr<SharedDatabase> database_;
  bool is_in_transaction_ = false;
  std::map<std::string, Value> answers_;  ///< of the present transaction
};

Value report_to_value(const TrialReport& report);
TrialReport report_of_value(const Value& value);

}  // namespace tend
