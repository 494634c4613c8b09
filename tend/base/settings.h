#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "tend/base/error.h"
#include "tend/base/field.h"
#include "tend/base/value.h"

namespace tend {

/// The description of a field as text, for messages, docs and schemas.
struct FieldDescription {
  std::string name, type, unit, text, words;
  Range range;
  Value fallback;  ///< the default
};

/// An entry E declares its fields as a tuple named `fields`. `E::value_field`, if it exists, names the field that receives the
/// value of the entry's own key: {dense = 32} sets Dense::units.

// --- single values: each function throws Error{usage, where, ...} that says what was expected ---
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

/// Is it false, or a word with which people switch a setting off: none, off, no, false, null?
bool means_none(const Value& v);
/// "a number >= 1", "true or false", 'one of: valid same'.
std::string wanted_text(const std::string& type, const Range& range, std::string_view words);
/// Throws Error{usage} for an unknown key. Hint: the nearest known key ("did you mean ...?"); wanted: all known keys.
[[noreturn]] void unknown_key(const std::string& where, const std::string& key, const std::vector<std::string>& known);
/// Returns the known word nearest to `word` by edit distance if it is near enough to be a typing error, otherwise "".
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

/// Reads one type of setting from a Value and writes it to one.
struct SettingType {
  std::string_view name;
  void (*read)(const Value& v, void* out, const FieldText& field, const std::string& where);
  Value (*write)(const void* setting);
};
template <class T>
inline constexpr SettingType setting_type{type_name<T>(),
                                          [](const Value& v, void* out, const FieldText& f, const std::string& where) {
                                            read_value(v, *static_cast<T*>(out), f.range, f.words, where);
                                          },
                                          [](const void* setting) { return write_value(*static_cast<const T*>(setting)); }};

/// The fields of an entry without its type, so that the code that reads, writes and describes settings is compiled only once.
class FieldTable {
 public:
  void add(const FieldText& text, const SettingType& type, const void* entry, const void* member);
  std::vector<FieldDescription> describe() const;
  /// Sets one field by name. Returns false if there is no field of that name.
  bool set(void* entry, std::string_view name, const Value& v, const std::string& where) const;
  /// Reads a table of fields into an entry. An unknown key throws with a did-you-mean.
  void read(void* entry, const Value& table, const std::string& where) const;
  /// Returns all fields of an entry as a table. Fields with their default value are included only when `complete`.
  Value write(const void* entry, bool complete) const;

 private:
  struct Row {
    FieldText text;
    SettingType type;
    std::ptrdiff_t offset;
    Value fallback;
  };
  std::vector<Row> rows_;
};

template <class E>
const FieldTable& fields_of() {
  static const FieldTable all = [] {
    FieldTable table;
    const E fresh{};
    std::apply(
        [&](const auto&... f) {
          (table.add(f, setting_type<std::remove_cvref_t<decltype(fresh.*(f.member))>>, &fresh, &(fresh.*(f.member))), ...);
        },
        E::fields);
    return table;
  }();
  return all;
}

template <class E>
std::vector<FieldDescription> describe_fields() {
  return fields_of<E>().describe();
}
template <class E>
E read_fields(const Value& table, const std::string& where, E entry = {}) {
  fields_of<E>().read(&entry, table, where);
  return entry;
}
template <class E>
Value write_fields(const E& entry, bool complete) {
  return fields_of<E>().write(&entry, complete);
}

}  // namespace tend
