#include "progress.h"

#include <cmath>
#include <cstdio>

#include <sys/ioctl.h>
#include <unistd.h>

#include "tend/base/clock.h"
#include "text.h"

namespace tend {

namespace {

constexpr double seconds_between_bars = 0.1, seconds_between_lines = 3, seconds_between_epochs = 1;
constexpr double seconds_before_live = 2, seconds_between_views = 0.5;
constexpr int least_columns = 60, least_rows = 24, rows_of_chart = 10;

/// The rows of the terminal of standard error; 0 if it has none.
int rows_of_terminal() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}

}  // namespace

std::string metric_text(const std::string& name, double value) {
  // r2 where all targets are equal, roc_auc where all rows are of one class; a loss that is not finite has diverged.
  const bool may_be_undefined = name != "loss" && name != "mse" && name != "mae";
  return may_be_undefined && !std::isfinite(value) ? "undefined" : figure(value);
}

std::string metrics_text(const Metrics& metrics) {
  std::string text;
  for (const auto& [name, value] : metrics) text += (text.empty() ? "" : "  ") + name + " " + metric_text(name, value);
  return text;
}

ProgressDisplay::ProgressDisplay(bool is_quiet, std::string watched)
    : watched_(std::move(watched)), is_quiet_(is_quiet), is_terminal_(::isatty(STDERR_FILENO)) {}

void ProgressDisplay::show(const Event& event) {
  if (is_quiet_) return;
  if (event.kind == Event::Kind::note) {
    clear_bar();
    std::fprintf(stderr, "  %s\n", event.text.c_str());
  } else if (event.kind == Event::Kind::started) {
    drawn_ = seconds_now();
  } else if (event.kind == Event::Kind::step) {
    if (first_step_ == 0) first_step_ = event.step, began_ = seconds_now();
    is_terminal_ ? show_bar(event) : show_step(event);
  } else if (event.kind == Event::Kind::epoch) {
    epoch_ = event.epoch->epoch;
    take_metric(*event.epoch);
    show_epoch(*event.epoch, event.step == event.steps);
  } else if (event.kind == Event::Kind::ended) {
    if (best_ && best_->epoch != last_->epoch) print_epoch(*best_);
    if (last_) print_epoch(*last_);
    best_.reset(), last_.reset();
    clear_bar();
  }
}

void ProgressDisplay::show_bar(const Event& event) {
  if (seconds_now() - drawn_ < seconds_between_bars) return;
  drawn_ = seconds_now();
  constexpr int width = 20;
  const int done = static_cast<int>(width * event.step / event.steps);
  std::string bar(static_cast<std::size_t>(done), '#');
  bar.resize(width, '.');
  // A line that is longer than the terminal would stay there.
  const auto columns = static_cast<std::size_t>(style_of_output(STDERR_FILENO).width - 1);
  const std::string begin = "  [" + bar + "] epoch " + std::to_string(epoch_ + 1) + "  ";
  const std::string line = cut(begin + step_text(event, columns - std::min(columns, begin.size())), columns);
  if (show_live(line)) return;
  std::fprintf(stderr, "\r%s\033[K", line.c_str());
  has_bar_ = true;
}

/// Draws curves and layers above the bar. Returns whether there is a live view.
bool ProgressDisplay::show_live(const std::string& bar) {
  if (!history_ || seconds_now() - began_ < seconds_before_live || rows_of_terminal() < least_rows) return false;
  ChartStyle style = style_of_output(STDERR_FILENO);
  if (style.width < least_columns) return false;
  if (seconds_now() - live_drawn_ < seconds_between_views) return true;
  if (has_bar_) std::fprintf(stderr, "\r\033[K"), has_bar_ = false;
  style.width = std::min(style.width, 120) - 8;  // the name of the x axis follows the chart: no line may be broken
  style.height = rows_of_chart;
  live_.draw(live_lines(history_(), watched_, bar, style));
  live_drawn_ = seconds_now();
  return true;
}

