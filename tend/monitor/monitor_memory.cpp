#include <concepts>
#include <utility>

#include "tend/monitor/monitor.h"
#include "tend/train/report_value.h"

namespace tend {

namespace {

constexpr const char* memory_name = "the memory of the monitor";

/// Writes numbers one after another, or reads them in the same order.
class Numbers {
 public:
  explicit Numbers(std::vector<double>& written) : written_(&written) {}
  explicit Numbers(const std::vector<double>& read) : read_(&read) {}

  template <class... T>
  void operator()(T&... all) {
    (one(all), ...);
  }
  bool is_at_end() const { return place_ == read_->size(); }

 private:
  template <class T>
  void one(T& number) {
    if (written_) return written_->push_back(static_cast<double>(number));
    if constexpr (!std::is_const_v<T>)
      if (place_ < read_->size()) number = static_cast<T>((*read_)[place_++]);
  }
  std::vector<double>* written_ = nullptr;
  const std::vector<double>* read_ = nullptr;
  std::size_t place_ = 0;
};

template <class T, class Other>
concept Is = std::same_as<std::remove_const_t<T>, Other>;
void visit(Numbers& n, Is<StepWindow> auto& w) { n(w.first, w.last, w.mean, w.highest, w.highest_step, w.learning_rate); }
void visit(Numbers& n, Is<ParameterWindow> auto& w) {
  n(w.first, w.last, w.gradient_norm, w.update_norm, w.weight_norm, w.not_finite);
}
void visit(Numbers& n, Is<NoiseLook> auto& l) { n(l.step, l.rows, l.signal, l.noise, l.cost); }
void visit(Numbers& n, Is<SuddenStep> auto& s) {
  n(s.step, s.ratio_before, s.ratio, s.rate_before, s.rate, s.loss_before, s.loss_after, s.has_harmed);
}
void visit(Numbers& n, Is<OutsideChange> auto& c) { n(c.step, c.norm_before, c.norm_after, c.update_norm); }

template <class T>
std::vector<double> numbers_of(const std::vector<T>& all) {
  std::vector<double> numbers;
  Numbers n(numbers);
  for (const T& one : all) visit(n, one);
  return numbers;
}
template <class T>
std::vector<T> all_of(const std::vector<double>& numbers) {
  std::vector<T> all;
  for (Numbers n(numbers); !n.is_at_end();) visit(n, all.emplace_back());
  return all;
}

}  // namespace

/// What is open at a moment, in an order that does not change.
void Monitor::visit_open(auto& m, auto& n) {
  n(m.history_.steps, m.history_.suggested_rate, m.look_steps_, m.next_look_, m.noise_steps_, m.next_noise_, m.window_steps_);
  n(m.finite_, m.usual_loss_, m.last_rate_, m.seen_, m.high_losses_);
  visit(n, m.window_);
  for (auto& sum : m.sums_) visit(n, sum);
  for (auto& usual : m.usual_) n(usual.log_ratio, usual.weight_norm);
}

WatcherMemory Monitor::memory() const {
  if (history_.has_ended) return before_end_;
  WatcherMemory m{.facts = Value::table(), .numbers = {}, .kept = {}};
  Numbers open(m.numbers["open"]);
  visit_open(*this, open);
  m.numbers["windows"] = numbers_of(history_.windows);
  for (const ParameterHistory& p : history_.parameters) {
    const std::vector<double> windows = numbers_of(p.windows);
    std::vector<double>& all = m.numbers["parameter_windows"];
    all.insert(all.end(), windows.begin(), windows.end());
  }
  m.numbers["noise"] = numbers_of(history_.noise);
  std::vector<SuddenStep> sudden = history_.sudden;
  m.facts["has_suspect"] = suspect_.has_value();
  if (suspect_) sudden.push_back(*suspect_);
  m.numbers["sudden"] = numbers_of(sudden);
  m.facts["sudden"] = Value::array();
  for (const SuddenStep& s : sudden) m.facts["sudden"].push_back(s.parameter);
  m.numbers["outside"] = numbers_of(history_.outside);
  m.facts["outside"] = Value::array();
  for (const OutsideChange& c : history_.outside) m.facts["outside"].push_back(Value(Value::Array{c.parameter, c.layer}));
  m.facts["start_alarms"] = Value::array();
  for (const StartAlarm& a : history_.start_alarms)
    m.facts["start_alarms"].push_back(Value(Value::Array{a.check, a.cause, a.message, a.has_changes}));
  m.facts["looks"] = Value::array();
  for (const LayersLook& look : history_.looks)
    m.facts["looks"].push_back(Value(Value::Array{look.step, layers_to_value(look.layers)}));
  return m;
}

bool Monitor::recall(const WatcherMemory& m) {
  const auto numbers = [&](const char* name) -> const std::vector<double>& {
    static const std::vector<double> none;
    const auto found = m.numbers.find(name);
    return found == m.numbers.end() ? none : found->second;
  };
  std::vector<double> open_now;
  Numbers present(open_now);
  visit_open(std::as_const(*this), present);
  std::vector<StepWindow> windows = all_of<StepWindow>(numbers("windows"));
  const std::vector<ParameterWindow> of_parameters = all_of<ParameterWindow>(numbers("parameter_windows"));
  const std::vector<double>& open = numbers("open");
  if (open.size() != open_now.size() || of_parameters.size() != windows.size() * history_.parameters.size()) return false;
  Numbers saved(open);
  visit_open(*this, saved);
  history_.windows = std::move(windows);
  for (std::size_t i = 0; i < history_.parameters.size(); ++i) {
    const auto first = of_parameters.begin() + static_cast<std::ptrdiff_t>(i * history_.windows.size());
    history_.parameters[i].windows.assign(first, first + std::ssize(history_.windows));
  }
  history_.noise = all_of<NoiseLook>(numbers("noise"));
  history_.sudden = all_of<SuddenStep>(numbers("sudden"));
  history_.outside = all_of<OutsideChange>(numbers("outside"));
  history_.looks.clear();
  const std::string name = memory_name;
  const SavedValue facts(m.facts, name);
  const Value::Array &of_sudden = facts.at("sudden").items(), &of_outside = facts.at("outside").items();
  if (of_sudden.size() != history_.sudden.size() || of_outside.size() != history_.outside.size()) facts.refuse();
  for (std::size_t i = 0; i < of_sudden.size(); ++i) history_.sudden[i].parameter = SavedValue(of_sudden[i], name).string();
  for (std::size_t i = 0; i < of_outside.size(); ++i) {
    const Value::Array& names = SavedValue(of_outside[i], name).items();
    if (names.size() != 2) facts.refuse();
    history_.outside[i].parameter = SavedValue(names[0], name).string();
    history_.outside[i].layer = SavedValue(names[1], name).string();
  }
  history_.start_alarms.clear();
  const Value* alarms = m.facts.find("start_alarms");
  for (const Value& alarm : alarms ? SavedValue(*alarms, name).items() : Value::Array()) {
    const Value::Array& texts = SavedValue(alarm, name).items();
    if (texts.size() != 4) facts.refuse();
    history_.start_alarms.push_back({.check = SavedValue(texts[0], name).string(),
                                     .cause = SavedValue(texts[1], name).string(),
                                     .message = SavedValue(texts[2], name).string(),
                                     .has_changes = SavedValue(texts[3], name).boolean()});
  }
  for (const Value& look : facts.at("looks").items()) {
    const Value::Array& parts = SavedValue(look, name).items();
    if (parts.size() != 2) facts.refuse();
    history_.looks.push_back({.step = SavedValue(parts[0], name).integer(), .layers = layers_of_value(parts[1])});
  }
  suspect_.reset();
  if (facts.at("has_suspect").boolean()) {
    if (history_.sudden.empty()) facts.refuse();
    suspect_ = history_.sudden.back();
    history_.sudden.pop_back();
  }
  history_.epochs = training_->summary().history;
  return true;
}

}  // namespace tend
