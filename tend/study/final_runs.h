#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tend/train/metrics.h"

namespace tend {

/// One training of a study's final comparison.
struct FinalRun {
  std::optional<std::size_t> trial;  ///< whose parameters it has; nothing: the experiment as it was given
  std::uint64_t seed = 0;
  Metrics train, validation, test;
  double seconds = 0;

  /// Of "train", "validation" or "test".
  const Metrics& of(std::string_view part) const { return part == "test" ? test : part == "train" ? train : validation; }
};

/// The comparison at the end of a study.
struct FinalComparison {
  std::vector<FinalRun> runs;
  std::optional<std::size_t> winner;  ///< nothing: the experiment as it was given
  std::optional<std::size_t> first;   ///< the best trial of the search
  std::int64_t networks = 0;          ///< of each run; 0: as many as the experiment has

  /// A metric, such as "test.accuracy", over the runs of a trial, or of the experiment as it was given.
  MeanAndDeviation spread(std::optional<std::size_t> trial, const std::string& metric) const;
  /// Chooses the winner by the mean of this metric; means that are not finite lose.
  void choose(const std::string& metric, bool maximizes);
};

Value final_comparison_to_value(const FinalComparison& comparison);
FinalComparison final_comparison_of(const Value& value);

}  // namespace tend
