#pragma once
#include <memory>
#include <string>

#include "tend/base/registry.h"
#include "tend/kernels/functions.h"
#include "tend/loss/loss.h"
#include "tend/loss/loss_rows.h"
#include "tend/tensor/shape.h"

namespace tend {

/// A loss behind one interface.
class LossEntry {
 public:
  virtual ~LossEntry() = default;
  virtual std::string_view name() const = 0;
  virtual std::string kind() const = 0;         ///< see loss/loss.h
  virtual bool takes_codes() const = 0;
  virtual double decides_at() const = 0;        ///< what a single output is compared with
  virtual LossFunctions functions(ElementType type, Isa isa) const = 0;   ///< pointing into this entry
  virtual Value to_value() const = 0;
};

/// The functions of the entry at `place` of all_losses, compiled for `isa`; empty for Isa::reference.
LossFunctions compiled_loss(int place, Isa isa);

template <class L, int place = -1>
class LossModel : public LossEntry {
 public:
  explicit LossModel(L entry, std::string name = std::string(entry_name<L>)) : entry_(std::move(entry)), name_(std::move(name)) {}
  std::string_view name() const override { return name_; }
  std::string kind() const override { return std::string(L::kind); }
  bool takes_codes() const override { return L::takes_codes; }
  double decides_at() const override { return L::decides_at; }
  LossFunctions functions(ElementType type, Isa isa) const override {
    LossFunctions f;
    if (type == ElementType::float32) f = compiled_loss(place, isa);
    if (!f.rows) f.rows = type == ElementType::float32 ? &loss_rows<L, float> : &loss_rows<L, double>;
    f.self = &entry_;
    f.takes_codes = L::takes_codes;
    f.name = name_.c_str();
    return f;
  }
  Value to_value() const override { return write_spec(name_, Value(), write_fields(entry_, false)); }

 private:
  L entry_;
  std::string name_;
};

const Registry<LossEntry>& builtin_losses();

}  // namespace tend
