#include "ask_tell.h"

#include <cmath>
#include <limits>

namespace tend {

namespace {

Value answer_to_ask(Search& search) {
  Value v = Value::table();
  const auto next = search.ask();
  if (const std::string* why = std::get_if<std::string>(&next)) {
    v["done"] = *why;
    return v;
  }
  const Assignment& work = std::get<Assignment>(next);
  v["trial"] = static_cast<std::int64_t>(work.trial);
  v["parameters"] = search.parameters(work.trial);
  v["from_step"] = static_cast<std::int64_t>(work.from_step);
  v["to_step"] = static_cast<std::int64_t>(work.to_step);
  return v;
}

/// A list of numbers; null is a number that is not finite.
std::vector<double> numbers_of(const Value& message, const std::string& key) {
  std::vector<double> numbers;
  const Value* list = message.find(key);
  if (!list) return numbers;
  if (!list->is_array()) throw Error(Trouble::usage, key, list->describe(), "a list of numbers, null for one that is not finite");
  for (const Value& v : list->array_items()) {
    if (!v.is_null() && !v.is_number())
      throw Error(Trouble::usage, key, v.describe(), "a number, or null for one that is not finite");
    numbers.push_back(v.is_null() ? std::numeric_limits<double>::quiet_NaN() : v.number());
  }
  return numbers;
}

Value answer_to_tell(Search& search, const Value& message) {
  const Value& number = *message.find("tell");
  if (!number.is_integer() || number.integer() < 0)
    throw Error(Trouble::usage, "tell", number.describe(), "the number of a trial");
  const SearchTrial& trial = search.tell(static_cast<std::size_t>(number.integer()), numbers_of(message, "values"),
                                         numbers_of(message, "training"));
  Value v = Value::table();
  v["trial"] = number.integer();
  v["state"] = std::string(name_of(trial.state == TrialState::running ? TrialState::waiting : trial.state));
  v["cause"] = trial.cause.empty() ? Value() : Value(trial.cause);
  return v;
}

Value answer(Search& search, const std::string& line) {
  try {
    const Value message = parse_json(line, "line");
    if (message.find("ask")) return answer_to_ask(search);
    if (message.find("tell")) return answer_to_tell(search, message);
    throw Error(Trouble::usage, "line", line.substr(0, 80), R"({"ask": true} or {"tell": TRIAL, "values": [...]})");
  } catch (const Error& e) {
    Value v = Value::table();
    v["error"] = std::string(e.what());
    return v;
  }
}

}  // namespace

void ask_and_tell(Search& search, std::istream& in, std::FILE* out) {
  for (std::string line; std::getline(in, line);) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    std::fprintf(out, "%s\n", to_json(answer(search, line), -1).c_str());
    std::fflush(out);
  }
}

}  // namespace tend
