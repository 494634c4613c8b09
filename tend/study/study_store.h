#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tend/record/database.h"
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

/// The file study.db of a study: its settings, and all assignments in the order of decisions with their results. All other facts
/// about a study follow from these (StudyCourse). Several processes may use it at once. Throws as Database does.
class StudyStore {
 public:
  /// Opens the store of a study's folder; makes it where that is asked for.
  StudyStore(const std::string& folder, Database::Mode mode);
  static std::string path_in(const std::string& folder) { return folder + "/study.db"; }

  /// What is said of the study under a key; null if nothing is.
  Value about(const std::string& key);
  void keep_about(const std::string& key, const Value& value);

  /// All assignments from this number on.
  std::vector<StoredWork> works(std::size_t from = 0);
  std::optional<StoredWork> work(std::size_t number);
  void add(const StoredWork& work);
  /// Takes an assignment that is out from an owner whose beat has not changed. Returns false if someone else has been faster.
  bool claim(const StoredWork& work, const std::string& owner);
  /// Keeps the result, unless another owner has the assignment now.
  void finish(std::size_t number, const std::string& owner, const TrialReport& report, double seconds);
  /// Says that an owner is alive; gives back all its assignments.
  void beat(const std::string& owner);
  void release(const std::string& owner);

  Database& database() { return database_; }

 private:
  Database database_;
};

Value report_to_value(const TrialReport& report);
TrialReport report_of_value(const Value& value);

}  // namespace tend
