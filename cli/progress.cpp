#include "progress.h"

#include <chrono>
#include <cstdio>

#include <unistd.h>

namespace tend {

namespace {

constexpr double seconds_between_bars = 0.1, seconds_between_lines = 3;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace

std::string metrics_text(const Metrics& metrics) {
  std::string text;
  char part[64];
  for (const auto& [name, value] : metrics) {
    std::snprintf(part, sizeof part, "%s%s %.4g", text.empty() ? "" : "  ", name.c_str(), value);
    text += part;
  }
  return text;
}

ProgressDisplay::ProgressDisplay(bool is_quiet, std::int64_t epochs)
    : is_quiet_(is_quiet), is_terminal_(::isatty(STDERR_FILENO)), epochs_(epochs) {}

void ProgressDisplay::show(const Event& event) {
  if (is_quiet_) return;
  if (event.kind == Event::Kind::note) {
    clear_bar();
    std::fprintf(stderr, "  %s\n", event.text.c_str());
  } else if (event.kind == Event::Kind::started) {
    drawn_ = now();
  } else if (event.kind == Event::Kind::step) {
    is_terminal_ ? show_bar(event) : show_step(event);
  } else if (event.kind == Event::Kind::epoch) {
    show_epoch(*event.epoch, event.step == event.steps);
  }
}

void ProgressDisplay::show_bar(const Event& event) {
  if (now() - drawn_ < seconds_between_bars) return;
  drawn_ = now();
  constexpr int width = 30;
  const int done = static_cast<int>(width * event.step / event.steps);
  std::string bar(static_cast<std::size_t>(done), '#');
  bar.resize(width, '.');
  std::fprintf(stderr, "\r  [%s] step %lld of %lld  loss %.4g \033[K", bar.c_str(), static_cast<long long>(event.step),
               static_cast<long long>(event.steps), event.loss);
  has_bar_ = true;
}

/// Where no line was written for a while, since epochs are long.
void ProgressDisplay::show_step(const Event& event) {
  if (now() - drawn_ < seconds_between_lines) return;
  drawn_ = now();
  std::fprintf(stderr, "  step %lld of %lld  loss %.4g\n", static_cast<long long>(event.step),
               static_cast<long long>(event.steps), event.loss);
}

void ProgressDisplay::warn(const std::string& text) {
  if (has_warned_) return;
  has_warned_ = true;
  clear_bar();
  std::fprintf(stderr, "  %s %s\n", coloured("warning:", "33").c_str(), text.c_str());
}

void ProgressDisplay::show_epoch(const EpochReport& r, bool is_last) {
  clear_bar();
  if (!is_terminal_ && !is_last && r.epoch > 1 && now() - drawn_ < seconds_between_lines / 2) return;
  drawn_ = is_terminal_ ? drawn_ : now();
  std::fprintf(stderr, "  epoch %3lld of %lld  train: %s%s%s  %s%.0f rows/s\n", static_cast<long long>(r.epoch),
               static_cast<long long>(epochs_), metrics_text(r.train).c_str(),
               r.validation.empty() ? "" : "  validation: ", metrics_text(r.validation).c_str(), r.is_best ? "best  " : "",
               r.examples_per_second);
}

void ProgressDisplay::clear_bar() {
  if (has_bar_) std::fprintf(stderr, "\r\033[K");
  has_bar_ = false;
}

}  // namespace tend
