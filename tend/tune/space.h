#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "tend/base/value.h"

namespace tend {

/// How the values of a parameter lie on its range.
enum class SearchScale {
  uniform,      ///< equal lengths of the range are equally likely
  log_uniform,  ///< equal ratios are equally likely; for rates and penalties
  logit,        ///< equal differences of log(p / (1 - p)) are equally likely; for fractions near 0 or 1
  integer,      ///< whole numbers; both bounds are included
  ordinal,      ///< given values whose order has a meaning
  choice,       ///< given values without an order
};

/// A parameter is there only if another one has one of these values.
struct SearchCondition {
  std::size_t parameter = 0;  ///< its place in the space
  std::vector<Value> values;
};

/// A parameter of a search: its name and the values that it may take. `low`, `high` and `step` describe the first four scales,
/// `values` the last two. A step of 0 means that every value of the range may be taken.
struct SearchParameter {
  std::string name;
  SearchScale scale = SearchScale::uniform;
  double low = 0, high = 0, step = 0;
  std::vector<Value> values;
  std::vector<SearchCondition> when;  ///< all of them must hold
  std::vector<std::string> paths;     ///< of the keys that take its value; empty: its name is the path

  /// Returns the number of different values, or 0 if the range is continuous.
  std::size_t levels() const;
  /// Returns the level at a place, from 0. Requires levels() > 0.
  std::size_t level_of(double unit) const;
  /// Returns the middle of a level's part of [0, 1].
  double middle_of(std::size_t level) const { return (static_cast<double>(level) + 0.5) / static_cast<double>(levels()); }
  /// Have its values no order?
  bool is_choice() const { return scale == SearchScale::choice; }
  /// Returns the value at place `unit` of [0, 1]; places outside are moved to the nearest bound.
  Value at(double unit) const;
  /// Returns a place from which at() returns `value`: for levels, the middle of their part of [0, 1].
  /// Throws Error{usage} if the parameter cannot take `value`.
  double place_of(const Value& value) const;
};

/// The parameters of a search in the order of the file.
struct SearchSpace {
  std::vector<SearchParameter> parameters;

  /// Do all conditions of a parameter hold at this place?
  bool is_active(std::size_t parameter, const std::vector<double>& units) const;
  /// Moves the parameters that are not active to the middle, so that places with the same values are equal.
  void settle(std::vector<double>& units) const;
  /// Returns one value for each active parameter as a table. Requires as many places as parameters.
  Value at(const std::vector<double>& units) const;
};

/// Reads the table `tune.parameters` of an experiment or study: { "name" = { log_uniform = [1e-5, 1.0] }, ... }. A parameter with
/// `when = { "other name" = VALUE }` (or a list of values) is there only where the other one has that value.
/// A parameter with `paths = ["...", "..."]` sets all these keys of the experiment; its name is then free.
/// Throws Error{usage} that names the parameter, what was found and what was expected.
SearchSpace read_search_space(const Value& parameters, const std::string& where = "tune.parameters");

}  // namespace tend
