#pragma once
#include <functional>
#include <string>
#include <string_view>

namespace tend {

/// Evaluates a comparison such as "relu.test.accuracy > sigmoid.test.accuracy + 0.05" or "0.2 < tanh.start.tanh_9.deviation <
/// 0.3". Terms: numbers, names with dots (`value_of` gives their values), + - * / and parentheses, abs(x), ln(x), max(x, y),
/// min(x, y). A comparison with a value that is not a number does not hold. Throws Error{usage} that names `where` and the place
/// of the mistake.
bool holds(std::string_view condition, const std::function<double(const std::string& name)>& value_of, const std::string& where);

/// "relu.test.accuracy 0.98, sigmoid.test.accuracy 0.1": the names in a condition, with their values.
std::string names_with_values(std::string_view condition, const std::function<double(const std::string& name)>& value_of,
                              const std::string& where);

}  // namespace tend
