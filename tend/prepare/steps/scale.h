#pragma once
#include "tend/prepare/step.h"

namespace tend {

/// x = x factor: {scale = 0.00392156862} converts bytes to 0 .. 1.
struct Scale {
  static constexpr std::string_view about = "Multiplies all inputs by a constant.";
  std::optional<double> factor;
  static constexpr auto fields = std::tuple{
      field_of<Scale>("factor", &Scale::factor, {}, "", "The number that every value is multiplied by; it must be given.")};
  static constexpr std::string_view value_field = "factor";

  void fit(const Frame&) {
    if (!factor) throw Error(Trouble::usage, "prepare.scale", "no factor", "a number: {scale = 0.00392156862}");
  }
  void apply(Frame& rows) const {
    const auto n = static_cast<std::size_t>(rows.channels());
    rows.shift_and_scale(std::vector<double>(n, 0.0), std::vector<double>(n, factor.value_or(1)));
  }
};

}  // namespace tend
