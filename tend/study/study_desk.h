#pragma once
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tend/study/study_store.h"

namespace tend {

/// The course of a study as its store has it; a bound moves only where the store has the answer that it may.
CourseOptions course_of(StudyStore& store);
/// The key in the store under which it is kept whether a parameter may take a value.
std::string possible_key(const std::string& parameter, const Value& value);

/// Hands out the assignments of a study to the threads of this process, and keeps their results. Other processes do the same with
/// the same store: each decides what is next from the results in the store, so all decide alike. May be used from many threads.
class StudyDesk {
 public:
  StudyDesk(StudyStore& store, CourseOptions options, std::string owner);

  enum class Answer { work, wait, end };
  /// Gives the next assignment, or says that there is none now, or none at all. An assignment whose owner is a process of
  /// this machine that is gone, or has shown no sign of life for `lease_seconds` of this process's own clock, is given out again.
  Answer claim(StoredWork& work);
  /// Keeps a result.
  void finish(const StoredWork& work, const TrialReport& report, double seconds);
  /// Gives an assignment back that was not begun.
  void give_back(const StoredWork& work);
  void keep_prediction(const StoredWork& work, const TrialPrediction& prediction);
  void beat();
  void release();

  /// Takes all results that are in the store, and decides what would be next without giving it out: for showing a study.
  void look();
  /// Calls f(course) while no decision is made.
  template <class F>
  auto with_course(F f) {
    const std::lock_guard lock(mutex_);
    return f(static_cast<const StudyCourse&>(course_));
  }
  /// Assignments without a result that other processes have.
  std::size_t of_others();
  /// All assignments, in their order.
  std::vector<StoredWork> works();

  static constexpr double lease_seconds = 20, beat_seconds = 3;

 private:
  struct Seen {
    std::int64_t beat = 0;
    double at = 0;  ///< of this process's clock
  };
  void read();
  bool is_free(const StoredWork& row);
  std::optional<PlannedWork> advance(bool may_decide);
  Answer try_to_claim(StoredWork& work);

  std::mutex mutex_;
  StudyStore& store_;
  StudyCourse course_;
  std::string owner_;
  std::vector<StoredWork> rows_;
  std::set<std::size_t> open_;          ///< rows without a result
  std::set<std::size_t> mine_;          ///< assignments that claim() has given out and that have no result
  std::size_t replayed_ = 0;            ///< rows that the course has
  std::optional<PlannedWork> planned_;  ///< the course has decided it, and the store may not have it yet
  std::map<std::size_t, Seen> seen_;    ///< by number, of assignments of others
};

}  // namespace tend
