#pragma once
#include <memory>
#include <string>

#include "tend/base/registry.h"
#include "tend/kernels/functions.h"
#include "tend/loss/loss.h"
#include "tend/loss/loss_rows.h"
#include "tend/tensor/shape.h"

namespace tend {

/// The common interface of losses.
class LossEntry {
 public:
  virtual ~LossEntry() = default;
  virtual std::string_view name() const = 0;
  virtual std::string kind() const = 0;  ///< see loss/loss.h
  virtual bool takes_codes() const = 0;  ///< codes of classes, as targets for several outputs
  virtual bool takes_smooth_targets() const = 0;
  virtual int error_power() const = 0;    ///< 0: not declared
  virtual double decides_at() const = 0;  ///< the threshold for a single output
  /// Returns span functions for an element type, for float32 compiled for `isa`. They point into this entry. codes = false: the
  /// targets are rows of values even for a loss that takes codes (several labels per row, numbers to predict).
  virtual LossFunctions functions(ElementType type, Isa isa, bool codes = true) const = 0;
  virtual Value to_value() const = 0;
};

/// The functions of the entry at `place` of all_losses, compiled for `isa`; empty for Isa::reference.
LossFunctions compiled_loss(int place, Isa isa, bool codes);

template <class L, int place = -1>
class LossModel : public LossEntry {
 public:
  explicit LossModel(L entry, std::string name = std::string(entry_name<L>)) : entry_(std::move(entry)), name_(std::move(name)) {}
  std::string_view name() const override { return name_; }
  std::string kind() const override { return std::string(L::kind); }
  bool takes_codes() const override { return L::takes_codes; }
  bool takes_smooth_targets() const override {
    if constexpr (requires { L::takes_smooth_targets; }) return L::takes_smooth_targets;
    return false;
  }
  int error_power() const override {
    if constexpr (requires { L::error_power; }) return L::error_power;
    return 0;
  }
  double decides_at() const override { return L::decides_at; }
  LossFunctions functions(ElementType type, Isa isa, bool codes = true) const override {
    LossFunctions f;
    codes = codes && L::takes_codes;
    if (type == ElementType::float32) f = compiled_loss(place, isa, codes);
    if (!f.rows) f.rows = type == ElementType::float32 ? plain<float>(codes) : plain<double>(codes);
    f.self = &entry_;
    f.takes_codes = codes;
    f.name = name_.c_str();
    return f;
  }
  Value to_value() const override { return write_named_entry(name_, entry_); }

 private:
  template <class T>
  static decltype(LossFunctions::rows) plain(bool codes) {
    return codes ? &loss_rows<L, L::takes_codes, T> : &loss_rows<L, false, T>;
  }

  L entry_;
  std::string name_;
};

const Registry<LossEntry>& builtin_losses();

}  // namespace tend