/// "step 120 of 450  loss 0.31  validation.loss 0.35  210 steps/s  2 s left"; where that is longer than `most`, without the
/// speed, then without the metric.
std::string ProgressDisplay::step_text(const Event& event, std::size_t most) const {
  const std::string text = "step " + std::to_string(event.step) + " of " + std::to_string(event.steps) + "  loss " +
                           figure(event.loss),
                    metric = metric_.empty() ? "" : "  " + watched_ + " " + metric_;
  const double seconds = seconds_now() - began_, steps = static_cast<double>(event.step - first_step_);
  std::string speed, left;
  if (steps >= 1 && seconds >= 0.2) {
    const double rate = steps / seconds;
    speed = "  " + (rate < 1000 ? figure(rate) : std::to_string(std::llround(rate))) + " steps/s";
    left = "  " + duration_text(static_cast<double>(event.steps - event.step) / rate) + " left";
  }
  if (width_of(text + metric + speed + left) <= most) return text + metric + speed + left;
  if (width_of(text + metric + left) <= most) return text + metric + left;
  return text + left;
}

void ProgressDisplay::take_metric(const EpochReport& report) {
  const std::size_t dot = watched_.find('.');
  if (dot == std::string::npos) return;
  const std::string name = watched_.substr(dot + 1);
  const Metrics& metrics = watched_.starts_with("train.") ? report.train : report.validation;
  for (const auto& [known, value] : metrics)
    if (known == name) metric_ = metric_text(name, value);
}

/// Prints a line if none was written for a while, because epochs can be long.
void ProgressDisplay::show_step(const Event& event) {
  if (seconds_now() - drawn_ < seconds_between_lines) return;
  drawn_ = seconds_now();
  std::fprintf(stderr, "  epoch %lld  %s\n", static_cast<long long>(epoch_ + 1), step_text(event, std::string::npos).c_str());
}

void ProgressDisplay::say(const std::string& text) {
  if (is_quiet_) return;
  clear_bar();
  std::fprintf(stderr, "  %s\n", wrapped(text, 2, stderr).c_str());
}

void ProgressDisplay::warn(const std::string& text) {
  if (has_warned_) return;
  has_warned_ = true;
  clear_bar();
  std::fprintf(stderr, "  %s %s\n", coloured("warning:", "33").c_str(), text.c_str());
}

/// If epochs are short, not all of them are shown; the best so far and the last are.
void ProgressDisplay::show_epoch(const EpochReport& r, bool is_last) {
  if (!is_last && r.epoch > 1 && seconds_now() - shown_ < seconds_between_epochs) {
    if (r.is_best) best_ = r;
    last_ = r;
    return;
  }
  if (best_ && !r.is_best) print_epoch(*best_);
  best_.reset(), last_.reset();
  shown_ = drawn_ = seconds_now();
  print_epoch(r);
}

/// Prints a line of the table; the header is above the first line.
void ProgressDisplay::print_epoch(const EpochReport& r) {
  clear_bar();
  std::string header = "  epoch", line;
  char cell[128];
  std::snprintf(cell, sizeof cell, "%7lld", static_cast<long long>(r.epoch));
  line = cell;
  const auto add = [&](const std::string& name, const std::string& text) {
    const int width = static_cast<int>(std::max<std::size_t>(name.size(), 9)) + 2;
    std::snprintf(cell, sizeof cell, "%*s", width, name.c_str());
    header += cell;
    std::snprintf(cell, sizeof cell, "%*s", width, text.c_str());
    line += cell;
  };
  for (const auto& [part, metrics] : {std::pair{"train", &r.train}, {"validation", &r.validation}})
    for (const auto& [name, value] : *metrics)
      if (is_main_metric(name) || part + ("." + name) == watched_) add(part + (" " + name), metric_text(name, value));
  add("rows/s", std::to_string(std::llround(r.examples_per_second)));
  if (!has_header_) std::fprintf(stderr, "%s\n", header.c_str());
  has_header_ = true;
  std::fprintf(stderr, "%s%s\n", line.c_str(), r.is_best ? "  best so far" : "");
}

void ProgressDisplay::clear_bar() {
  live_.clear();
  live_drawn_ = 0;
  if (has_bar_) std::fprintf(stderr, "\r\033[K");
  has_bar_ = false;
}

}  // namespace tend
