#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "tend/base/error.h"
#include "tend/base/field.h"
#include "tend/base/value.h"

namespace tend {

/// A field as text knows it: for messages, docs, schemas.
struct FieldDescription {
  std::string name, type, unit, text, words;
  Range range;
  Value fallback;  ///< the default
};

/// Fields of an entry E: a tuple named `fields`. `E::value_field`, where it exists, names the field that takes the value
/// of the entry's own key: {dense = 32} sets Dense::units.

// --- single values: each throws Error{usage, where, ...} with what was wanted ---
void read_value(const Value& v, bool& out, const Range&, std::string_view words, const std::string& where);
void read_value(const Value& v, int& out, const Range&, std::string_view words, const std::string& where);
void read_value(const Value& v, std::int64_t& out, const Range&, std::string_view words, const std::string& where);
void read_value(const Value& v, double& out, const Range&, std::string_view words, const std::string& where);
void read_value(const Value& v, std::string& out, const Range&, std::string_view words, const std::string& where);
void read_value(const Value& v, std::vector<std::string>& out, const Range&, std::string_view words, const std::string& where);
void read_value(const Value& v, std::vector<double>& out, const Range&, std::string_view words, const std::string& where);
void read_value(const Value& v, Value& out, const Range&, std::string_view words, const std::string& where);
template <class T>
void read_value(const Value& v, std::optional<T>& out, const Range& r, std::string_view words, const std::string& where) {
  T inner{};
  read_value(v, inner, r, words, where);
  out = std::move(inner);
}

Value write_value(bool v);
Value write_value(int v);
Value write_value(std::int64_t v);
Value write_value(double v);
Value write_value(const std::string& v);
Value write_value(const std::vector<std::string>& v);
Value write_value(const std::vector<double>& v);
Value write_value(const Value& v);
template <class T>
Value write_value(const std::optional<T>& v) {
  return v ? write_value(*v) : Value();
}

/// "a number >= 1", "true or false", 'one of: valid same'.
std::string wanted_text(const std::string& type, const Range& range, std::string_view words);
/// Error{usage}: unknown key, with the nearest known one as hint ("did you mean ...?") and all known ones as wanted.
[[noreturn]] void unknown_key(const std::string& where, const std::string& key, const std::vector<std::string>& known);
/// The known word nearest to `word` by edit distance, where it is near enough to be a slip; else "".
std::string nearest(std::string_view word, const std::vector<std::string>& known);

template <class T>
constexpr std::string_view type_name() {
  if constexpr (std::is_same_v<T, bool>) return "boolean";
  else if constexpr (std::is_same_v<T, int> || std::is_same_v<T, std::int64_t>) return "integer";
  else if constexpr (std::is_same_v<T, double>) return "number";
  else if constexpr (std::is_same_v<T, std::string>) return "string";
  else if constexpr (std::is_same_v<T, std::vector<std::string>>) return "strings";
  else if constexpr (std::is_same_v<T, std::vector<double>>) return "numbers";
  else if constexpr (std::is_same_v<T, Value>) return "value";
  else return type_name<typename T::value_type>();  // optional
}

template <class E>
std::vector<FieldDescription> describe_fields() {
  std::vector<FieldDescription> all;
  const E fresh{};
  std::apply(
      [&](const auto&... f) {
        (all.push_back({std::string(f.name), std::string(type_name<std::remove_cvref_t<decltype(fresh.*(f.member))>>()),
                        std::string(f.unit), std::string(f.text), std::string(f.words), f.range, write_value(fresh.*(f.member))}),
         ...);
      },
      E::fields);
  return all;
}

/// Sets one field by name; false where E has none of that name.
template <class E>
bool set_field(E& entry, std::string_view name, const Value& v, const std::string& where) {
  bool found = false;
  std::apply(
      [&](const auto&... f) {
        ((f.name == name ? (read_value(v, entry.*(f.member), f.range, f.words, where + "." + std::string(name)), found = true)
                         : false),
         ...);
      },
      E::fields);
  return found;
}

/// Reads a table of fields into an entry. Unknown keys throw with a did-you-mean.
template <class E>
E read_fields(const Value& table, const std::string& where, E entry = {}) {
  for (const auto& [key, v] : table.items())
    if (!set_field(entry, key, v, where)) {
      std::vector<std::string> known;
      for (const auto& f : describe_fields<E>()) known.push_back(f.name);
      unknown_key(where, key, known);
    }
  return entry;
}

/// All fields of an entry as a table; those that stand at their default only when `complete`.
template <class E>
Value write_fields(const E& entry, bool complete) {
  Value table = Value::table();
  const E fresh{};
  std::apply(
      [&](const auto&... f) {
        ((complete || !(write_value(entry.*(f.member)) == write_value(fresh.*(f.member)))
              ? (void)(table[f.name] = write_value(entry.*(f.member)))
              : (void)0),
         ...);
      },
      E::fields);
  return table;
}

}  // namespace tend
