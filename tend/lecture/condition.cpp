#include "tend/lecture/condition.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <vector>

#include "tend/base/error.h"
#include "tend/base/text.h"

namespace tend {

namespace {

/// A parser by recursive descent, which computes while it reads.
class Condition {
 public:
  Condition(std::string_view text, const std::function<double(const std::string&)>& value_of, const std::string& where)
      : text_(text), value_of_(value_of), where_(where) {}

  bool holds() {
    double left = sum();
    bool all = true, any = false;
    for (std::string_view sign = next_sign(); !sign.empty(); sign = next_sign()) {
      const double right = sum();
      all = all && (sign == "<" ? left < right : sign == "<=" ? left <= right : sign == ">" ? left > right : left >= right);
      any = true;
      left = right;
    }
    if (at_ < text_.size() || !any) refuse("a comparison: a < b");
    return all;
  }
  const std::vector<std::pair<std::string, double>>& names() const { return names_; }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool takes(std::string_view word) {
    skip_blanks();
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  std::string_view next_sign() {
    for (const std::string_view sign : {"<=", ">=", "<", ">"})
      if (takes(sign)) return sign;
    return "";
  }
  double sum() {
    double v = product();
    while (true) {
      if (takes("+")) v += product();
      else if (takes("-")) v -= product();
      else return v;
    }
  }
  double product() {
    double v = factor();
    while (true) {
      if (takes("*")) v *= factor();
      else if (takes("/")) v /= factor();
      else return v;
    }
  }
  double factor() {
    if (takes("-")) return -factor();
    if (takes("(")) return closed(sum());
    skip_blanks();
    const char* const from = text_.data() + at_;
    if (at_ < text_.size() && std::isdigit(static_cast<unsigned char>(*from))) {
      double v = 0;
      const auto [end, error] = std::from_chars(from, text_.data() + text_.size(), v);
      if (error != std::errc()) refuse("a number");
      at_ += static_cast<std::size_t>(end - from);
      return v;
    }
    return named();
  }
  double named() {
    const std::size_t start = at_;
    const auto is_of_name = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.'; };
    while (at_ < text_.size() && is_of_name(text_[at_])) ++at_;
    const std::string name(text_.substr(start, at_ - start));
    if (name.empty()) refuse("a number or a name");
    if (takes("(")) return of_function(name);
    const double v = value_of_(name);
    names_.emplace_back(name, v);
    return v;
  }
  double of_function(const std::string& name) {
    const double x = sum();
    if (name == "abs") return closed(std::fabs(x));
    if (name == "ln") return closed(std::log(x));
    if (name != "max" && name != "min") refuse("abs, ln, max or min");
    if (!takes(",")) refuse("a comma and a second value");
    const double y = sum();
    return closed(name == "max" ? std::max(x, y) : std::min(x, y));
  }
  double closed(double v) {
    if (!takes(")")) refuse("a closing parenthesis");
    return v;
  }
  [[noreturn]] void refuse(const std::string& wanted) const {
    throw Error(Trouble::usage, where_, "\"" + std::string(text_) + "\", at character " + std::to_string(at_ + 1), wanted);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  const std::function<double(const std::string&)>& value_of_;
  const std::string& where_;
  std::vector<std::pair<std::string, double>> names_;
};

}  // namespace

bool holds(std::string_view condition, const std::function<double(const std::string&)>& value_of, const std::string& where) {
  return Condition(condition, value_of, where).holds();
}

std::string names_with_values(std::string_view condition, const std::function<double(const std::string&)>& value_of,
                              const std::string& where) {
  Condition parsed(condition, value_of, where);
  parsed.holds();
  std::vector<std::string> said;
  for (const auto& [name, v] : parsed.names()) {
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", v);
    said.push_back(name + " " + text);
  }
  return listed(said, ", ", said.size());
}

}  // namespace tend
