#include "tend/tune/space.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "tend/base/error.h"
#include "tend/base/settings.h"

namespace tend {

namespace {

struct SearchScaleName {
  std::string_view name;
  SearchScale scale;
};
constexpr SearchScaleName scale_names[] = {{"uniform", SearchScale::uniform}, {"log_uniform", SearchScale::log_uniform},
                                           {"logit", SearchScale::logit},     {"int", SearchScale::integer},
                                           {"ordinal", SearchScale::ordinal}, {"choice", SearchScale::choice}};
constexpr double greatest_integer = 9007199254740992.0;  // 2^53: a double holds every whole number up to it
constexpr double most_levels = 1e9;
constexpr std::string_view step_key = "step", when_key = "when", paths_key = "paths";

bool has_values(SearchScale scale) { return scale == SearchScale::ordinal || scale == SearchScale::choice; }

double onto_scale(SearchScale scale, double v) {
  if (scale == SearchScale::log_uniform) return std::log(v);
  return scale == SearchScale::logit ? std::log(v) - std::log1p(-v) : v;
}

double from_scale(SearchScale scale, double t) {
  if (scale == SearchScale::log_uniform) return std::exp(t);
  return scale == SearchScale::logit ? 1 / (1 + std::exp(-t)) : t;
}

[[noreturn]] void wrong(const std::string& where, const Value& got, const std::string& wanted) {
  throw Error(Trouble::usage, where, got.is_array() ? to_inline_toml(got) : got.describe(), wanted);
}

void read_values(const Value& given, SearchParameter& p, const std::string& where) {
  if (!given.is_array() || given.array_items().empty()) wrong(where, given, "a list of at least one value");
  for (const Value& v : given.array_items()) {
    if (v.is_null() || (v.is_number() && !std::isfinite(v.number())))
      wrong(where, v, "texts, finite numbers, true, false or tables");
    if (p.scale == SearchScale::ordinal && (v.is_table() || v.is_array())) wrong(where, v, "texts, numbers, true or false");
    if (std::find(p.values.begin(), p.values.end(), v) != p.values.end())
      throw Error(Trouble::usage, where, v.describe() + " twice", "each value once");
    p.values.push_back(v);
  }
}

void read_bounds(const Value& given, SearchParameter& p, const std::string& where) {
  const bool is_pair = given.is_array() && given.array_items().size() == 2 && given.array_items()[0].is_number() &&
                       given.array_items()[1].is_number();
  if (!is_pair) wrong(where, given, "two numbers [low, high]");
  p.low = given.array_items()[0].number();
  p.high = given.array_items()[1].number();
  if (!std::isfinite(p.low) || !std::isfinite(p.high) || !std::isfinite(p.high - p.low) || p.low >= p.high)
    wrong(where, given, "two finite numbers, the lower one first");
  if (p.scale == SearchScale::log_uniform && p.low <= 0) wrong(where, given, "two numbers > 0");
  if (p.scale == SearchScale::logit && (p.low <= 0 || p.high >= 1))
    wrong(where, given, "two numbers between 0 and 1, without 0 and 1");
  if (p.scale != SearchScale::integer) return;
  const bool is_whole = p.low == std::floor(p.low) && p.high == std::floor(p.high);
  if (!is_whole || std::max(-p.low, p.high) > greatest_integer) wrong(where, given, "two whole numbers of at most 2^53");
  p.step = 1;
}

void read_step(const Value& given, SearchParameter& p, const std::string& where) {
  if (p.scale != SearchScale::uniform && p.scale != SearchScale::integer)
    throw Error(Trouble::usage, where, "a step", "a step only with uniform or int");
  const double step = given.is_number() ? given.number() : 0;
  const bool fits = step > 0 && step <= p.high - p.low && (p.high - p.low) / step < most_levels;
  if (!fits) wrong(where, given, "a number > 0, at most the length of the range, and less than 1e9 steps in it");
  if (p.scale == SearchScale::integer && step != std::floor(step)) wrong(where, given, "a whole number");
  p.step = step;
}

SearchParameter read_parameter(const std::string& name, const Value& given, const std::string& where) {
  constexpr auto wanted = "one of: uniform log_uniform logit int ordinal choice, as in { uniform = [0.0, 1.0] }";
  if (!given.is_table() || given.items().empty()) wrong(where, given, wanted);
  SearchParameter p;
  p.name = name;
  std::string found;
  for (const auto& [key, value] : given.items()) {
    if (key == step_key || key == when_key || key == paths_key) continue;
    const auto* known = std::find_if(std::begin(scale_names), std::end(scale_names),
                                     [&key = key](const SearchScaleName& s) { return s.name == key; });
    if (known == std::end(scale_names))
      unknown_key(where, key, {"uniform", "log_uniform", "logit", "int", "ordinal", "choice", "step", "when", "paths"});
    if (!found.empty()) throw Error(Trouble::usage, where, "both " + found + " and " + key, "one scale");
    found = key;
    p.scale = known->scale;
    const std::string place = where + "." + key;
    has_values(p.scale) ? read_values(value, p, place) : read_bounds(value, p, place);
  }
  if (found.empty()) throw Error(Trouble::usage, where, "a step without a scale", wanted);
  if (const Value* step = given.find(step_key)) read_step(*step, p, where + ".step");
  if (const Value* paths = given.find(paths_key)) {
    read_value(*paths, p.paths, {}, {}, where + ".paths");
    if (p.paths.empty()) wrong(where + ".paths", *paths, "a list of at least one path");
  }
  return p;
}

/// Reads `when` of the parameter at this place: each name is another parameter, each value one that it can take.
void read_conditions(const Value& given, SearchSpace& space, std::size_t place, const std::string& where) {
  if (!given.is_table() || given.items().empty()) wrong(where, given, "a table: { \"another parameter\" = VALUE }");
  for (const auto& [name, values] : given.items()) {
    const auto other = std::find_if(space.parameters.begin(), space.parameters.end(),
                                    [&name = name](const SearchParameter& p) { return p.name == name; });
    const auto at = static_cast<std::size_t>(other - space.parameters.begin());
    if (at >= place) throw Error(Trouble::usage, where, "\"" + name + "\"", "the name of a parameter that stands above this one");
    SearchCondition condition{.parameter = at, .values = {}};
    for (const Value& v : values.is_array() ? values.array_items() : Value::Array{values}) {
      other->place_of(v);
      condition.values.push_back(v);
    }
    if (condition.values.empty()) wrong(where, values, "at least one value");
    space.parameters[place].when.push_back(std::move(condition));
  }
}

}  // namespace

std::size_t SearchParameter::levels() const {
  if (has_values(scale)) return values.size();
  return step > 0 ? static_cast<std::size_t>(std::floor((high - low) / step + 1e-9)) + 1 : 0;
}

std::size_t SearchParameter::level_of(double unit) const {
  const double place = std::isnan(unit) ? 0.5 : std::clamp(unit, 0.0, 1.0);
  const std::size_t n = levels();
  return std::min(n - 1, static_cast<std::size_t>(place * static_cast<double>(n)));
}

Value SearchParameter::at(double unit) const {
  const double place = std::isnan(unit) ? 0.5 : std::clamp(unit, 0.0, 1.0);
  if (levels() > 0) {
    const std::size_t level = level_of(unit);
    if (has_values(scale)) return values[level];
    const double v = std::min(high, low + step * static_cast<double>(level));
    return scale == SearchScale::integer ? Value(static_cast<std::int64_t>(v)) : Value(v);
  }
  if (place == 0 || place == 1) return place == 0 ? low : high;  // exp(log(low)) may differ from low
  const double from = onto_scale(scale, low), to = onto_scale(scale, high);
  return std::clamp(from_scale(scale, from + place * (to - from)), low, high);
}

double SearchParameter::place_of(const Value& value) const {
  if (has_values(scale)) {
    const auto at = std::find(values.begin(), values.end(), value);
    if (at == values.end()) throw Error(Trouble::usage, name, value.describe(), "one of the values of the search");
    return middle_of(static_cast<std::size_t>(at - values.begin()));
  }
  const double v = value.is_number() ? value.number() : std::numeric_limits<double>::quiet_NaN();
  if (!(v >= low && v <= high)) throw Error(Trouble::usage, name, value.describe(), "a number in the range of the search");
  if (levels() > 0) {
    const double level = std::round((v - low) / step);
    if (level >= static_cast<double>(levels()) || std::fabs(low + level * step - v) > 1e-9 * (step + std::fabs(v)))
      throw Error(Trouble::usage, name, value.describe(), "one of the values that a step of the search reaches");
    return middle_of(static_cast<std::size_t>(level));
  }
  const double from = onto_scale(scale, low), to = onto_scale(scale, high);
  return (onto_scale(scale, v) - from) / (to - from);
}

bool SearchSpace::is_active(std::size_t parameter, const std::vector<double>& units) const {
  return std::all_of(parameters[parameter].when.begin(), parameters[parameter].when.end(), [&](const SearchCondition& c) {
    const Value v = parameters[c.parameter].at(units[c.parameter]);
    return is_active(c.parameter, units) && std::find(c.values.begin(), c.values.end(), v) != c.values.end();
  });
}

void SearchSpace::settle(std::vector<double>& units) const {
  for (std::size_t i = 0; i < parameters.size(); ++i)
    if (!is_active(i, units)) units[i] = 0.5;
}

Value SearchSpace::at(const std::vector<double>& units) const {
  TEND_EXPECTS(units.size() == parameters.size());
  Value all = Value::table();
  for (std::size_t i = 0; i < units.size(); ++i)
    if (is_active(i, units)) all.items().emplace_back(parameters[i].name, parameters[i].at(units[i]));
  return all;
}

SearchSpace read_search_space(const Value& parameters, const std::string& where) {
  if (!parameters.is_table() || parameters.items().empty())
    wrong(where, parameters,
          "a table of at least one parameter, as in { \"update.optimizer.learning_rate\" = { log_uniform = [1e-5, 1.0] } }");
  SearchSpace space;
  for (const auto& [name, given] : parameters.items())
    space.parameters.push_back(read_parameter(name, given, where + "." + name));
  for (std::size_t i = 0; i < space.parameters.size(); ++i)
    if (const Value* when = parameters.items()[i].second.find(when_key))
      read_conditions(*when, space, i, where + "." + space.parameters[i].name + ".when");
  return space;
}

}  // namespace tend
