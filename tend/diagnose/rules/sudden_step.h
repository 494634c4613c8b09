#pragma once
#include "tend/diagnose/evidence.h"

namespace tend {

/// A step that changed weights at least 20 times as much as usual: warning where the loss then was 3 times the usual in all
/// of the next five steps, or in most and above that of the start, or not finite, otherwise info: most trainings come back by
/// themselves, at once. If the learning rate grew with it, that is the cause; otherwise the batch, or a rate near the limit. In a
/// pack it is then one network among many: info.
struct SuddenStepRule {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view entry_name = "sudden_step";
  static constexpr int place = 3;

  std::vector<Finding> find(const History& h) const {
    if (h.sudden.empty()) return {};
    const auto harmful = std::find_if(h.sudden.begin(), h.sudden.end(), [](const SuddenStep& one) { return one.has_harmed; });
    const SuddenStep& s = harmful == h.sudden.end() ? h.sudden.front() : *harmful;
    const auto parameter = std::find_if(h.parameters.begin(), h.parameters.end(),
                                        [&](const ParameterHistory& p) { return p.name == s.parameter; });
    const bool has_other_rate = s.rate_before > 0 && s.rate > 3 * s.rate_before;
    const bool is_of_one_member = h.members > 1 && !has_other_rate;
    Finding f{.severity = s.has_harmed && !is_of_one_member ? Severity::warning : Severity::info,
              .layer = parameter == h.parameters.end() ? s.parameter.substr(0, s.parameter.rfind('.')) : parameter->layer,
              .first_step = s.step,
              .step = s.step};
    f.causes = has_other_rate ? ranked({{"learning-rate-high", 1}})
                              : ranked({{"data-quality", 0.5}, {"learning-rate-high", 0.5}});
    f.evidence = {{"update_ratio", s.ratio},      {"usual_update_ratio", s.ratio_before},
                  {"loss_before", s.loss_before}, {"loss_after", s.loss_after},
                  {"learning_rate", s.rate},      {"learning_rate_before", s.rate_before}};
    const bool is_short = !s.has_harmed && s.loss_after > 2 * s.loss_before;
    f.message = "Step " + std::to_string(s.step) + " changed " + s.parameter + " by " + percent_text(s.ratio) +
                " of its size, where " + percent_text(s.ratio_before) + " was usual, and the loss " +
                (s.has_harmed || is_short ? "rose from " : "stayed in bounds: from ") + short_number(s.loss_before) + " to " +
                short_number(s.loss_after) + (is_short ? " for a few steps." : ".");
    if (has_other_rate) {
      f.message += " The learning rate went from " + short_number(s.rate_before) + " to " + short_number(s.rate) + " there.";
      f.changes = {{.path = "update.optimizer.learning_rate", .value = s.rate_before}};
    } else f.advice = "Look at the rows of that batch; update.clip_norm bounds what one batch can do.";
    return {f};
  }
};

}  // namespace tend
