#pragma once
#include <string>
#include <vector>

#include "chart.h"
#include "tend/monitor/history.h"

namespace tend {

/// What is drawn of a training while it runs: the loss and the watched metric as curves, the rate, and a line with one symbol for
/// each layer. `watched`: "validation.accuracy"; `status`: the last line. At most eight lines more than `style.height`.
std::vector<std::string> live_lines(const History& history, const std::string& watched, const std::string& status,
                                    const ChartStyle& style);
/// One symbol for each layer with weights: how large its updates are beside its weights, as ratio_line; "!" where gradients were
/// not finite in the last steps.
std::string health_line(const std::vector<ParameterHistory>& parameters, std::size_t width, bool with_blocks);

/// Lines at the end of a terminal that are drawn again and again in their place.
class LiveBlock {
 public:
  /// Draws the lines in place of the last ones.
  void draw(const std::vector<std::string>& lines);
  /// Removes them, so that other lines may follow.
  void clear();

 private:
  std::size_t drawn_ = 0;
};

}  // namespace tend
