#pragma once
#include "tend/network/layer.h"

namespace tend {

/// Reshape: the same numbers of a row with other axes, row-major: {reshape = [4, 7, 3]}: [84] -> [4,7,3]. One size may be -1: it
/// follows from the others.
struct Reshape {
  static constexpr std::string_view about = "Gives the numbers of a row other axes, in the same order.";
  Value sizes = Value::Array{-1};

  static constexpr auto fields = std::tuple{field_of<Reshape>(
      "sizes", &Reshape::sizes, at_least(-1), "",
      "The sizes of the new axes; one of them may be -1 and is computed from the others.", "<integer> <integers>")};
  static constexpr std::string_view value_field = "sizes";
  static constexpr bool takes_epilogue = false, backward_takes_epilogue = false, is_view = true;

  static std::vector<LayerCase<Reshape>> cases() {
    return {{{}, {{3, 2, 2}}}, {{.sizes = Value::Array{2, -1, 3}}, {{12}}}, {{.sizes = Value::Array{6, 1}}, {{2, 3}}}};
  }

  Layout layout(const std::vector<Shape>& inputs) const {
    std::vector<std::int64_t> wanted;
    std::int64_t known = 1, open = 0;
    for (const Value& v : sizes.is_array() ? sizes.array_items() : Value::Array{sizes}) {
      if (!v.is_integer() || v.integer() == 0 || v.integer() < -1) refuse(v.describe());
      wanted.push_back(v.integer());
      if (v.integer() < 0) ++open;
      else known *= v.integer();
    }
    if (wanted.empty() || wanted.size() > 4 || open > 1) refuse(to_inline_toml(sizes));
    const std::int64_t count = inputs.at(0).count();
    for (std::int64_t& size : wanted)
      if (size < 0) size = count / known;
    if (Shape(wanted).count() != count)
      throw Error(Trouble::usage, "reshape",
                  "a row of shape " + inputs[0].text() + ", " + std::to_string(count) + " numbers, for " + to_inline_toml(sizes),
                  "sizes whose product is " + std::to_string(count), open ? "" : "one of them may be -1");
    return {.output = Shape(wanted)};
  }
  void forward(Pass&) const {}
  void backward(Pass&) const {}

 private:
  [[noreturn]] static void refuse(const std::string& got) {
    throw Error(Trouble::usage, "reshape", got, "one to four sizes above 0, one of which may be -1",
                "for instance { reshape = [28, 28, 1] }");
  }
};

}  // namespace tend
