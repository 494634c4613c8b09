#pragma once
#include <string>
#include <string_view>

#include "tend/base/value.h"
#include "tend/train/training.h"

namespace tend {

/// Reads a saved table. Anything that is missing or of another kind throws the same Error{data}. What it refers to must outlive
/// it.
class SavedValue {
 public:
  SavedValue(const Value& v, const std::string& name) : v_(v), name_(name) {}
  SavedValue at(std::string_view key) const;
  std::int64_t integer() const { return v_.is_integer() ? v_.integer() : (refuse(), 0); }
  double number() const;  ///< of exact_number()
  bool boolean() const { return v_.is_bool() ? v_.boolean() : (refuse(), false); }
  const std::string& string() const { return v_.is_string() ? v_.string() : (refuse(), v_.string()); }
  const Value::Array& items() const { return v_.is_array() ? v_.array_items() : (refuse(), v_.array_items()); }
  const Value& value() const { return v_; }
  [[noreturn]] void refuse() const;

 private:
  const Value& v_;
  const std::string& name_;
};

/// A number that JSON can hold and that reads back with the same bits: "nan", "inf" or "-inf" if it is not finite.
Value exact_number(double v);

Value metrics_to_value(const Metrics& metrics);
Metrics metrics_of_value(const Value& table, std::string_view key, const std::string& name);
Value report_to_value(const EpochReport& report);
EpochReport report_of_value(const Value& v, const std::string& name);

}  // namespace tend
