#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace tend {

/// What `word` is called here, where it is a name of another program ("kaiming_normal", "ReLU", "lr"), written otherwise, or a
/// slip of the pen; one of `known`, or "".
std::string our_word(std::string_view word, const std::vector<std::string>& known);

/// What to do about a word that others use for something which is written otherwise here: "weight_decay" of an optimizer stands
/// in [update]. One sentence, else "". Only for words that are not known where they stand.
std::string advice_about(std::string_view word);

/// The hint of an error about `word`: 'did you mean "relu"?', advice, or "".
std::string hint_about(std::string_view word, const std::vector<std::string>& known);

}  // namespace tend
