#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "tend/base/registry.h"
#include "tend/kernels/functions.h"
#include "tend/network/activation.h"
#include "tend/tensor/shape.h"

namespace tend {

/// The common interface of activations.
class ActivationEntry {
 public:
  virtual ~ActivationEntry() = default;
  virtual std::string_view name() const = 0;
  virtual bool needs_input() const = 0;
  virtual std::vector<double> kinks() const = 0;
  virtual ActivationTraits traits() const = 0;
  /// Returns span functions for an element type, for float32 compiled for `isa`. They point into this entry.
  virtual PointwiseFunctions functions(ElementType type, Isa isa) const = 0;
  virtual Value to_value() const = 0;  ///< as experiment files write it
};

/// The functions of the entry at `place` of all_activations, compiled for `isa`; empty for Isa::reference.
PointwiseFunctions compiled_activation(int place, Isa isa);

/// Plain loops over float or double with the standard library's functions.
template <class A, class T>
PointwiseFunctions plain_activation() {
  PointwiseFunctions f;
  f.forward = [](const void* self, const void* z, void* y, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) static_cast<T*>(y)[i] = static_cast<const A*>(self)->value(static_cast<const T*>(z)[i]);
  };
  f.backward = [](const void* self, const void* z, const void* y, const void* dy, void* dz, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i)
      static_cast<T*>(dz)[i] = static_cast<const T*>(dy)[i] *
                               static_cast<const A*>(self)->slope(A::needs_input ? static_cast<const T*>(z)[i] : T(0),
                                                                  static_cast<const T*>(y)[i]);
  };
  return f;
}

/// place: the index in all_activations; -1 for outside entries, which are compiled with the program that adds them.
template <class A, int place = -1>
class ActivationModel : public ActivationEntry {
 public:
  explicit ActivationModel(A entry, std::string name = std::string(entry_name<A>))
      : entry_(std::move(entry)), name_(std::move(name)) {}
  std::string_view name() const override { return name_; }
  bool needs_input() const override { return A::needs_input; }
  std::vector<double> kinks() const override { return {A::kinks.begin(), A::kinks.end()}; }
  ActivationTraits traits() const override { return activation_traits(entry_); }
  PointwiseFunctions functions(ElementType type, Isa isa) const override {
    PointwiseFunctions f;
    if (type == ElementType::float32) f = compiled_activation(place, isa);
    if (!f.forward) f = type == ElementType::float32 ? plain_activation<A, float>() : plain_activation<A, double>();
    f.self = &entry_;
    f.needs_input = A::needs_input;
    f.name = name_.c_str();
    return f;
  }
  Value to_value() const override { return write_entry(name_, entry_); }

 private:
  A entry_;
  std::string name_;
};

const Registry<ActivationEntry>& builtin_activations();

}  // namespace tend
