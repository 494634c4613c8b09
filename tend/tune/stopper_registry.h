#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "tend/base/registry.h"
#include "tend/tune/stopper.h"

namespace tend {

/// A stopper behind one interface.
class StopperEntry {
 public:
  virtual ~StopperEntry() = default;
  virtual std::string_view name() const = 0;
  virtual bool is_usual() const = 0;        ///< applies to trials of many steps when the study names no stopper
  virtual bool wants_findings() const = 0;  ///< trials are watched while they train
  virtual std::size_t pause(const Study& study, const SearchTrial& trial) const = 0;
  virtual std::string cause(const Study& study, const SearchTrial& trial) const = 0;
  virtual bool suspends(const Study& study, const SearchTrial& trial) const = 0;
  virtual std::optional<std::size_t> promote(const Study& study) const = 0;
};

template <class S>
class StopperModel : public StopperEntry {
 public:
  explicit StopperModel(S entry, std::string name = std::string(entry_name<S>))
      : entry_(std::move(entry)), name_(std::move(name)) {}
  std::string_view name() const override { return name_; }
  bool is_usual() const override {
    if constexpr (requires { S::is_usual; }) return S::is_usual;
    else return false;
  }
  bool wants_findings() const override {
    if constexpr (requires { S::wants_findings; }) return S::wants_findings;
    else return false;
  }
  std::size_t pause(const Study& study, const SearchTrial& trial) const override { return entry_.pause(study, trial); }
  std::string cause(const Study& study, const SearchTrial& trial) const override { return entry_.cause(study, trial); }
  bool suspends([[maybe_unused]] const Study& study, [[maybe_unused]] const SearchTrial& trial) const override {
    if constexpr (requires { entry_.suspends(study, trial); }) return entry_.suspends(study, trial);
    else return false;
  }
  std::optional<std::size_t> promote([[maybe_unused]] const Study& study) const override {
    if constexpr (requires { entry_.promote(study); }) return entry_.promote(study);
    else return std::nullopt;
  }

 private:
  S entry_;
  std::string name_;
};

const Registry<StopperEntry>& builtin_stoppers();

}  // namespace tend
