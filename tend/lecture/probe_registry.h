#pragma once
#include <memory>
#include <string_view>

#include "tend/base/registry.h"
#include "tend/lecture/probe.h"

namespace tend {

/// A probe in one run, behind one interface.
class ProbeInRun {
 public:
  virtual ~ProbeInRun() = default;
  virtual void at_start(const Training& training, Measures& measures) = 0;
  virtual void after_step(const Training& training, Measures& measures) = 0;
  virtual void after_epoch(const Training& training, Measures& measures) = 0;
  virtual void at_end(const Training& training, Measures& measures) = 0;
};

class ProbeEntry {
 public:
  virtual ~ProbeEntry() = default;
  virtual std::unique_ptr<ProbeInRun> begin() const = 0;
};

template <class P>
class ProbeModel : public ProbeEntry {
 public:
  explicit ProbeModel(P entry) : entry_(std::move(entry)) {}
  std::unique_ptr<ProbeInRun> begin() const override { return std::make_unique<InRun>(entry_); }

 private:
  class InRun : public ProbeInRun {
   public:
    explicit InRun(P entry) : entry_(std::move(entry)) {}
    void at_start([[maybe_unused]] const Training& training, [[maybe_unused]] Measures& measures) override {
      if constexpr (requires { entry_.at_start(training, measures); }) entry_.at_start(training, measures);
    }
    void after_step([[maybe_unused]] const Training& training, [[maybe_unused]] Measures& measures) override {
      if constexpr (requires { entry_.after_step(training, measures); }) entry_.after_step(training, measures);
    }
    void after_epoch([[maybe_unused]] const Training& training, [[maybe_unused]] Measures& measures) override {
      if constexpr (requires { entry_.after_epoch(training, measures); }) entry_.after_epoch(training, measures);
    }
    void at_end([[maybe_unused]] const Training& training, [[maybe_unused]] Measures& measures) override {
      if constexpr (requires { entry_.at_end(training, measures); }) entry_.at_end(training, measures);
    }

   private:
    P entry_;
  };
  P entry_;
};

const Registry<ProbeEntry>& builtin_probes();

}  // namespace tend
