#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace tend {

/// Returns our name for `word` if it is another program's name ("kaiming_normal", "ReLU", "lr"), a different spelling or a typing
/// error: one of `known`, or "".
std::string our_word(std::string_view word, const std::vector<std::string>& known);

/// Returns advice for a word that other programs use and that is written differently here, for example "weight_decay" of an
/// optimizer, which belongs in [update]. Returns one sentence, or "". Call it only for words that are not known in their context.
std::string advice_about(std::string_view word);

/// Returns the hint of an error about `word`: 'did you mean "relu"?', advice, or "".
std::string hint_about(std::string_view word, const std::vector<std::string>& known);

}  // namespace tend
