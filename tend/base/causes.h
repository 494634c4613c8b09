#pragma once
#include <algorithm>
#include <array>
#include <string_view>

namespace tend {

/// The words for what is wrong: the same in checks, findings and their scores.
inline constexpr std::array causes{std::string_view("data-scale"),
                                   std::string_view("data-label"),
                                   std::string_view("data-order"),
                                   std::string_view("data-leak"),
                                   std::string_view("data-quality"),
                                   std::string_view("class-imbalance"),
                                   std::string_view("init"),
                                   std::string_view("activation-hidden"),
                                   std::string_view("activation-output"),
                                   std::string_view("loss-choice"),
                                   std::string_view("loss-reduction"),
                                   std::string_view("learning-rate-high"),
                                   std::string_view("learning-rate-low"),
                                   std::string_view("optimizer"),
                                   std::string_view("batch-size"),
                                   std::string_view("epochs"),
                                   std::string_view("regularization"),
                                   std::string_view("capacity"),
                                   std::string_view("depth"),
                                   std::string_view("architecture"),
                                   std::string_view("gradient-bug"),
                                   std::string_view("numerics")};

inline bool is_cause(std::string_view word) { return std::find(causes.begin(), causes.end(), word) != causes.end(); }

}  // namespace tend
