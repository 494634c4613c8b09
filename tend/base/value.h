#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tend {

/// A tree of plain values: the content of an experiment file, a `--set`, a JSON document or a field table. Tables keep the order
/// in which keys were added. `line` is the line of the text that the value was parsed from, or 0 if there was no text.
class Value {
 public:
  using Array = std::vector<Value>;
  using Table = std::vector<std::pair<std::string, Value>>;

  // Defined in value.cpp, although equal to the default: most files of tend hold Values, and each would compile it again.
  Value() noexcept;  ///< null
  Value(bool v);
  Value(int v);
  Value(std::int64_t v);
  Value(std::size_t v);
  Value(double v);
  Value(const char* v);
  Value(std::string_view v);
  Value(std::string v);
  Value(Array v);
  Value(Table v);
  Value(const Value& other);
  Value(Value&& other) noexcept;
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept;
  ~Value();

  static Value table();
  static Value array();

  bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
  bool is_bool() const { return std::holds_alternative<bool>(data_); }
  bool is_integer() const { return std::holds_alternative<std::int64_t>(data_); }
  bool is_number() const { return is_integer() || std::holds_alternative<double>(data_); }
  bool is_string() const { return std::holds_alternative<std::string>(data_); }
  bool is_array() const { return std::holds_alternative<Array>(data_); }
  bool is_table() const { return std::holds_alternative<Table>(data_); }

  /// Requires that the matching is_...() holds; number() also accepts integers.
  bool boolean() const { return std::get<bool>(data_); }
  std::int64_t integer() const { return std::get<std::int64_t>(data_); }
  double number() const;
  const std::string& string() const { return std::get<std::string>(data_); }
  const Array& array_items() const { return std::get<Array>(data_); }
  Array& array_items() { return std::get<Array>(data_); }
  const Table& items() const { return std::get<Table>(data_); }
  Table& items() { return std::get<Table>(data_); }

  /// Returns the entry of a table, or nullptr if it does not exist or this is no table.
  const Value* find(std::string_view key) const;
  Value* find(std::string_view key);
  /// Returns the entry of a table; adds a null entry if it does not exist. A null value becomes a table first.
  Value& operator[](std::string_view key);
  bool erase(std::string_view key);
  void push_back(Value v);

  /// Describes the value for messages: "a table", "the number 3", "the text "abc"".
  std::string describe() const;
  bool operator==(const Value& other) const;  ///< ignores line numbers

  int line = 0;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Table> data_;
};

/// Formats with the fewest digits that read back to the same number: "1.0" for a whole double; "nan", "inf".
std::string number_text(const Value& number);

/// Parses TOML or JSON text. `name` names the text in messages ("experiment.toml"). Throws Error{usage} with line and column.
/// Depth is bounded; a repeated key is an error.
constexpr std::size_t deepest_nesting = 64;
Value parse_toml(std::string_view text, std::string_view name);
Value parse_json(std::string_view text, std::string_view name);
/// Parses one TOML value, as after `--set key=`. A bare word is a string.
Value parse_toml_value(std::string_view text, std::string_view name);
/// Writes TOML (the top level must be a table; null entries are omitted) or JSON (numbers that are not finite become null).
/// Numbers are written with the fewest digits that read back to the same number.
std::string to_toml(const Value& value);
std::string to_json(const Value& value, int indent = 1);
/// Writes one TOML value on one line: {dense = 32, l2 = 0.0001}
std::string to_inline_toml(const Value& value);

}  // namespace tend
