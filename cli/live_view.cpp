#include "live_view.h"

#include <cmath>
#include <cstdio>

#include "layer_tables.h"
#include "text.h"

namespace tend {

namespace {

/// The curve of a metric after each epoch over steps, "validation.accuracy"; empty if it is not measured.
Curve curve_of_metric(const History& history, const std::string& watched) {
  Curve curve{.name = watched, .points = {}};
  const std::size_t dot = watched.find('.');
  if (dot == std::string::npos) return curve;
  for (const EpochReport& epoch : history.epochs) {
    const double v = metric_of(watched.starts_with("train.") ? epoch.train : epoch.validation, watched.substr(dot + 1));
    curve.points.push_back({.x = static_cast<double>(epoch.steps), .low = v, .mean = v, .high = v});
  }
  return curve;
}

Curve curve_of_loss(const History& history) {
  Curve curve{.name = "loss of batches", .points = {}};
  for (const StepWindow& w : history.windows) {
    const double at = static_cast<double>(w.first + w.last) / 2;
    curve.points.push_back({.x = at, .low = w.mean, .mean = w.mean, .high = w.mean});
  }
  return curve;
}

}  // namespace

std::string health_line(const std::vector<ParameterHistory>& parameters, std::size_t width, bool with_blocks) {
  std::string line;
  std::size_t shown = 0, all = 0;
  for (const ParameterHistory* p : usual_of_pack(parameters)) {
    if (!p->is_matrix || p->windows.empty()) continue;
    ++all;
    if (shown == width) continue;
    ++shown;
    const ParameterWindow& last = p->windows.back();
    const std::string mark = ratio_line({last}, 1, with_blocks);
    line += last.not_finite > 0 || !std::isfinite(last.update_ratio()) ? "!" : mark.empty() ? " " : mark;
  }
  return line + (shown < all ? " and " + std::to_string(all - shown) + " more" : "");
}

std::vector<std::string> live_lines(const History& history, const std::string& watched, const std::string& status,
                                    const ChartStyle& style) {
  std::vector<Curve> curves{curve_of_loss(history)};
  // A metric that is not a loss has another scale, and a chart of its own height.
  const Curve metric = curve_of_metric(history, watched);
  const bool is_loss = watched.ends_with("loss"), has_two = !metric.points.empty() && !is_loss;
  if (!metric.points.empty() && is_loss) curves.push_back(metric);
  ChartStyle part = style;
  part.height = has_two ? style.height / 2 : style.height;
  std::vector<std::string> lines = chart("loss", "step", curves, part);
  if (has_two)
    for (std::string& line : chart(watched, "step", {metric}, part)) lines.push_back(std::move(line));
  std::string health = health_line(history.parameters, static_cast<std::size_t>(std::max(10, style.width - 60)), shows_blocks());
  if (!health.empty() && !history.windows.empty())
    lines.push_back("  rate " + figure(history.windows.back().learning_rate) + "   updates of each layer [" + health + "] " +
                    (shows_blocks() ? "\u2585" : "*") + " is 1e-3 of the weights");
  lines.push_back(status);
  return lines;
}

void LiveBlock::draw(const std::vector<std::string>& lines) {
  std::string text = drawn_ > 0 ? "\r\033[" + std::to_string(drawn_) + "A\033[J" : "\r\033[J";
  for (const std::string& line : lines) text += line + "\n";
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
  drawn_ = lines.size();
}

void LiveBlock::clear() {
  if (drawn_ > 0) std::fprintf(stderr, "\r\033[%zuA\033[J", drawn_);
  drawn_ = 0;
}

}  // namespace tend
