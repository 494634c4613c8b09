#pragma once
#include <string>
#include <string_view>

#include "tend/base/registry.h"
#include "tend/network/initializer.h"

namespace tend {

/// The common interface of initializers.
class InitializerEntry {
 public:
  virtual ~InitializerEntry() = default;
  virtual std::string_view name() const = 0;
  virtual void fill(double* w, const FillTarget& target, Random& random) const = 0;
  virtual std::string formula() const = 0;
  virtual bool needs_data() const = 0;
  virtual Value to_value() const = 0;  ///< as experiment files write it
};

template <class I>
class InitializerModel : public InitializerEntry {
 public:
  explicit InitializerModel(I entry, std::string name = std::string(entry_name<I>))
      : entry_(std::move(entry)), name_(std::move(name)) {}
  std::string_view name() const override { return name_; }
  void fill(double* w, const FillTarget& target, Random& random) const override { entry_.fill(w, target, random); }
  std::string formula() const override { return entry_.formula(); }
  bool needs_data() const override {
    if constexpr (requires { I::needs_data; }) return I::needs_data;
    return false;
  }
  Value to_value() const override { return write_entry(name_, entry_); }

 private:
  I entry_;
  std::string name_;
};

const Registry<InitializerEntry>& builtin_initializers();

}  // namespace tend
