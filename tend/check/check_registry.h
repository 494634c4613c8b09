#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "tend/base/registry.h"
#include "tend/check/check.h"

namespace tend {

/// A check behind one interface.
class CheckEntry {
 public:
  virtual ~CheckEntry() = default;
  virtual std::string_view name() const = 0;
  virtual Effort effort() const = 0;
  virtual int place() const = 0;
  virtual bool sees_all_members() const = 0;  ///< of a pack; otherwise the set-up that it gets is that of the first member
  virtual std::int64_t batches() const = 0;   ///< about how many whole batches it trains on; 0: hardly any
  virtual std::vector<CheckResult> run(const Setup& setup) const = 0;
};

template <class C>
class CheckModel : public CheckEntry {
 public:
  explicit CheckModel(C entry, std::string name = std::string(entry_name<C>))
      : entry_(std::move(entry)), name_(std::move(name)) {}
  std::string_view name() const override { return name_; }
  Effort effort() const override { return C::effort; }
  int place() const override { return C::place; }
  bool sees_all_members() const override {
    if constexpr (requires { C::sees_all_members; }) return C::sees_all_members;
    return false;
  }
  std::int64_t batches() const override {
    if constexpr (requires { C::batches; }) return C::batches;
    return 0;
  }
  std::vector<CheckResult> run(const Setup& setup) const override { return entry_.run(setup); }

 private:
  C entry_;
  std::string name_;
};

const Registry<CheckEntry>& builtin_checks();

}  // namespace tend
