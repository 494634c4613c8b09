#include "tend/check/checks/input_codes.h"

#include <algorithm>
#include <cmath>

#include "tend/network/input_embedding.h"

namespace tend {

namespace {

struct BadCode {
  std::int64_t row = -1, place = 0;
  float value = 0;
};

/// What is wrong with the codes of a part.
struct CodeScan {
  BadCode above, no_code;  ///< the first of each
  std::int64_t above_count = 0, no_code_count = 0;
  float highest = 0;

  CodeScan(const Part& part, std::int64_t vocabulary) {
    const std::int64_t width = part.x.row_size();
    std::vector<float> row(static_cast<std::size_t>(width));
    for (std::int64_t r = 0; r < part.rows(); ++r) {
      part.gather(nullptr, r, 1, row.data());
      for (std::int64_t c = 0; c < width; ++c) {
        const float v = row[static_cast<std::size_t>(c)];
        if (!std::isfinite(v)) continue;  // data_quality names it
        highest = std::max(highest, v);
        if (v < 0 || v != std::floor(v)) {
          if (no_code_count++ == 0) no_code = {r, c, v};
        } else if (v >= static_cast<float>(vocabulary) && above_count++ == 0) {
          above = {r, c, v};
        }
      }
    }
  }
};

std::string place_of(const BadCode& code, PartName part, const Setup& setup) {
  return setup.plan().prepared().place_of_row(part, code.row) + ", place " + std::to_string(code.place) + " of the inputs";
}

}  // namespace

std::vector<CheckResult> InputCodes::run(const Setup& setup) const {
  const auto [node, vocabulary] = input_embedding(setup.network());
  if (!node) return {CheckResult::pass("No embedding reads the inputs.")};
  const Parts& parts = setup.plan().parts();
  std::vector<CheckResult> told;
  double needed = 0;
  std::string text;
  for (const auto& [name, part, which] : {std::tuple{"training", &parts.train, PartName::train},
                                          {"validation", &parts.validation, PartName::validation},
                                          {"test", &parts.test, PartName::test}}) {
    if (part->rows() == 0) continue;
    const CodeScan scan(*part, vocabulary);
    needed = std::max(needed, static_cast<double>(scan.highest) + 1);
    if (scan.no_code_count > 0)
      told.push_back(CheckResult::alarm(Verdict::fail, "data-quality",
                                        counted(scan.no_code_count, "input") + " of the " + name + " part " +
                                            (scan.no_code_count == 1 ? "is no code: " : "are no codes: ") +
                                            short_number(scan.no_code.value) + " in " + place_of(scan.no_code, which, setup) +
                                            ". " + node->name + " looks up whole numbers from 0 to " +
                                            std::to_string(vocabulary - 1) + ".",
                                        "Number the values in data.source from 0, without fractions.")
                         .at(node->name));
    if (scan.above_count > 0 && text.empty())
      text = "The vocabulary of " + node->name + " is too small: it has " + std::to_string(vocabulary) + " codes, 0 to " +
             std::to_string(vocabulary - 1) + ", but " + counted(scan.above_count, "input") + " of the " + name + " part " +
             (scan.above_count == 1 ? "is" : "are") + " above; the first is " + short_number(scan.above.value) + " in " +
             place_of(scan.above, which, setup) + ".";
  }
  if (!text.empty())
    told.push_back(CheckResult::alarm(Verdict::fail, "architecture",
                                      text + " A vocabulary of " + short_number(needed) + " is needed.",
                                      {{.path = layer_field(*node) + ".vocabulary", .value = static_cast<std::int64_t>(needed)}})
                       .at(node->name)
                       .with(needed, static_cast<double>(vocabulary)));
  if (told.empty())
    told.push_back(CheckResult::pass("All codes fit " + node->name + ": they are whole numbers from 0 to " +
                                     short_number(needed - 1) + ", and its vocabulary has " + std::to_string(vocabulary) + "."));
  return told;
}

}  // namespace tend
