#include "tend/base/value.h"

#include <charconv>
#include <cmath>

#include "tend/base/error.h"

namespace tend {

Value::Value() noexcept = default;
Value::Value(bool v) : data_(v) {}
Value::Value(int v) : data_(static_cast<std::int64_t>(v)) {}
Value::Value(std::int64_t v) : data_(v) {}
Value::Value(std::size_t v) : data_(static_cast<std::int64_t>(v)) {}
Value::Value(double v) : data_(v) {}
Value::Value(const char* v) : data_(std::string(v)) {}
Value::Value(std::string_view v) : data_(std::string(v)) {}
Value::Value(std::string v) : data_(std::move(v)) {}
Value::Value(Array v) : data_(std::move(v)) {}
Value::Value(Table v) : data_(std::move(v)) {}
Value::Value(const Value& other) = default;
Value::Value(Value&& other) noexcept = default;
Value& Value::operator=(const Value& other) = default;
Value& Value::operator=(Value&& other) noexcept = default;
Value::~Value() = default;

Value Value::table() { return Value(Table{}); }
Value Value::array() { return Value(Array{}); }
bool Value::operator==(const Value& other) const { return data_ == other.data_; }

double Value::number() const {
  if (is_integer()) return static_cast<double>(integer());
  return std::get<double>(data_);
}

const Value* Value::find(std::string_view key) const {
  if (!is_table()) return nullptr;
  for (const auto& [name, value] : items())
    if (name == key) return &value;
  return nullptr;
}

Value* Value::find(std::string_view key) { return const_cast<Value*>(std::as_const(*this).find(key)); }

Value& Value::operator[](std::string_view key) {
  if (is_null()) data_ = Table{};
  TEND_EXPECTS(is_table());
  if (Value* there = find(key)) return *there;
  items().emplace_back(std::string(key), Value());
  return items().back().second;
}

bool Value::erase(std::string_view key) {
  if (!is_table()) return false;
  return std::erase_if(items(), [&](const auto& entry) { return entry.first == key; }) > 0;
}

void Value::push_back(Value v) {
  if (is_null()) data_ = Array{};
  array_items().push_back(std::move(v));
}

std::string Value::describe() const {
  if (is_null()) return "nothing";
  if (is_bool()) return boolean() ? "true" : "false";
  if (is_number()) return "the number " + number_text(*this);
  if (is_string()) return "the text \"" + string() + "\"";
  if (is_array()) return "a list of " + std::to_string(array_items().size());
  return "a table";
}

std::string number_text(const Value& v) {
  if (v.is_integer()) return std::to_string(v.integer());
  const double x = v.number();
  if (std::isnan(x)) return "nan";
  if (std::isinf(x)) return x > 0 ? "inf" : "-inf";
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, x).ptr;
  std::string s(text, end);
  // The text of a double reads back as a double.
  if (s.find_first_of(".e") == std::string::npos) s += ".0";
  return s;
}

}  // namespace tend
