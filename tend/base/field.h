#pragma once
#include <concepts>
#include <limits>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace tend {

/// The values that a setting may take. Bounds are included unless they are declared open.
struct Range {
  double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity();
  bool open_low = false, open_high = false;
  constexpr bool holds(double v) const { return (open_low ? v > low : v >= low) && (open_high ? v < high : v <= high); }
};
constexpr Range any_number() { return {}; }
constexpr Range at_least(double low) { return {.low = low}; }
constexpr Range above(double low) { return {.low = low, .open_low = true}; }
constexpr Range between(double low, double high) { return {.low = low, .high = high}; }
constexpr Range fraction() { return {.low = 0, .high = 1}; }                        ///< [0, 1]
constexpr Range part_of_one() { return {.low = 0, .high = 1, .open_high = true}; }  ///< [0, 1)

/// The description of a setting.
struct FieldText {
  std::string_view name;
  Range range{};
  std::string_view unit{};
  std::string_view text{};  ///< one sentence; empty: the field is read, has no effect and is not documented
  /// For strings: the allowed words, separated by blanks; empty allows any. For a Value: the words and, in angle brackets, the
  /// accepted forms ("valid same <integer>"). The schema and the reference use them (experiment/schema.h).
  std::string_view words{};
};
/// One setting of a shelf entry, declared once: experiment files, command line, Python, tuning and docs are made from it. The
/// default is the member's own initial value.
template <class Owner, class T>
struct Field : FieldText {
  T Owner::*member;
};
/// Owner is the entry that declares the field. The member may be inherited (Owner is not yet complete at this call).
template <class Owner, class M, class Declarer>
constexpr Field<Declarer, M> field_of(std::string_view name, M Declarer::*member, Range range = {}, std::string_view unit = {},
                                      std::string_view text = {}, std::string_view words = {}) {
  return {{name, range, unit, text, words}, member};
}

/// A shelf entry declares its settings as a tuple of Field named `fields`; without settings it is std::tuple<>{}.
template <class E>
concept HasFieldTuple = std::default_initializable<E> && requires {
  std::tuple_size<std::remove_cvref_t<decltype(E::fields)>>::value;
};

/// A list of types, as in a shelf's generated header.
template <class... Ts>
struct Types {
  static constexpr int count = sizeof...(Ts);
};
/// Calls f.template operator()<T>() for each type in turn.
template <class... Ts, class F>
constexpr void for_each_type(Types<Ts...>, F&& f) {
  (f.template operator()<Ts>(), ...);
}

}  // namespace tend
